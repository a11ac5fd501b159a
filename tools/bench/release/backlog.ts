/**
 * A backlog: rows that were tried once, parked, and are due by now, spread over the shards as the worker spreads them;
 * and whether all of it was released in the end. Each turn has rows of its own, as a queue takes the message of a
 * release once only.
 */
import { ATTRIBUTES } from "../../../core/transaction/row/attributes.ts";
import { parkKeyFor } from "../../../core/transaction/row/index-keys.ts";
import { sideBySide } from "../../../core/concurrency/side-by-side.ts";
import { type FakeRow, fakeRow } from "../../../core/transaction/fake-transaction.ts";
import { writeAttempts } from "../../../core/transaction/attempt.ts";
import { MERCHANT_IDS } from "../end-to-end/insert-rows.ts";
import type { Emulators } from "../end-to-end/emulators.ts";

export interface Backlog {
  /** Of its transactions, unlike those of any other. */
  readonly prefix: string;
  readonly rows: number;
  readonly dueShards: number;
}

/** Part of a claim that is known of a row before it is read. */
export interface DueRow {
  readonly transactionId: string;
  readonly dueAt: number;
}

const BATCH_ROWS = 25;
const BATCHES_AT_ONCE = 4;
const TRIED_AGO_MS = 60_000;
const DAY_MS = 86_400_000;
const LEASE_SECONDS = 900;

/** @returns its rows, in the order of their numbers */
export async function fill({ aws, transactionsTable }: Emulators, backlog: Backlog): Promise<readonly DueRow[]> {
  const now = Date.now();
  const rows = Array.from({ length: backlog.rows }, (_, number) => parkedRow(backlog, number, now));
  const batches = Array.from({ length: Math.ceil(rows.length / BATCH_ROWS) }, (_, index) =>
    rows.slice(index * BATCH_ROWS, (index + 1) * BATCH_ROWS),
  );
  await sideBySide(batches, BATCHES_AT_ONCE, async (batch) => {
    const { UnprocessedItems } = await aws.dynamodb<{ UnprocessedItems: object }>("BatchWriteItem", {
      RequestItems: { [transactionsTable]: batch.map(({ item }) => ({ PutRequest: { Item: item } })) },
    });
    if (Object.keys(UnprocessedItems).length > 0) throw new Error("rows of the backlog were not written");
  });
  return rows.map(({ due }) => due);
}

/** @throws Error unless each of its rows is on its way, claimed once, and the queue has a message for each */
export async function expectReleased(emulators: Emulators, { prefix, rows }: Backlog): Promise<void> {
  const pending = await countPending(emulators, prefix);
  const queued = await messagesIn(emulators);
  if (pending !== rows || queued !== rows)
    throw new Error(`Of ${rows} rows ${pending} were claimed once and are pending, and ${queued} have a message.`);
}

/** In flight ones, too. */
export async function messagesIn({ aws, confirmationsQueueUrl: QueueUrl }: Emulators): Promise<number> {
  const { Attributes } = await aws.sqs<{ Attributes: Record<string, string> }>("GetQueueAttributes", {
    QueueUrl,
    AttributeNames: ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
  });
  return Object.values(Attributes).reduce((sum, count) => sum + Number(count), 0);
}

const PENDING_AT_FIRST_RELEASE =
  `begins_with(transactionId, :prefix) AND ${ATTRIBUTES.confirmationState} = :pending AND ` +
  `${ATTRIBUTES.releaseNumber} = :one`;

async function countPending({ aws, transactionsTable }: Emulators, prefix: string): Promise<number> {
  let count = 0;
  let ExclusiveStartKey: unknown;
  do {
    const page = await aws.dynamodb<{ Count: number; LastEvaluatedKey?: unknown }>("Scan", {
      TableName: transactionsTable,
      FilterExpression: PENDING_AT_FIRST_RELEASE,
      ExpressionAttributeValues: { ":prefix": { S: prefix }, ":pending": { S: "PENDING" }, ":one": { N: "1" } },
      Select: "COUNT",
      ExclusiveStartKey,
    });
    count += page.Count;
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey !== undefined);
  return count;
}

function parkedRow({ prefix, dueShards }: Backlog, number: number, now: number): { item: object; due: DueRow } {
  const transactionId = `${prefix}${number}`;
  const triedAt = now - TRIED_AGO_MS;
  const transaction = {
    transactionId,
    version: 1,
    merchantId: MERCHANT_IDS[number % MERCHANT_IDS.length] ?? "",
    occurredAt: new Date(triedAt),
    amountCents: 12_990,
    isLast: true,
  };
  const row: FakeRow = fakeRow(transaction, { dueShards, merchantShards: 4, leaseMs: LEASE_SECONDS * 1000 }, triedAt);
  // No two at the same time, and all of them by now.
  const dueAt = now - 1 - (number % TRIED_AGO_MS);
  const item = {
    ...row,
    [ATTRIBUTES.confirmationState]: { S: "SCHEDULED" },
    [ATTRIBUTES.stateVersion]: { N: "1" },
    [ATTRIBUTES.attemptCount]: { N: "1" },
    [ATTRIBUTES.attempts]: writeAttempts([{ at: triedAt, durationMs: 20, outcome: "retry", status: 503 }]),
    [ATTRIBUTES.giveUpAt]: { N: String(triedAt + DAY_MS) },
    [ATTRIBUTES.committedAt]: { N: String(triedAt) },
    [ATTRIBUTES.dueKey]: { S: parkKeyFor(transactionId, dueShards) },
    [ATTRIBUTES.dueAt]: { N: String(dueAt) },
  };
  return { item, due: { transactionId, dueAt } };
}
