/**
 * `npx confirmations submit`: one transaction by options or from JSON, or many of them, up to 500 in a request. What is
 * in JSON is sent with the digits it has: a JavaScript number has fewer.
 */
import { type Command, Option } from "@commander-js/extra-typings";
import { merchantIdFrom, transactionIdFrom } from "../frame/ids.ts";
import { examples, leaf } from "../frame/leaf.ts";
import type { Run, Session } from "../frame/session.ts";
import { fileText, wholeNumber } from "../frame/values.ts";
import { wrongLine } from "../frame/command-failure.ts";
import { bodyText, type JsonObject, parsePayload, transactionsIn } from "./submit/submitted-json.ts";
import { submitBatches } from "./submit/submit-batches.ts";

const CONTENT_OPTIONS = {
  merchant: "merchantId",
  outcome: "outcome",
  amount: "amount",
  currency: "currency",
  occurredAt: "occurredAt",
  confirmationUrl: "confirmationUrl",
  orderingKey: "orderingKey",
  orderingAfter: "orderingAfter",
  deliverBy: "deliverBy",
  campaign: "campaign",
} as const;
const NEEDED = { merchant: "--merchant", outcome: "--outcome", amount: "--amount", currency: "--currency" } as const;

type Given = { readonly [Name in keyof typeof CONTENT_OPTIONS]?: string } & {
  readonly id?: string;
  readonly payload?: string;
  readonly file?: string;
  readonly idempotencyKey?: string;
  readonly replaces?: number;
};

export function submitCommand(parent: Command, run: Run): void {
  leaf(parent, "submit", "Submits a transaction, or many from a file; its confirmation is delivered from then on")
    .addOption(new Option("--id <id>", "of the transaction, chosen by you").argParser(transactionIdFrom))
    .addOption(new Option("--merchant <id>", "whose it is").argParser(merchantIdFrom))
    .option("--outcome <outcome>", "how it ended, such as APPROVED")
    .option("--amount <amount>", "decimal number, such as 12.50")
    .option("--currency <code>", "ISO 4217, such as EUR")
    .option("--occurred-at <time>", "when it happened, with its zone (now)")
    .option("--confirmation-url <url>", "where its confirmation goes, in the place of the merchant's URL")
    .option("--ordering-key <key>", "those of a merchant that share it are delivered one after the other")
    .option("--ordering-after <id>", "id of the transaction that must be over before; with --ordering-key")
    .option("--deliver-by <time>", "nothing is delivered after it")
    .option("--campaign <label>", "by which it is counted, such as spring-sale")
    .option("--payload <json>", "an object whose members follow in the webhook's data")
    .option("--idempotency-key <key>", "in the place of --id: sent again, it is the same transaction")
    .addOption(
      new Option("--replaces <version>", "changes the outcome of a transaction that has this version").argParser(
        wholeNumber("--replaces", 1, Number.MAX_SAFE_INTEGER),
      ),
    )
    .option("--file <file>", "JSON of one, of a list of them, or one a line; - reads standard input")
    .addHelpText(
      "after",
      examples(
        "submit --id t-1 --merchant acme --outcome APPROVED --amount 12.50 --currency EUR",
        "submit --id t-1 --merchant acme --outcome REFUNDED --amount 12.50 --currency EUR --replaces 1",
        "submit --file transactions.jsonl",
        "submit --file - --json < transaction.json | jq -r .transactionId",
      ),
    )
    .action(
      run(async (session, options: Given) => {
        if (options.file === undefined)
          return submitOne(session, fromOptions(options, session.around.nowMs()), options);
        const besides = Object.keys(options).find(
          (name) => name in CONTENT_OPTIONS || name === "id" || name === "payload",
        );
        if (besides !== undefined)
          throw wrongLine("--file has all of a transaction, expected no options of one beside it");
        const { isList, transactions } = transactionsIn(await fileText(options.file, session.around));
        const [only] = transactions;
        if (!isList && only !== undefined) return submitOne(session, only, options);
        if (options.replaces !== undefined || options.idempotencyKey !== undefined)
          throw wrongLine("--replaces and --idempotency-key are for one transaction, expected a file of one");
        return submitBatches(session, transactions);
      }),
    );
}

function fromOptions(options: Given, nowMs: number): JsonObject {
  const missing = Object.entries(NEEDED).flatMap(([name, option]) =>
    options[name as keyof typeof NEEDED] === undefined ? [option] : [],
  );
  if (missing.length > 0) throw wrongLine(`A transaction needs ${missing.join(", ")}; or give it as JSON with --file`);
  const content = Object.entries(CONTENT_OPTIONS).flatMap(([name, member]) => {
    const value = options[name as keyof typeof CONTENT_OPTIONS];
    return value === undefined ? [] : [[member, value] as const];
  });
  return {
    ...(options.id !== undefined && { transactionId: options.id }),
    occurredAt: new Date(nowMs).toISOString(),
    ...Object.fromEntries(content),
    ...(options.payload !== undefined && { payload: parsePayload(options.payload) }),
  };
}

async function submitOne(
  session: Session,
  transaction: JsonObject,
  { idempotencyKey, replaces }: Given,
): Promise<void> {
  if (replaces !== undefined) return replaceOne(session, transaction, replaces);
  if (transaction["transactionId"] === undefined && idempotencyKey === undefined)
    throw wrongLine("A transaction needs an id: give --id, or --idempotency-key to have one made");
  const accepted = await session.ask((client) =>
    client.POST("/v1/transactions", {
      params: { header: { ...(idempotencyKey !== undefined && { "idempotency-key": idempotencyKey }) } },
      body: transaction as never,
      bodySerializer: bodyText,
    }),
  );
  const { transactionId, version, acceptedAt } = accepted;
  session.output.show(
    accepted,
    () =>
      `Accepted ${transactionId}, version ${version}${acceptedAt === undefined ? "" : `, at ${acceptedAt}`}.\n` +
      `Follow it: npx confirmations watch ${transactionId}`,
  );
}

async function replaceOne(session: Session, transaction: JsonObject, replaces: number): Promise<void> {
  const { transactionId: id, ...content } = transaction;
  if (typeof id !== "string") throw wrongLine("--replaces needs the id of the transaction that is changed");
  const transactionId = transactionIdFrom(id);
  const changed = await session.ask((client) =>
    client.PUT("/v1/transactions/{transactionId}", {
      params: { path: { transactionId }, header: { "if-match": `"${replaces}"` } },
      body: content as never,
      bodySerializer: bodyText,
    }),
  );
  session.output.show(changed, () => `Changed ${changed.transactionId}, which has version ${changed.version} now.`);
}
