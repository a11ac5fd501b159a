/** Live traffic at a steady pace, and how long each transaction takes from its commit to its merchant's call. */
import { setTimeout as sleep } from "node:timers/promises";
import { type DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import type { RowKeySettings } from "../../../core/settings/row-key-settings.ts";
import { percentile } from "../../../core/telemetry/percentile.ts";
import { fakeRow, putParameters } from "../../../core/transaction/fake-transaction.ts";
import { waitUntil } from "../../../local/demo/wait-until.ts";
import type { CountingMerchant } from "./counting-merchant.ts";

export interface LiveLatency {
  readonly transactions: number;
  /** Of a table that did not answer in time. */
  readonly unwritten: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** Of one window. */
export interface LiveTimes {
  readonly unwritten: number;
  /** From commit to call. */
  readonly timesMs: readonly number[];
}

export interface LiveTrafficOptions {
  readonly client: DynamoDBClient;
  readonly tableName: string;
  readonly rowKeys: RowKeySettings;
  readonly merchantId: string;
  readonly merchant: CountingMerchant;
  readonly ratePerSecond: number;
}

const DELIVERED_WITHIN_MS = 300_000;

/** Of all windows together. */
export function latencyOf(windows: readonly LiveTimes[]): LiveLatency {
  const times = windows.flatMap(({ timesMs }) => timesMs);
  return {
    transactions: times.length,
    unwritten: windows.reduce((sum, { unwritten }) => sum + unwritten, 0),
    p50Ms: percentile(times, 0.5),
    p99Ms: percentile(times, 0.99),
  };
}

export class LiveTraffic {
  readonly #options: LiveTrafficOptions;
  #next = 0;

  constructor(options: LiveTrafficOptions) {
    this.#options = options;
  }

  /** Writes for a time; the latencies are in no order. */
  async for(ms: number): Promise<LiveTimes> {
    const until = performance.now() + ms;
    return this.#during(() => performance.now() >= until);
  }

  /** Writes for as long as that is wanted, and waits for what was written. @throws Error when one was not delivered */
  async during(isOver: () => boolean): Promise<LiveLatency> {
    return latencyOf([await this.#during(isOver)]);
  }

  async #during(isOver: () => boolean): Promise<LiveTimes> {
    const { merchant, ratePerSecond } = this.#options;
    const committedAt = new Map<string, number>();
    const begunAt = performance.now();
    const writes: Promise<unknown>[] = [];
    let unwritten = 0;
    for (let count = 0; !isOver(); count += 1) {
      writes.push(this.#write(committedAt).catch(() => (unwritten += 1)));
      await sleep(Math.max(0, begunAt + ((count + 1) * 1000) / ratePerSecond - performance.now()));
    }
    await Promise.all(writes);
    const wait = { everyMs: 20, untilMs: Date.now() + DELIVERED_WITHIN_MS, isStopped: () => false };
    const areDelivered = async () => [...committedAt.keys()].every((id) => merchant.calledAt.has(id));
    if (!(await waitUntil(areDelivered, wait)))
      throw new Error("Live transactions were not delivered within five minutes.");
    return {
      unwritten,
      timesMs: [...committedAt].map(([id, at]) => Math.max(0, (merchant.calledAt.get(id) ?? 0) - at)),
    };
  }

  async #write(committedAt: Map<string, number>): Promise<void> {
    const { client, tableName, rowKeys, merchantId } = this.#options;
    const transactionId = `live-${this.#next}`;
    this.#next += 1;
    const row = fakeRow(
      { transactionId, version: 1, merchantId, occurredAt: new Date(), amountCents: 1250, isLast: true },
      rowKeys,
      Date.now(),
    );
    await client.send(new PutItemCommand(putParameters(tableName, row) as never));
    committedAt.set(transactionId, performance.now());
  }
}
