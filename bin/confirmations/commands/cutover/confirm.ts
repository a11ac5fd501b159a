/** Notes what the old system confirmed, one by one. */
import { type Command, Option } from "@commander-js/extra-typings";
import { transactionIdFrom } from "../../frame/ids.ts";
import { examples, leaf } from "../../frame/leaf.ts";
import type { Run } from "../../frame/session.ts";
import { wholeNumber } from "../../frame/values.ts";

export function confirmCommand(cutover: Command, run: Run): void {
  leaf(cutover, "confirmed", "Notes that the old system confirmed a transaction: it is not sent from here any more")
    .argument("<transactionId>", "of the transaction", transactionIdFrom)
    .addOption(
      new Option("--of <version>", "that was confirmed (1)").argParser(wholeNumber("--of", 1, Number.MAX_SAFE_INTEGER)),
    )
    .option("--at <time>", "when it did, such as 2026-11-01T09:00:00Z; now unless given")
    .addHelpText("after", examples("cutover confirmed t-1 --at 2026-11-01T09:00:00Z", "cutover confirmed t-1 --of 2"))
    .action(
      run(async (session, transactionId, { of: version = 1, at }) => {
        const noted = await session.ask((client) =>
          client.POST("/v1/transactions/{transactionId}/elsewhere", {
            params: { path: { transactionId } },
            body: { version, confirmedAt: at ?? new Date().toISOString() },
          }),
        );
        session.output.show(noted, () =>
          noted.overlap
            ? `Noted. It was delivered from here too: both systems confirmed ${transactionId}.`
            : `Noted: the old system confirmed ${transactionId}.`,
        );
      }),
    );
}
