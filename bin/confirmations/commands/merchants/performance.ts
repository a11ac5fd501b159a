/** Shows how calls of a merchant went, hour by hour. */
import type { Command } from "@commander-js/extra-typings";
import { merchantIdFrom } from "../../frame/ids.ts";
import { examples, leaf } from "../../frame/leaf.ts";
import type { Run } from "../../frame/session.ts";
import { wholeNumber } from "../../frame/values.ts";
import { performanceText } from "../../show/performance-text.ts";

const MOST_HOURS = 48;

export function performanceCommand(merchants: Command, run: Run): void {
  leaf(
    merchants,
    "performance",
    "Shows how calls of a merchant went, hour by hour: success, latency, failures by class",
  )
    .argument("<merchantId>", "of the merchant", merchantIdFrom)
    .option("--hours <count>", "the last so many, 24 unless given", wholeNumber("--hours", 1, MOST_HOURS))
    .addHelpText(
      "after",
      examples("merchants performance acme", "merchants performance acme --hours 48 --json | jq '.hours[].succeeded'"),
    )
    .action(
      run(async (session, merchantId, { hours }) => {
        const params = { path: { merchantId }, query: { ...(hours !== undefined && { hours }) } };
        const calls = await session.ask((client) => client.GET("/v1/merchants/{merchantId}/performance", { params }));
        session.output.show(calls, () => performanceText(calls));
      }),
    );
}
