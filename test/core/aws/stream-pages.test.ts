import { describe, expect, it } from "@jest/globals";
import {
  type DynamoDBStreamsClient,
  GetRecordsCommand,
  type GetShardIteratorCommand,
  ResourceNotFoundException,
  TrimmedDataAccessException,
} from "@aws-sdk/client-dynamodb-streams";
import { shardPage } from "../../../core/aws/stream-pages.ts";

const of = (message: string) => ({ message, $metadata: {} });
const asked = { streamArn: "arn", shardId: "shard-1" };
const noPause = async () => undefined;

function client(answer: (command: object) => object): DynamoDBStreamsClient {
  return { send: async (command: object) => answer(command) } as unknown as DynamoDBStreamsClient;
}

const record = (SequenceNumber: string) => ({ dynamodb: { SequenceNumber, ApproximateCreationDateTime: new Date(5) } });

describe("a page of a shard", () => {
  it("is the last one of a shard that the stream has forgotten", async () => {
    const forgotten = client(() => {
      throw new ResourceNotFoundException(of("no such shard"));
    });
    expect(await shardPage(forgotten, { ...asked, after: "7" }, noPause)).toEqual({
      changes: [],
      after: "7",
      isOver: true,
    });
  });

  it("begins at the oldest change where the one that was read last is forgotten", async () => {
    const types: unknown[] = [];
    const trimmed = client((command) => {
      if (command instanceof GetRecordsCommand) return { Records: [record("9")] };
      const { ShardIteratorType } = (command as GetShardIteratorCommand).input;
      types.push(ShardIteratorType);
      if (ShardIteratorType !== "TRIM_HORIZON") throw new TrimmedDataAccessException(of("trimmed"));
      return { ShardIterator: "iterator" };
    });
    const page = await shardPage(trimmed, { ...asked, after: "7" }, noPause);
    expect(types).toEqual(["AFTER_SEQUENCE_NUMBER", "TRIM_HORIZON"]);
    expect(page).toEqual({ changes: [{ order: "9", at: 5, isExpiry: false }], after: "9", isOver: true });
  });

  it("that brings nothing again and again is the last one of a shard that is open", async () => {
    let reads = 0;
    const open = client((command) => {
      if (command instanceof GetRecordsCommand) reads += 1;
      return { ShardIterator: "first", NextShardIterator: "next", Records: [] };
    });
    expect(await shardPage(open, asked, noPause)).toEqual({ changes: [], after: undefined, isOver: true });
    expect(reads).toBe(20);
  });
});
