/** Says from when on which system confirms what is a merchant's. */
import type { Command } from "@commander-js/extra-typings";
import { MODES } from "../../../../core/merchant/modes.ts";
import { merchantIdFrom } from "../../frame/ids.ts";
import { examples, leaf } from "../../frame/leaf.ts";
import type { Run } from "../../frame/session.ts";
import { oneOf } from "../../frame/values.ts";
import { merchantText } from "../../show/merchant-text.ts";

export function switchCommand(cutover: Command, run: Run): void {
  leaf(cutover, "switch", "Says which system confirms what occurs from some moment on; what occurred before stays")
    .argument("<merchantId>", "of the merchant", merchantIdFrom)
    .argument(
      "<mode>",
      `${MODES.join(", ")}: live is this pipeline, the others are the old system`,
      oneOf("The mode", MODES),
    )
    .option("--live-from <time>", "with live: by occurredAt, such as 2026-12-01T09:00:00Z; the earliest unless given")
    .option("--live-until <time>", "with the others: from then on it is the old system's again; likewise")
    .addHelpText(
      "after",
      examples("cutover switch acme live --live-from 2026-12-01T09:00:00Z", "cutover switch acme shadow"),
    )
    .action(
      run(async (session, merchantId, mode, { liveFrom, liveUntil }) => {
        const merchant = await session.ask((client) =>
          client.PUT("/v1/merchants/{merchantId}/mode", {
            params: { path: { merchantId } },
            body: {
              mode,
              ...(liveFrom !== undefined && { liveFrom }),
              ...(liveUntil !== undefined && { liveUntil }),
            },
          }),
        );
        session.output.show(merchant, () => merchantText(merchant));
      }),
    );
}
