/** `npx confirmations trace`: the path of one transaction, hop by hop, as X-Ray has it. */
import type { Command } from "@commander-js/extra-typings";
import { EXIT_CODES } from "../frame/exit-codes.ts";
import { transactionIdFrom } from "../frame/ids.ts";
import { examples, leaf } from "../frame/leaf.ts";
import type { Run } from "../frame/session.ts";
import { printable } from "../show/printable.ts";
import { traceText } from "../show/trace-text.ts";

export function traceCommand(parent: Command, run: Run): void {
  leaf(parent, "trace", "Draws the path of a transaction, hop by hop, down to its merchant's response")
    .argument("<transactionId>", "id of the transaction", transactionIdFrom)
    .addHelpText("after", examples("trace t-1", "trace t-1 --json | jq '.traces[].hops[].name'"))
    .action(
      run(async (session, transactionId) => {
        const trace = await session.ask((client) =>
          client.GET("/v1/transactions/{transactionId}/trace", { params: { path: { transactionId } } }),
        );
        const { traces, explanation = "" } = trace;
        const isThere = traces.length > 0;
        session.output.show(trace, () =>
          isThere ? traces.map(traceText).join("\n") : `No trace of ${printable(transactionId)}: ${explanation}`,
        );
        return isThere ? EXIT_CODES.done.code : EXIT_CODES.notFound.code;
      }),
    );
}
