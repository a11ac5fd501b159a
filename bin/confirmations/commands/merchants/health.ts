/** Shows whether a merchant's confirmations get through, and if not why; what waits for it, and what failed last. */
import type { Command } from "@commander-js/extra-typings";
import { merchantIdFrom } from "../../frame/ids.ts";
import { examples, leaf } from "../../frame/leaf.ts";
import type { Run } from "../../frame/session.ts";
import { merchantHealthText } from "../../show/merchant-health-text.ts";

export function healthCommand(merchants: Command, run: Run): void {
  leaf(merchants, "health", "Shows whether a merchant's confirmations get through, and if not why; what waits for it")
    .argument("<merchantId>", "of the merchant", merchantIdFrom)
    .addHelpText("after", examples("merchants health acme", "merchants health acme --json | jq .waiting"))
    .action(
      run(async (session, merchantId) => {
        const health = await session.ask((client) =>
          client.GET("/v1/merchants/{merchantId}/health", { params: { path: { merchantId } } }),
        );
        session.output.show(health, () => merchantHealthText(health));
      }),
    );
}
