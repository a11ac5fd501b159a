/**
 * How long one transaction takes through the idle pipeline: one at a time, each after a pause in which everything has come to rest, from when
 * its insert has returned to the merchant's call, and to its row being `CONFIRMED`, without the merchant's own time.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { waitUntil } from "../../demo/wait-until.ts";
import { latencyHistogram } from "../cost/world/latency-histogram.ts";
import { insertRow, transactionIdOf } from "./insert-rows.ts";
import type { LoopbackMerchant } from "./loopback-merchant.ts";
import type { PlainCall } from "./plain-aws.ts";

export interface IdleLatency {
  readonly transactions: number;
  /** Milliseconds until the merchant was called. */
  readonly callP50Ms: number;
  readonly callP99Ms: number;
  readonly confirmedP50Ms: number;
  readonly confirmedP99Ms: number;
}

export interface IdleOptions {
  readonly dynamodb: PlainCall;
  readonly tableName: string;
  readonly merchant: LoopbackMerchant;
  /** Number of the first one. */
  readonly first: number;
  readonly transactions: number;
  /** Milliseconds before each, at least. */
  readonly pauseMs: number;
}

/** Uneven, so that no poll keeps step with it. */
const UNEVEN_MS = 137;
const LOOK_EVERY_MS = 1;
const WITHIN_MS = 20_000;

/** @throws Error when one was not confirmed in time */
export async function idleLatency({
  merchant,
  first,
  transactions,
  pauseMs,
  ...table
}: IdleOptions): Promise<IdleLatency> {
  const [called, confirmed] = [latencyHistogram(), latencyHistogram()];
  for (let number = first; number < first + transactions; number += 1) {
    await sleep(pauseMs + Math.random() * UNEVEN_MS);
    await insertRow(table.dynamodb, table.tableName, number);
    const insertedAt = performance.now();
    const id = transactionIdOf(number);
    const wait = { everyMs: LOOK_EVERY_MS, untilMs: Date.now() + WITHIN_MS, isStopped: () => false };
    // Reads of the row begin with the call: before it they would only stand in the pipeline's way.
    const isConfirmed = async () => merchant.visits.has(id) && (await stateOf(id, table)) === "CONFIRMED";
    if (!(await waitUntil(isConfirmed, wait))) throw new Error(`${id} was not confirmed within ${WITHIN_MS} ms.`);
    const confirmedAt = performance.now();
    const { calledAt = Number.NaN, answeredAt = Number.NaN } = merchant.visits.get(id) ?? {};
    called.add(calledAt - insertedAt);
    confirmed.add(confirmedAt - insertedAt - (answeredAt - calledAt));
  }
  return {
    transactions,
    callP50Ms: called.percentile(0.5) ?? Number.NaN,
    callP99Ms: called.percentile(0.99) ?? Number.NaN,
    confirmedP50Ms: confirmed.percentile(0.5) ?? Number.NaN,
    confirmedP99Ms: confirmed.percentile(0.99) ?? Number.NaN,
  };
}

async function stateOf(
  transactionId: string,
  { dynamodb, tableName }: Pick<IdleOptions, "dynamodb" | "tableName">,
): Promise<string | undefined> {
  const { Item } = await dynamodb<{ Item?: { confirmationState?: { S: string } } }>("GetItem", {
    TableName: tableName,
    Key: { transactionId: { S: transactionId } },
    ConsistentRead: true,
    ProjectionExpression: "confirmationState",
  });
  return Item?.confirmationState?.S;
}
