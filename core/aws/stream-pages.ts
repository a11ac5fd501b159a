/**
 * The stream of a table, read by whoever wants to know what was: its shards, and one shard page by page. It is read
 * beside the functions that are fed by it, which have the same five reads a second, so after a page that is empty it
 * waits.
 */
import {
  DescribeStreamCommand,
  type DynamoDBStreamsClient,
  ExpiredIteratorException,
  GetRecordsCommand,
  GetShardIteratorCommand,
  ResourceNotFoundException,
  TrimmedDataAccessException,
} from "@aws-sdk/client-dynamodb-streams";
import type { AttributeMap } from "../transaction/attribute-value.ts";

export interface StreamInfo {
  /** Epoch milliseconds; undefined where the service does not say. */
  readonly createdAt: number | undefined;
  /** In the order of their ids, parents and children alike. */
  readonly shards: readonly string[];
}

export interface RowImages {
  readonly order: string;
  /** Epoch milliseconds, of the second or the minute in which the change was made. */
  readonly at: number;
  readonly oldImage?: AttributeMap;
  /** Missing where the row was removed. */
  readonly newImage?: AttributeMap;
  /** By DynamoDB itself, as its time to live was over. */
  readonly isExpiry: boolean;
}

export interface ShardPage {
  readonly changes: readonly RowImages[];
  /** Of the last change; undefined where nothing was read yet. */
  readonly after: string | undefined;
  /** Nothing of the shard is left, as far as anybody can tell: an open one has no end. */
  readonly isOver: boolean;
}

/** Reads that bring nothing, one after the other, after which an open shard counts as read: a page may be empty. */
const EMPTY_READS = 20;
const EMPTY_PAUSE_MS = 200;
const MOST_RECORDS = 1000;
const SYSTEM = "dynamodb.amazonaws.com";

export async function describeStream(client: DynamoDBStreamsClient, streamArn: string): Promise<StreamInfo> {
  const shards: string[] = [];
  let createdAt: number | undefined;
  let from: string | undefined;
  do {
    const { StreamDescription: stream } = await client.send(
      new DescribeStreamCommand({
        StreamArn: streamArn,
        ...(from !== undefined && { ExclusiveStartShardId: from }),
      }),
    );
    createdAt = stream?.CreationRequestDateTime?.getTime();
    shards.push(...(stream?.Shards ?? []).flatMap(({ ShardId }) => ShardId ?? []));
    from = stream?.LastEvaluatedShardId;
  } while (from !== undefined);
  return { createdAt, shards: shards.toSorted() };
}

/**
 * @param after of the page before; from the oldest change on without it
 * @param pause between reads that bring nothing
 */
export async function shardPage(
  client: DynamoDBStreamsClient,
  {
    streamArn,
    shardId,
    after,
  }: { readonly streamArn: string; readonly shardId: string; readonly after?: string | undefined },
  pause: (ms: number) => Promise<unknown>,
): Promise<ShardPage> {
  let iterator = await iteratorOrNone(client, streamArn, shardId, after);
  for (let empty = 0; iterator !== undefined && empty < EMPTY_READS; empty += 1) {
    const page = await readFrom(client, iterator);
    if (page === "expired") {
      iterator = await iteratorOrNone(client, streamArn, shardId, after);
      continue;
    }
    const { records, next } = page;
    if (records.length > 0) return { changes: records, after: records.at(-1)?.order, isOver: next === undefined };
    iterator = next;
    if (next !== undefined) await pause(EMPTY_PAUSE_MS);
  }
  return { changes: [], after, isOver: true };
}

/** None of a shard that the stream has forgotten. */
async function iteratorOrNone(...asked: Parameters<typeof iteratorFor>): Promise<string | undefined> {
  try {
    return await iteratorFor(...asked);
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

async function iteratorFor(
  client: DynamoDBStreamsClient,
  StreamArn: string,
  ShardId: string,
  after: string | undefined,
): Promise<string | undefined> {
  const oldest = { StreamArn, ShardId, ShardIteratorType: "TRIM_HORIZON" } as const;
  const behind = { StreamArn, ShardId, ShardIteratorType: "AFTER_SEQUENCE_NUMBER", SequenceNumber: after } as const;
  try {
    const command = new GetShardIteratorCommand(after === undefined ? oldest : behind);
    return (await client.send(command)).ShardIterator;
  } catch (error) {
    // What is forgotten meanwhile was read, or cannot be.
    if (!(error instanceof TrimmedDataAccessException)) throw error;
    return (await client.send(new GetShardIteratorCommand(oldest))).ShardIterator;
  }
}

async function readFrom(client: DynamoDBStreamsClient, ShardIterator: string) {
  try {
    const { Records = [], NextShardIterator: next } = await client.send(
      new GetRecordsCommand({ ShardIterator, Limit: MOST_RECORDS }),
    );
    const records = Records.map(({ dynamodb = {}, userIdentity }): RowImages => ({
      order: dynamodb.SequenceNumber ?? "",
      at: dynamodb.ApproximateCreationDateTime?.getTime() ?? 0,
      ...(dynamodb.OldImage !== undefined && { oldImage: dynamodb.OldImage }),
      ...(dynamodb.NewImage !== undefined && { newImage: dynamodb.NewImage }),
      isExpiry: userIdentity?.PrincipalId === SYSTEM,
    }));
    return { records, next };
  } catch (error) {
    if (error instanceof ExpiredIteratorException) return "expired" as const;
    if (error instanceof TrimmedDataAccessException) return "expired" as const;
    throw error;
  }
}
