/**
 * The calls without which no backlog can be released, and nothing besides: each row is claimed, and its message sent.
 * It knows the rows, so that it neither looks for them nor reads them. As many at once as `release-due` has.
 */
import { claimStatement } from "../../../core/aws/statements/requeue.ts";
import { dueKeyFor } from "../../../core/transaction/row/index-keys.ts";
import { deduplicationId, encodeMessage } from "../../../core/transaction/message.ts";
import { sideBySide } from "../../../core/concurrency/side-by-side.ts";
import { LOOK_SIZES } from "../../../lambdas/release-due/look/look-scope.ts";
import type { Emulators } from "../end-to-end/emulators.ts";
import type { DueRow } from "./backlog.ts";

const STATEMENTS = 25;
const ENTRIES = 10;
const LEASE_MS = 900_000;
const FIRST = { version: 1, release: 0 } as const;

export async function bareRelease(emulators: Emulators, rows: readonly DueRow[], dueShards: number): Promise<void> {
  const { lanes, rowsATurn } = LOOK_SIZES;
  await sideBySide(inPieces(rows, rowsATurn), lanes, async (turn) => {
    await Promise.all(inPieces(turn, STATEMENTS).map((some) => claim(emulators, some, dueShards)));
    await Promise.all(inPieces(turn, ENTRIES).map((some) => send(emulators, some)));
  });
}

async function claim({ aws, transactionsTable }: Emulators, rows: readonly DueRow[], dueShards: number): Promise<void> {
  const dueAt = Date.now() + LEASE_MS;
  const Statements = rows.map(({ transactionId, dueAt: previousDueAt }) => {
    const target = { transactionId, ...FIRST };
    const dueKey = dueKeyFor(transactionId, dueShards);
    const { text, parameters } = claimStatement(transactionsTable, target, true, 0, dueKey, dueAt, previousDueAt);
    return { Statement: text, Parameters: parameters };
  });
  const { Responses } = await aws.dynamodb<{ Responses: { Error?: unknown }[] }>("BatchExecuteStatement", {
    Statements,
  });
  const refused = Responses.find(({ Error: error }) => error !== undefined);
  if (refused !== undefined) throw new Error(`a claim was refused: ${JSON.stringify(refused)}`);
}

async function send({ aws, confirmationsQueueUrl: QueueUrl }: Emulators, rows: readonly DueRow[]): Promise<void> {
  const Entries = rows.map(({ transactionId }, index) => {
    const message = { transactionId, version: FIRST.version, release: FIRST.release + 1 };
    return {
      Id: String(index),
      MessageBody: encodeMessage(message),
      MessageGroupId: transactionId,
      MessageDeduplicationId: deduplicationId(message),
    };
  });
  const { Failed = [] } = await aws.sqs<{ Failed?: unknown[] }>("SendMessageBatch", { QueueUrl, Entries });
  if (Failed.length > 0) throw new Error(`messages were refused: ${JSON.stringify(Failed[0])}`);
}

function inPieces<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
