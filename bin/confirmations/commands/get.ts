/** `npx confirmations get`: what became of one transaction. */
import type { Command } from "@commander-js/extra-typings";
import { transactionIdFrom } from "../frame/ids.ts";
import { examples, leaf } from "../frame/leaf.ts";
import type { Run } from "../frame/session.ts";
import { transactionText } from "../show/transaction-text.ts";

export function getCommand(parent: Command, run: Run): void {
  leaf(parent, "get", "Shows what became of a transaction: its state in words, each attempt, what comes next")
    .argument("<transactionId>", "id of the transaction", transactionIdFrom)
    .addHelpText("after", examples("get t-1", "get t-1 --json | jq -r .state"))
    .action(
      run(async (session, transactionId) => {
        const transaction = await session.ask((client) =>
          client.GET("/v1/transactions/{transactionId}", { params: { path: { transactionId } } }),
        );
        session.output.show(transaction, () => transactionText(transaction));
      }),
    );
}
