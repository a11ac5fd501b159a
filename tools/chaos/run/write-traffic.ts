/**
 * Writes the planned transactions at their times, as producers of all manners. Every write of a readable version
 * carries the condition that the row is new or its version raised; writes of one transaction go one after the other,
 * and after those of the one that it names.
 */
import { type DynamoDBClient, PutItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { ATTRIBUTES } from "../../../core/transaction/row/attributes.ts";
import type { RowKeySettings } from "../../../core/settings/row-key-settings.ts";
import { fakeRow, putParameters } from "../../../core/transaction/fake-transaction.ts";
import { WATCHED_MERCHANTS } from "../plan/merchants.ts";
import { isRecipient } from "../plan/recipients.ts";
import { garbageBefore, hasReadableVersion, POISON, type Row } from "../plan/poison-row.ts";
import type { ChaosTransaction, PlannedVersion } from "../plan/transaction.ts";
import { allDone } from "./all-done.ts";
import type { WrittenOrder } from "./order-by-arrivals.ts";
import type { WrittenTransaction } from "./written-transaction.ts";

export interface TrafficWriterOptions {
  readonly client: DynamoDBClient;
  readonly tableName: string;
  readonly settings: RowKeySettings;
  /** URLs that must not be called; a transaction names one by its number. */
  readonly hostileUrls: readonly string[];
  /** A URL of its merchant's by a name that is new to everybody. */
  readonly freshUrlOf: (transaction: ChaosTransaction) => string;
  readonly sleep: (milliseconds: number) => Promise<unknown>;
  readonly isStopped: () => boolean;
  /** By how many times as long things take as on a quiet machine. */
  readonly slowness: number;
}

const PIPELINE_ATTRIBUTES: ReadonlySet<string> = new Set([ATTRIBUTES.dueKey, ATTRIBUTES.dueAt, ATTRIBUTES.merchantKey]);
/**
 * Who fails for reasons of its own is given up soon, as its producer asks for; who does not has the time of the
 * settings.
 */
const DELIVER_TROUBLED_WITHIN_MS = 40_000;
/** Who is told by one channel after the other, and waits for receipts in between, takes longer. */
const DELIVER_BY_CHANNELS_WITHIN_MS = 150_000;
const DAY_MS = 24 * 3_600_000;
const REWRITE_ADDS_CENTS = 100;
/** DynamoDB's own refusal of a row that is no row; it was then never written. */
const REFUSED = "ValidationException";

export class TrafficWriter {
  readonly #options: TrafficWriterOptions;
  readonly #written = new Map<string, WrittenTransaction>();
  readonly #tails = new Map<string, Promise<void>>();

  constructor(options: TrafficWriterOptions) {
    this.#options = options;
  }

  /** What the table has accepted. */
  get written(): readonly WrittenTransaction[] {
    return [...this.#written.values()];
  }

  async write(transactions: readonly ChaosTransaction[], startMs: number): Promise<void> {
    const { sleep, isStopped } = this.#options;
    const writes = transactions
      .flatMap((transaction) => [
        ...transaction.versions.map((version) => ({ transaction, version, isRewrite: false })),
        ...rewritesOf(transaction),
      ])
      .toSorted((one, other) => one.version.atMs - other.version.atMs);
    for (const { transaction, version, isRewrite } of writes) {
      const waitMs = startMs + version.atMs - Date.now();
      if (waitMs > 0) await sleep(waitMs);
      if (isStopped()) break;
      const { transactionId, orderingAfter = transactionId } = transaction;
      const before = Promise.all([this.#tails.get(transactionId), this.#tails.get(orderingAfter)]);
      const tail = before.then(() =>
        isRewrite ? this.#rewrite(transaction, version) : this.#write(transaction, version),
      );
      // Told in the end, with all others.
      tail.catch(() => undefined);
      this.#tails.set(transactionId, tail);
    }
    await allDone([...this.#tails.values()]);
  }

  async #write(transaction: ChaosTransaction, planned: PlannedVersion): Promise<void> {
    const { transactionId, poison } = transaction;
    const order = this.#orderOf(transaction, planned);
    const beganAtMs = Date.now();
    try {
      await this.#send(transaction, planned);
    } catch (error) {
      if (poison !== undefined && (error as Error).name === REFUSED) return;
      throw error;
    }
    const isReadable = poison === undefined || hasReadableVersion(poison);
    const known = this.#written.get(transactionId);
    this.#written.set(transactionId, {
      transactionId,
      versions: isReadable ? [...(known?.versions ?? []), planned.version] : [],
      merchantId: transaction.merchantId,
      beganAtMs: known?.beganAtMs ?? beganAtMs,
      isPlain: poison === undefined && transaction.hostileUrl === undefined,
      ...(poison !== undefined && { poison }),
      ...(order !== undefined && { order }),
    });
  }

  /** As no producer should: another content under the same version, whatever the row is by then. */
  async #rewrite(transaction: ChaosTransaction, planned: PlannedVersion): Promise<void> {
    const { client, tableName } = this.#options;
    const { rewrite, amountCents, merchantId } = transaction;
    const known = this.#written.get(transaction.transactionId);
    if (known === undefined) return;
    const changed = {
      ...transaction,
      amountCents: amountCents + REWRITE_ADDS_CENTS,
      merchantId: rewrite?.merchantId ?? merchantId,
    };
    const row = this.#rowOf(changed, planned);
    await client.send(new PutItemCommand({ TableName: tableName, Item: { ...row } }));
    this.#written.set(transaction.transactionId, { ...known, isRewritten: true });
  }

  /** To be asked just before the write. */
  #orderOf(
    { transactionId, merchantId, orderingKey, orderingAfter }: ChaosTransaction,
    { version }: PlannedVersion,
  ): WrittenOrder | undefined {
    if (orderingKey === undefined) return undefined;
    const known = this.#written.get(transactionId)?.order;
    const beganAtMs = { ...known?.beganAtMs, [version]: Date.now() };
    if (known !== undefined) return { ...known, beganAtMs };
    const named = orderingAfter === undefined ? undefined : this.#written.get(orderingAfter)?.versions.at(-1);
    return {
      merchantId,
      orderingKey,
      beganAtMs,
      ...(orderingAfter !== undefined &&
        named !== undefined && { after: { transactionId: orderingAfter, version: named } }),
    };
  }

  async #send(transaction: ChaosTransaction, planned: PlannedVersion): Promise<void> {
    const { client, tableName } = this.#options;
    const row = this.#rowOf(transaction, planned);
    if (planned.manner === "update") {
      const values = { ":version": row["version"], ":outcome": row["outcome"] } as never;
      await client.send(
        new UpdateItemCommand({
          TableName: tableName,
          Key: { transactionId: { S: transaction.transactionId } },
          UpdateExpression: "SET version = :version, outcome = :outcome",
          ConditionExpression: "version < :version",
          ExpressionAttributeValues: values,
        }),
      );
    } else if (transaction.poison === undefined) {
      await client.send(new PutItemCommand(putParameters(tableName, row as never)));
    } else {
      const Item = { ...POISON[transaction.poison](row) };
      if (transaction.poison === "comes after a row of garbage")
        await client.send(
          new PutItemCommand({ TableName: tableName, Item: { ...garbageBefore(Item, transaction.amountCents) } }),
        );
      await client.send(new PutItemCommand({ TableName: tableName, Item }));
    }
  }

  #rowOf(transaction: ChaosTransaction, planned: PlannedVersion): Row {
    const { transactionId, merchantId, amountCents, versions, hostileUrl, orderingKey, orderingAfter } = transaction;
    const { settings, hostileUrls, freshUrlOf } = this.#options;
    const { version, manner } = planned;
    const now = Date.now();
    const ownUrl = transaction.hasFreshName === true ? freshUrlOf(transaction) : undefined;
    const confirmationUrl = hostileUrl === undefined ? ownUrl : hostileUrls[hostileUrl % hostileUrls.length];
    const isLast = version === versions.length;
    const good: Row = fakeRow(
      {
        transactionId,
        merchantId,
        amountCents,
        version,
        isLast,
        occurredAt: new Date(transaction.isOfYesterday === true ? now - DAY_MS : now),
        ...(confirmationUrl !== undefined && { confirmationUrl }),
        ...(orderingKey !== undefined && { orderingKey }),
        ...(orderingAfter !== undefined && { orderingAfter }),
      },
      settings,
      now,
    );
    const withinMs = deliverWithinMs(merchantId) * this.#options.slowness;
    const deliverBy = { S: new Date(now + withinMs).toISOString() };
    const isHealthy = transaction.poison === undefined && hostileUrl === undefined && WATCHED_MERCHANTS.has(merchantId);
    const row = isHealthy ? good : { ...good, deliverBy };
    if (manner !== "bare put") return row;
    return Object.fromEntries(Object.entries(row).filter(([name]) => !PIPELINE_ATTRIBUTES.has(name)));
  }
}

function deliverWithinMs(merchantId: string): number {
  return isRecipient(merchantId) ? DELIVER_BY_CHANNELS_WITHIN_MS : DELIVER_TROUBLED_WITHIN_MS;
}

/** As the last version that it has by then. */
function rewritesOf(transaction: ChaosTransaction) {
  const { rewrite, versions } = transaction;
  const last = versions.at(-1);
  if (rewrite === undefined || last === undefined) return [];
  return [{ transaction, version: { ...last, atMs: rewrite.atMs }, isRewrite: true }];
}
