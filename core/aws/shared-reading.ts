/**
 * What costs something to read, read once in a while for all who ask: it is kept in an item of the `Jobs` table, and
 * whoever finds it too old reads it anew under a lease of seconds, while the others get what is kept. The lease is for
 * the reading that was found, and only its holder keeps another one. So it costs the same however many look, and
 * nothing while nobody does.
 */
import { gunzipSync, gzipSync } from "node:zlib";
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { errorFields } from "../errors/error-fields.ts";
import { JOB_ROW } from "../jobs/job.ts";
import { TIME_TO_LIVE } from "../settings/names.ts";
import type { Log } from "../telemetry/log-error.ts";
import { numberOf, stringOf } from "../transaction/attribute-value.ts";

export interface Reading<Value> {
  readonly value: Value;
  /** Epoch milliseconds. */
  readonly readAtMs: number;
}

export interface SharedReadingParts<Value> {
  readonly client: Pick<DynamoDBClient, "send">;
  /** The `Jobs` table. */
  readonly table: string;
  /** Of the item; no id of a job. */
  readonly id: string;
  /** What it is a reading of: one of another thing, such as an earlier build's, counts as none. */
  readonly of: string;
  /** Milliseconds after which it is read anew. */
  readonly keptMs: number;
  readonly load: () => Promise<Value>;
  readonly nowMs: () => number;
  readonly warn: Log;
}

type Item = Readonly<Record<string, AttributeValue>>;

interface Lease {
  /** Until when, which tells it from every other. */
  readonly until: AttributeValue.NMember;
}

/** Longer than a reading takes; after one that failed nobody reads for as long. */
const LEASE_MS = 10_000;
/** DynamoDB takes it away some time after nobody has looked for a day. */
const PURGED_AFTER_SECONDS = 86_400;
const NAMES = { "#ttl": TIME_TO_LIVE };

export class SharedReading<Value> {
  readonly #parts: SharedReadingParts<Value>;
  #held: Reading<Value> | undefined;

  constructor(parts: SharedReadingParts<Value>) {
    this.#parts = parts;
  }

  /**
   * @returns the newest there is; undefined where none is kept and it could not be read, or somebody is just reading it
   * @throws what DynamoDB does
   */
  async get(): Promise<Reading<Value> | undefined> {
    if (this.#isFresh(this.#held)) return this.#held;
    const found = await this.#find();
    const kept = this.#readingIn(found);
    if (this.#isFresh(kept)) return (this.#held = kept);
    const lease = await this.#takeLease(found);
    if ("refusedBy" in lease) {
      const newest = this.#readingIn(lease.refusedBy);
      if (this.#isFresh(newest)) this.#held = newest;
      return newest;
    }
    const readAtMs = this.#parts.nowMs();
    let value: Value;
    try {
      value = await this.#parts.load();
    } catch (error) {
      this.#parts.warn("reading failed", { id: this.#parts.id, error: errorFields(error) });
      return kept;
    }
    this.#held = { value, readAtMs };
    await this.#keep(this.#held, lease);
    return this.#held;
  }

  #isFresh(reading: Reading<Value> | undefined): reading is Reading<Value> {
    return reading !== undefined && this.#parts.nowMs() - reading.readAtMs < this.#parts.keptMs;
  }

  async #find(): Promise<Item> {
    const { client, table } = this.#parts;
    return (await client.send(new GetItemCommand({ TableName: table, Key: this.#key() }))).Item ?? {};
  }

  #readingIn(item: Item): Reading<Value> | undefined {
    const [body, readAtMs] = [item["body"]?.B, numberOf(item["readAt"])];
    if (body === undefined || readAtMs === undefined || stringOf(item["of"]) !== this.#parts.of) return undefined;
    return { value: JSON.parse(gunzipSync(body).toString()) as Value, readAtMs };
  }

  /** @param found of which it was found that it is too old: of a newer one there is no lease */
  async #takeLease({ readAt }: Item): Promise<Lease | { readonly refusedBy: Item }> {
    const { client, table, nowMs } = this.#parts;
    const now = nowMs();
    const until = { N: String(now + LEASE_MS) };
    const isAsFound = readAt === undefined ? "attribute_not_exists(readAt)" : "readAt = :found";
    try {
      await client.send(
        new UpdateItemCommand({
          TableName: table,
          Key: this.#key(),
          UpdateExpression: "SET leaseUntil = :until, #ttl = :ttl",
          ConditionExpression: `(attribute_not_exists(leaseUntil) OR leaseUntil <= :now) AND ${isAsFound}`,
          ExpressionAttributeNames: NAMES,
          ExpressionAttributeValues: {
            ":until": until,
            ":now": { N: String(now) },
            ":ttl": this.#timeToLive(now),
            ...(readAt !== undefined && { ":found": readAt }),
          },
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        }),
      );
      return { until };
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return { refusedBy: error.Item ?? {} };
      throw error;
    }
  }

  /** Whoever read it has it, kept or not; it is not where it took so long that another has the lease, or had it. */
  async #keep({ value, readAtMs }: Reading<Value>, { until }: Lease): Promise<void> {
    const { client, table, id, of, warn } = this.#parts;
    try {
      await client.send(
        new UpdateItemCommand({
          TableName: table,
          Key: this.#key(),
          UpdateExpression: "SET #of = :of, body = :body, readAt = :readAt, #ttl = :ttl REMOVE leaseUntil",
          ConditionExpression: "leaseUntil = :until",
          ExpressionAttributeNames: { ...NAMES, "#of": "of" },
          ExpressionAttributeValues: {
            ":of": { S: of },
            ":body": { B: gzipSync(JSON.stringify(value)) },
            ":readAt": { N: String(readAtMs) },
            ":ttl": this.#timeToLive(readAtMs),
            ":until": until,
          },
        }),
      );
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return;
      warn("reading was not kept", { id, error: errorFields(error) });
    }
  }

  #key() {
    return { [JOB_ROW.jobId]: { S: this.#parts.id } };
  }

  #timeToLive(now: number) {
    return { N: String(Math.floor(now / 1000) + PURGED_AFTER_SECONDS) };
  }
}
