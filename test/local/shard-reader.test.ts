import {
  DynamoDBStreamsClient,
  ExpiredIteratorException,
  GetRecordsCommand,
  GetShardIteratorCommand,
  TrimmedDataAccessException,
} from "@aws-sdk/client-dynamodb-streams";
import { beforeEach, describe, expect, it } from "@jest/globals";
import { mockClient } from "aws-sdk-client-mock";
import { CREDENTIALS, REGION } from "../../local/machine.ts";
import { ShardReader } from "../../local/stream/shard-reader.ts";

const client = new DynamoDBStreamsClient({ region: REGION, credentials: CREDENTIALS });
const streams = mockClient(client);
const refused = { $metadata: {}, message: "no" };

beforeEach(() => {
  streams.reset();
  streams.on(GetShardIteratorCommand).resolves({ ShardIterator: "first" });
});

function positions(): unknown[] {
  return streams
    .commandCalls(GetShardIteratorCommand)
    .map(({ args: [{ input }] }) => [input.ShardIteratorType, input.SequenceNumber]);
}

function record(sequenceNumber: string, image = {}) {
  return {
    eventName: "INSERT" as const,
    dynamodb: { SequenceNumber: sequenceNumber, ApproximateCreationDateTime: new Date(1500), NewImage: image },
  };
}

describe("a shard", () => {
  it("is read from its oldest record on, or after the one that is known", async () => {
    streams.on(GetRecordsCommand).resolves({ Records: [], NextShardIterator: "next" });
    await new ShardReader(client, "stream", "shard", undefined).read();
    await new ShardReader(client, "stream", "shard", "17").read();
    expect(positions()).toEqual([
      ["TRIM_HORIZON", undefined],
      ["AFTER_SEQUENCE_NUMBER", "17"],
    ]);
  });

  it("gives records as Lambda gives them: seconds, and base64 for bytes", async () => {
    streams.on(GetRecordsCommand).resolves({
      Records: [
        record("1", { raw: { B: new Uint8Array([104, 105]) }, list: { L: [{ BS: [new Uint8Array([104])] }] } }),
      ],
      NextShardIterator: "next",
    });
    const { records, finished } = await new ShardReader(client, "stream", "shard", undefined).read();
    expect(finished).toBe(false);
    expect(records).toMatchObject([
      {
        sequenceNumber: "1",
        createdAt: 1500,
        event: {
          eventSource: "aws:dynamodb",
          eventSourceARN: "stream",
          dynamodb: {
            ApproximateCreationDateTime: 1.5,
            NewImage: { raw: { B: "aGk=" }, list: { L: [{ BS: ["aA=="] }] } },
          },
        },
      },
    ]);
  });

  it("gives them the same when they come as JSON, without the SDK", async () => {
    const asked: string[] = [];
    const call = async (operation: string, body: () => string): Promise<never> => {
      asked.push(operation, body());
      return {
        Records: [
          {
            eventName: "INSERT",
            dynamodb: { SequenceNumber: "1", ApproximateCreationDateTime: 1.5, NewImage: { raw: { B: "aGk=" } } },
          },
        ],
        NextShardIterator: "next",
      } as never;
    };
    const { records } = await new ShardReader(client, "stream", "shard", undefined, { call }).read();
    expect(asked).toEqual(["GetRecords", '{"ShardIterator":"first","Limit":1000}']);
    expect(records).toMatchObject([
      {
        sequenceNumber: "1",
        createdAt: 1500,
        event: { dynamodb: { ApproximateCreationDateTime: 1.5, NewImage: { raw: { B: "aGk=" } } } },
      },
    ]);
  });

  it("tells the time of a record more exactly than the minute, where the read before found nothing", async () => {
    streams
      .on(GetRecordsCommand)
      .resolvesOnce({ Records: [], NextShardIterator: "next" })
      .resolves({ Records: [record("1")], NextShardIterator: "next" });
    const reader = new ShardReader(client, "stream", "shard", undefined, { now: () => 50_000 });
    await reader.read();
    const { records } = await reader.read();
    expect(records).toMatchObject([{ createdAt: 50_000, event: { dynamodb: { ApproximateCreationDateTime: 50 } } }]);
  });

  it("goes on after the last record when its iterator has expired", async () => {
    streams
      .on(GetRecordsCommand)
      .resolvesOnce({ Records: [record("5")], NextShardIterator: "next" })
      .rejectsOnce(new ExpiredIteratorException(refused))
      .resolves({ Records: [record("6")], NextShardIterator: "next" });
    const reader = new ShardReader(client, "stream", "shard", undefined);
    const reads = [await reader.read(), await reader.read(), await reader.read()];
    expect(reads.map(({ records }) => records.map(({ sequenceNumber }) => sequenceNumber))).toEqual([["5"], [], ["6"]]);
    expect(positions()).toEqual([
      ["TRIM_HORIZON", undefined],
      ["AFTER_SEQUENCE_NUMBER", "5"],
    ]);
  });

  it("goes on with the oldest record when the stream has forgotten where it was", async () => {
    streams
      .on(GetShardIteratorCommand)
      .rejectsOnce(new TrimmedDataAccessException(refused))
      .resolves({ ShardIterator: "first" });
    streams.on(GetRecordsCommand).resolves({ Records: [], NextShardIterator: "next" });
    const reader = new ShardReader(client, "stream", "shard", "1");
    await reader.read();
    await reader.read();
    expect(positions()).toEqual([
      ["AFTER_SEQUENCE_NUMBER", "1"],
      ["TRIM_HORIZON", undefined],
    ]);
  });

  it("is finished when it has no further iterator", async () => {
    streams.on(GetRecordsCommand).resolves({ Records: [record("9")] });
    const { records, finished } = await new ShardReader(client, "stream", "shard", undefined).read();
    expect([records.length, finished]).toEqual([1, true]);
  });
});
