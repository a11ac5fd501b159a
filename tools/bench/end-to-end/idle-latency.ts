/**
 * How long one transaction takes through the idle pipeline: one at a time, each after a pause in which everything has
 * come to rest, from when its insert has returned to the merchant's call, and to its row being `CONFIRMED`, without the
 * merchant's own time.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { ATTRIBUTES } from "../../../core/transaction/row/attributes.ts";
import { waitUntil } from "../../../local/demo/wait-until.ts";
import { median } from "../cost/variant.ts";
import { percentile } from "../../../core/telemetry/percentile.ts";
import { insertRow, transactionIdOf } from "./insert-rows.ts";
import type { LoopbackMerchants } from "./loopback-merchants.ts";
import type { PlainCall } from "./plain-aws.ts";
import type { StreamInvocation } from "./stream-invocation.ts";

export interface IdleLatency {
  readonly transactions: number;
  /** Milliseconds until the merchant was called. */
  readonly callP50Ms: number;
  readonly callP99Ms: number;
  readonly confirmedP50Ms: number;
  readonly confirmedP99Ms: number;
  /** Medians, in milliseconds: where the time goes. */
  readonly stages: {
    /** From the insert until the stream was read and the function invoked. */
    readonly untilReadMs: number;
    /** From there through function, queue and worker to the merchant's call. */
    readonly untilCallMs: number;
    /** How long the function took; its message is on its way before it ends. */
    readonly functionMs: number;
    /** From the merchant's answer to the row being `CONFIRMED`. */
    readonly untilConfirmedMs: number;
  };
}

export interface IdleOptions {
  readonly dynamodb: PlainCall;
  readonly tableName: string;
  readonly merchants: LoopbackMerchants;
  readonly invocation: StreamInvocation;
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
  merchants,
  invocation,
  first,
  transactions,
  pauseMs,
  ...table
}: IdleOptions): Promise<IdleLatency> {
  const [called, confirmed]: [number[], number[]] = [[], []];
  const stages: Record<keyof IdleLatency["stages"], number[]> = {
    untilReadMs: [],
    untilCallMs: [],
    functionMs: [],
    untilConfirmedMs: [],
  };
  for (let number = first; number < first + transactions; number += 1) {
    await sleep(pauseMs + Math.random() * UNEVEN_MS);
    const id = transactionIdOf(number);
    invocation.lookFor(id);
    await insertRow(table.dynamodb, table.tableName, number);
    const insertedAt = performance.now();
    const wait = { everyMs: LOOK_EVERY_MS, untilMs: Date.now() + WITHIN_MS, isStopped: () => false };
    // Reads of the row begin with the call: before it they would only stand in the pipeline's way.
    const isConfirmed = async () =>
      merchants.visits.has(id) && invocation.invoked !== undefined && (await stateOf(id, table)) === "CONFIRMED";
    if (!(await waitUntil(isConfirmed, wait))) throw new Error(`${id} was not confirmed within ${WITHIN_MS} ms.`);
    const confirmedAt = performance.now();
    const { calledAt = Number.NaN, respondedAt = Number.NaN } = merchants.visits.get(id) ?? {};
    const { startedAt = Number.NaN, endedAt = Number.NaN } = invocation.invoked ?? {};
    stages.untilReadMs.push(startedAt - insertedAt);
    stages.functionMs.push(endedAt - startedAt);
    stages.untilCallMs.push(calledAt - startedAt);
    stages.untilConfirmedMs.push(confirmedAt - respondedAt);
    called.push(calledAt - insertedAt);
    confirmed.push(confirmedAt - insertedAt - (respondedAt - calledAt));
  }
  return {
    transactions,
    callP50Ms: percentile(called, 0.5),
    callP99Ms: percentile(called, 0.99),
    confirmedP50Ms: percentile(confirmed, 0.5),
    confirmedP99Ms: percentile(confirmed, 0.99),
    stages: {
      untilReadMs: median(stages.untilReadMs),
      untilCallMs: median(stages.untilCallMs),
      functionMs: median(stages.functionMs),
      untilConfirmedMs: median(stages.untilConfirmedMs),
    },
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
    ProjectionExpression: ATTRIBUTES.confirmationState,
  });
  return Item?.confirmationState?.S;
}
