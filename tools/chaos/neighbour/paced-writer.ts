/**
 * Writes transactions at a steady pace and notes when the table had answered for each: the moment of commit, seen from
 * outside.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { type DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import type { RowKeySettings } from "../../../core/settings/row-key-settings.ts";
import { fakeRow, putParameters } from "../../../core/transaction/fake-transaction.ts";
import { allDone } from "../run/all-done.ts";

export interface PacedWriterOptions {
  readonly client: DynamoDBClient;
  readonly tableName: string;
  readonly settings: RowKeySettings;
  readonly isStopped: () => boolean;
}

export interface Stretch {
  /** Starts the ids of its transactions. */
  readonly prefix: string;
  readonly merchantIds: readonly string[];
  readonly count: number;
  /** Infinity: as fast as the table takes them, so many at once. */
  readonly ratePerSecond: number;
}

const AT_ONCE = 16;
const AMOUNT_CENTS = 1250;

export class PacedWriter {
  readonly #options: PacedWriterOptions;
  /** Epoch milliseconds by transaction. */
  readonly committedAtMs = new Map<string, number>();

  constructor(options: PacedWriterOptions) {
    this.#options = options;
  }

  async write(stretch: Stretch): Promise<void> {
    return Number.isFinite(stretch.ratePerSecond) ? this.#paced(stretch) : this.#atOnce(stretch);
  }

  async #paced(stretch: Stretch): Promise<void> {
    const startMs = performance.now();
    const writes: Promise<void>[] = [];
    for (let index = 0; index < stretch.count && !this.#options.isStopped(); index += 1) {
      const waitMs = startMs + (index * 1000) / stretch.ratePerSecond - performance.now();
      if (waitMs > 0) await sleep(waitMs);
      writes.push(this.#put(stretch, index));
    }
    await allDone(writes);
  }

  async #atOnce(stretch: Stretch): Promise<void> {
    let next = 0;
    const writeNext = async (): Promise<void> => {
      while (next < stretch.count && !this.#options.isStopped()) {
        next += 1;
        await this.#put(stretch, next - 1);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, writeNext));
  }

  async #put({ prefix, merchantIds }: Stretch, index: number): Promise<void> {
    const { client, tableName, settings } = this.#options;
    const transactionId = `${prefix}-${index + 1}`;
    const merchantId = merchantIds[index % merchantIds.length] ?? "";
    const now = Date.now();
    const row = fakeRow(
      { transactionId, merchantId, amountCents: AMOUNT_CENTS, version: 1, isLast: true, occurredAt: new Date(now) },
      settings,
      now,
    );
    await client.send(new PutItemCommand(putParameters(tableName, row)));
    this.committedAtMs.set(transactionId, Date.now());
  }
}
