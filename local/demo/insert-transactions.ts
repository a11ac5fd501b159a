/**
 * Inserts the planned transactions as a cooperative producer: every write carries the condition that a row is new or
 * its version raised. First versions go a hundred to a transaction of the database, the quickest conditional write
 * there is on this machine; second ones follow soon after as puts of the whole row, which is how most producers write.
 */
import { PutItemCommand, TransactWriteItemsCommand, type DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { RowKeySettings } from "../../core/settings/row-key-settings.ts";
import { putParameters } from "../../core/transaction/fake-transaction.ts";
import type { InsertedTransaction } from "./evidence.ts";
import { rowFor, type PlannedTransaction } from "./plan.ts";
import type { Random } from "./seeded-random.ts";

export interface InsertOptions {
  readonly client: DynamoDBClient;
  readonly tableName: string;
  readonly settings: RowKeySettings;
  readonly maxBodyBytes: number;
  /** Where each merchant listens, by its id. */
  readonly confirmationUrls: Readonly<Record<string, string>>;
  readonly random: Random;
  readonly nowMs: () => number;
  readonly sleep: (milliseconds: number) => Promise<unknown>;
  readonly isStopped: () => boolean;
}

/** Most writes that DynamoDB takes in one transaction. */
const TRANSACTION_ITEMS = 100;
/** The second version of a transaction comes at most this long after its first. */
const LARGEST_WAIT_FOR_SECOND_MS = 2000;
const SECONDS_AT_ONCE = 16;

interface SecondVersion {
  readonly transaction: PlannedTransaction;
  readonly dueMs: number;
}

/** Grows while it inserts, so that whoever watches sees how far it is. */
export class Inserter {
  /** What the table has accepted, by transaction. */
  readonly accepted = new Map<string, number[]>();
  readonly #options: InsertOptions;
  readonly #ordering = new Map<string, NonNullable<InsertedTransaction["ordering"]>>();
  #seconds: SecondVersion[] = [];

  constructor(options: InsertOptions) {
    this.#options = options;
  }

  get inserted(): readonly InsertedTransaction[] {
    return Array.from(this.accepted, ([transactionId, versions]) => {
      const ordering = this.#ordering.get(transactionId);
      return { transactionId, versions, ...(ordering !== undefined && { ordering }) };
    });
  }

  async insert(plan: readonly PlannedTransaction[]): Promise<void> {
    const { nowMs, sleep, isStopped, random } = this.#options;
    for (let next = 0; next < plan.length && !isStopped(); next += TRANSACTION_ITEMS) {
      const batch = plan.slice(next, next + TRANSACTION_ITEMS);
      await Promise.all([this.#insertFirst(batch), this.#raiseDue()]);
      for (const transaction of batch) {
        if (transaction.versions === 2)
          this.#seconds.push({ transaction, dueMs: nowMs() + random() * LARGEST_WAIT_FOR_SECOND_MS });
      }
    }
    while (this.#seconds.length > 0 && !isStopped()) {
      await this.#raiseDue();
      const soonestMs = Math.min(...this.#seconds.map(({ dueMs }) => dueMs));
      if (this.#seconds.length > 0) await sleep(Math.max(1, soonestMs - nowMs()));
    }
  }

  async #insertFirst(batch: readonly PlannedTransaction[]): Promise<void> {
    const TransactItems = batch.map((transaction) => ({ Put: this.#put(transaction, 1) }));
    await this.#options.client.send(new TransactWriteItemsCommand({ TransactItems }));
    for (const { transactionId, merchantId, orderingKey: key, orderingAfter: after } of batch) {
      this.accepted.set(transactionId, [1]);
      if (key !== undefined)
        this.#ordering.set(transactionId, { merchantId, key, ...(after !== undefined && { after }) });
    }
  }

  async #raiseDue(): Promise<void> {
    const now = this.#options.nowMs();
    const due = this.#seconds.filter(({ dueMs }) => dueMs <= now).slice(0, SECONDS_AT_ONCE);
    this.#seconds = this.#seconds.filter((second) => !due.includes(second));
    await Promise.all(
      due.map(async ({ transaction }) => {
        await this.#options.client.send(new PutItemCommand(this.#put(transaction, 2)));
        this.accepted.get(transaction.transactionId)?.push(2);
      }),
    );
  }

  #put(transaction: PlannedTransaction, version: 1 | 2) {
    const { tableName, settings, maxBodyBytes, nowMs } = this.#options;
    const confirmationUrl = this.#options.confirmationUrls[transaction.merchantId] ?? "";
    return putParameters(
      tableName,
      rowFor({ transaction, version, confirmationUrl, settings, maxBodyBytes, nowMs: nowMs() }),
    );
  }
}
