import { expect, it } from "@jest/globals";
import { openCheckpoints } from "../../local/stream/checkpoints.ts";
import { mappingDefinition } from "../../local/stream/mapping-definition.ts";
import { runShard } from "../../local/stream/shard-loop.ts";
import { RECORDS_A_READ, type ShardRead, type ShardReader } from "../../local/stream/shard-reader.ts";
import { streamRecords } from "./stream-records.ts";

const FOREVER_MS = 2 ** 31 - 1;
/** In which a reader that does not rest reads again. */
const REST_MS = 50;
const mapping = mappingDefinition({
  logicalId: "Mapping",
  type: "AWS::Lambda::EventSourceMapping",
  properties: {
    EventSourceArn: "arn:aws:dynamodb:us-east-1:000000000000:table/Transactions/stream/1",
    FunctionName: "stream-transactions",
    StartingPosition: "TRIM_HORIZON",
  },
});

/** @returns how often a shard was read that has pages of so many records, until so many of them were handled */
async function readsOf(pages: readonly number[], most: number): Promise<number> {
  let reads = 0;
  let handled = 0;
  const stopping = new AbortController();
  const read = async (): Promise<ShardRead> => {
    const size = pages[reads] ?? 0;
    reads += 1;
    return { records: streamRecords("a".repeat(size), reads * RECORDS_A_READ), finished: false };
  };
  await runShard({
    shardId: "shard",
    reader: { read } as unknown as ShardReader,
    mapping,
    checkpoints: openCheckpoints(undefined, mapping.streamArn),
    tools: {
      invoke: async ({ length }) => {
        handled += length;
        if (handled === most) setTimeout(() => stopping.abort(), REST_MS);
        return undefined;
      },
      quarantine: async () => undefined,
      now: Date.now,
      wait: async () => undefined,
      onFailure: (error) => {
        throw error;
      },
    },
    observe: () => undefined,
    onBacklog: () => undefined,
    pollMs: FOREVER_MS,
    signal: stopping.signal,
  });
  return reads;
}

it("rests after a page that is not full, as there was no more", async () => {
  expect(await readsOf([3, 1, 1], 3)).toBe(1);
});

it("reads on at once after a full page", async () => {
  expect(await readsOf([RECORDS_A_READ, 5, 1], RECORDS_A_READ + 5)).toBe(2);
});
