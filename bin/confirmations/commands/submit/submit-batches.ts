/** Many transactions, as many at once as the API takes. One that is refused refuses none of the others. */
import type { components } from "../../api/api-types.ts";
import { EXIT_CODES } from "../../frame/exit-codes.ts";
import type { Session } from "../../frame/session.ts";
import { table } from "../../show/output.ts";
import { bodyText, type JsonObject } from "./submitted-json.ts";

type Entry = components["schemas"]["TransactionBatchResult"]["results"][number];

const BATCH = 500;
/** Bodies are bounded; what is larger than usual goes in smaller batches. */
const BATCH_CHARACTERS = 2_000_000;
const MAX_SHOWN = 20;

export async function submitBatches(session: Session, transactions: readonly JsonObject[]): Promise<number> {
  const results: Entry[] = [];
  const bar = session.progress("Submitted");
  try {
    for (const batch of batchesOf(transactions)) {
      const from = results.length;
      const { results: answers } = await session.ask((client) =>
        client.POST("/v1/transactions/batch", {
          body: { transactions: batch } as never,
          bodySerializer: bodyText,
        }),
      );
      results.push(...answers.map((entry) => ({ ...entry, index: from + entry.index })));
      bar.set(results.length, transactions.length);
    }
  } finally {
    bar.stop();
  }
  const refused = results.filter((entry) => entry.status !== 201);
  const accepted = results.length - refused.length;
  session.output.show({ accepted, refused: refused.length, results }, () => {
    const counts = `Accepted ${accepted} of ${results.length}.`;
    return refused.length === 0 ? counts : `${counts}\n\n${refusedTable(refused)}`;
  });
  return refused.length === 0 ? EXIT_CODES.done.code : EXIT_CODES.refused.code;
}

function* batchesOf(transactions: readonly JsonObject[]): Generator<JsonObject[]> {
  let batch: JsonObject[] = [];
  let characters = 0;
  for (const transaction of transactions) {
    const more = bodyText(transaction).length;
    if (batch.length > 0 && (batch.length === BATCH || characters + more > BATCH_CHARACTERS)) {
      yield batch;
      [batch, characters] = [[], 0];
    }
    batch.push(transaction);
    characters += more;
  }
  yield batch;
}

function refusedTable(refused: readonly Entry[]): string {
  const rows = refused.slice(0, MAX_SHOWN).map((entry) => {
    const { index, transactionId, code, detail, errors = [] } = entry as Extract<Entry, { code: string }>;
    const faults = errors.map((fault) => `${fault.pointer} ${fault.detail}`.trim());
    return [index + 1, transactionId, code, faults.length === 0 ? detail : faults.join("; ")];
  });
  const more = refused.length > MAX_SHOWN ? `\n… and ${refused.length - MAX_SHOWN} more; --json has all.` : "";
  return `${table(["entry", "transaction", "refused", "why"], rows)}${more}`;
}
