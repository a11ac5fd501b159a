/** `npx confirmations watch`: follows a transaction, or a merchant's, until nothing more is to be delivered. */
import { type Command, Option } from "@commander-js/extra-typings";
import { CommandFailure, wrongLine } from "../frame/command-failure.ts";
import { EXIT_CODES } from "../frame/exit-codes.ts";
import { merchantIdFrom, transactionIdFrom } from "../frame/ids.ts";
import { examples, leaf } from "../frame/leaf.ts";
import type { Run, Session } from "../frame/session.ts";
import { wholeNumber } from "../frame/values.ts";
import { type Transaction, transactionText } from "../show/transaction-text.ts";
import { watchMerchant } from "./watch/watch-merchant.ts";

/** As soon as somebody looks, then slower: a transaction may wait for days. */
const FIRST_WAIT_MS = 200;
const LONGEST_WAIT_MS = 2000;
const MAX_TIMEOUT_SECONDS = 604_800;

export function watchCommand(parent: Command, run: Run): void {
  leaf(parent, "watch", "Follows a transaction, or a merchant's, until it is over; exit code 1 if it was given up")
    .argument("[transactionId]", "id of the transaction", transactionIdFrom)
    .addOption(new Option("--merchant <id>", "all of a merchant's that are not over yet").argParser(merchantIdFrom))
    .option("--from <time>", "of a merchant's, those that occurred from then on (a day ago)")
    .addOption(
      new Option("--timeout <seconds>", "gives up looking after so long").argParser(
        wholeNumber("--timeout", 1, MAX_TIMEOUT_SECONDS),
      ),
    )
    .addHelpText(
      "after",
      examples("watch t-1", "watch --merchant acme --timeout 60", "watch t-1 --json | jq -r .state"),
    )
    .action(
      run(async (session, transactionId, { merchant, from, timeout }) => {
        const until = timeout === undefined ? Number.POSITIVE_INFINITY : session.around.nowMs() + timeout * 1000;
        if ((transactionId === undefined) === (merchant === undefined))
          throw wrongLine("Expected the id of a transaction or --merchant, one of them");
        if (merchant !== undefined) return watchMerchant(session, { merchantId: merchant, from, until });
        if (from !== undefined) throw wrongLine("--from goes with --merchant");
        return watchTransaction(session, transactionId as string, until);
      }),
    );
}

async function watchTransaction(session: Session, transactionId: string, until: number): Promise<number> {
  const { around, output } = session;
  let seen: string | undefined;
  for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)) {
    const transaction = await session.ask((client) =>
      client.GET("/v1/transactions/{transactionId}", { params: { path: { transactionId } } }),
    );
    const { state, explanation } = transaction;
    if (isOver(transaction)) {
      output.show(transaction, () => transactionText(transaction));
      return state === "FAILED" ? EXIT_CODES.refused.code : EXIT_CODES.done.code;
    }
    const now = `${state}: ${explanation}`;
    if (now !== seen && !output.isJson) around.write(`${new Date(around.nowMs()).toISOString()}  ${now}\n`);
    if (now !== seen) waitMs = FIRST_WAIT_MS;
    seen = now;
    if (around.nowMs() + waitMs > until)
      throw new CommandFailure(
        "refused",
        `${transactionId} is not over yet: ${state}. Look again later, or watch longer.`,
      );
    await around.sleep(waitMs);
  }
}

function isOver({ state }: Pick<Transaction, "state">): boolean {
  return state === "CONFIRMED" || state === "FAILED";
}
