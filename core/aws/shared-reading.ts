/**
 * What costs something to read, read once in a while for all who ask: it is kept in an item of the `Jobs` table, and
 * whoever finds it too old reads it anew under a lease of seconds, while the others get what is kept. So it costs the
 * same however many look, and nothing while nobody does.
 */
import { gunzipSync, gzipSync } from "node:zlib";
import {
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
    const kept = await this.#kept();
    if (this.#isFresh(kept)) return (this.#held = kept);
    if (!(await this.#takeLease())) return kept;
    const readAtMs = this.#parts.nowMs();
    let value: Value;
    try {
      value = await this.#parts.load();
    } catch (error) {
      this.#parts.warn("reading failed", { id: this.#parts.id, error: errorFields(error) });
      return kept;
    }
    this.#held = { value, readAtMs };
    await this.#keep(this.#held);
    return this.#held;
  }

  #isFresh(reading: Reading<Value> | undefined): reading is Reading<Value> {
    return reading !== undefined && this.#parts.nowMs() - reading.readAtMs < this.#parts.keptMs;
  }

  async #kept(): Promise<Reading<Value> | undefined> {
    const { client, table, of } = this.#parts;
    const { Item = {} } = await client.send(new GetItemCommand({ TableName: table, Key: this.#key() }));
    const [body, readAtMs] = [Item["body"]?.B, numberOf(Item["readAt"])];
    if (body === undefined || readAtMs === undefined || stringOf(Item["of"]) !== of) return undefined;
    return { value: JSON.parse(gunzipSync(body).toString()) as Value, readAtMs };
  }

  async #takeLease(): Promise<boolean> {
    const { client, table, nowMs } = this.#parts;
    const now = nowMs();
    try {
      await client.send(
        new UpdateItemCommand({
          TableName: table,
          Key: this.#key(),
          UpdateExpression: "SET leaseUntil = :until, #ttl = :ttl",
          ConditionExpression: "attribute_not_exists(leaseUntil) OR leaseUntil <= :now",
          ExpressionAttributeNames: NAMES,
          ExpressionAttributeValues: {
            ":until": { N: String(now + LEASE_MS) },
            ":now": { N: String(now) },
            ":ttl": this.#timeToLive(now),
          },
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  }

  /** Whoever read it has it, kept or not. */
  async #keep({ value, readAtMs }: Reading<Value>): Promise<void> {
    const { client, table, id, of, warn } = this.#parts;
    try {
      await client.send(
        new UpdateItemCommand({
          TableName: table,
          Key: this.#key(),
          UpdateExpression: "SET #of = :of, body = :body, readAt = :readAt, #ttl = :ttl REMOVE leaseUntil",
          ExpressionAttributeNames: { ...NAMES, "#of": "of" },
          ExpressionAttributeValues: {
            ":of": { S: of },
            ":body": { B: gzipSync(JSON.stringify(value)) },
            ":readAt": { N: String(readAtMs) },
            ":ttl": this.#timeToLive(readAtMs),
          },
        }),
      );
    } catch (error) {
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
