/**
 * Reads one shard from a position on. Iterators are only a means: one that has expired is replaced by one after the
 * last record read, and one that points to what the stream has forgotten by one at its oldest record.
 */
import {
  type DynamoDBStreamsClient,
  ExpiredIteratorException,
  type GetRecordsCommandInput,
  GetRecordsCommand,
  GetShardIteratorCommand,
  TrimmedDataAccessException,
} from "@aws-sdk/client-dynamodb-streams";
import { bySdkAlone, type FastPathCall } from "../../core/aws/fast-path/fast-path-call.ts";
import { type ReadRecord, type StreamRecord, toStreamRecord } from "./stream-event.ts";

/** The most that one call gives. */
export const RECORDS_A_READ = 1000;

export interface ShardRead {
  readonly records: readonly StreamRecord[];
  /** The shard has ended and everything of it was read. */
  readonly finished: boolean;
}

interface Records {
  readonly Records?: readonly ReadRecord[] | undefined;
  readonly NextShardIterator?: string | undefined;
}

export interface ShardReaderOptions {
  /** Makes the calls that are made all the time. @default the SDK does */
  readonly call?: FastPathCall;
  /** Epoch milliseconds. */
  readonly now?: () => number;
}

export class ShardReader {
  readonly #streams: DynamoDBStreamsClient;
  readonly #streamArn: string;
  readonly #shardId: string;
  readonly #call: FastPathCall;
  readonly #now: () => number;
  #after: string | undefined;
  #iterator: string | undefined;
  /** Epoch milliseconds before which everything was written that was read so far, and nothing of what comes. */
  #readUpTo = 0;

  /** @param after sequence number of the last record that needs not be read; from the oldest on when left out */
  constructor(
    streams: DynamoDBStreamsClient,
    streamArn: string,
    shardId: string,
    after: string | undefined,
    { call = bySdkAlone, now = Date.now }: ShardReaderOptions = {},
  ) {
    this.#call = call;
    this.#now = now;
    this.#streams = streams;
    this.#streamArn = streamArn;
    this.#shardId = shardId;
    this.#after = after;
  }

  async read(): Promise<ShardRead> {
    try {
      this.#iterator ??= await this.#newIterator();
      if (this.#iterator === undefined) return { records: [], finished: true };
      const askedAt = this.#now();
      const response = await this.#getRecords({ ShardIterator: this.#iterator, Limit: RECORDS_A_READ });
      const records = (response.Records ?? []).map((record) => toStreamRecord(record, this.#streamArn, this.#readUpTo));
      if (records.length < RECORDS_A_READ) this.#readUpTo = askedAt;
      this.#after = records.at(-1)?.sequenceNumber ?? this.#after;
      this.#iterator = response.NextShardIterator;
      return { records, finished: response.NextShardIterator === undefined };
    } catch (error) {
      this.#iterator = undefined;
      if (error instanceof ExpiredIteratorException) return { records: [], finished: false };
      if (error instanceof TrimmedDataAccessException) {
        this.#after = undefined;
        return { records: [], finished: false };
      }
      throw error;
    }
  }

  #getRecords(input: GetRecordsCommandInput): Promise<Records> {
    return this.#call<Records>(
      "GetRecords",
      () => JSON.stringify(input),
      () => this.#streams.send(new GetRecordsCommand(input)),
    );
  }

  async #newIterator(): Promise<string | undefined> {
    const position =
      this.#after === undefined
        ? ({ ShardIteratorType: "TRIM_HORIZON" } as const)
        : ({ ShardIteratorType: "AFTER_SEQUENCE_NUMBER", SequenceNumber: this.#after } as const);
    const response = await this.#streams.send(
      new GetShardIteratorCommand({ StreamArn: this.#streamArn, ShardId: this.#shardId, ...position }),
    );
    return response.ShardIterator;
  }
}
