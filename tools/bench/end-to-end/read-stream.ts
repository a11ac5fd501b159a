/** Reads the stream of the transactions table, shard by shard, and tells of every new row. */
import { setTimeout as sleep } from "node:timers/promises";
import { POLL_MS } from "../../../local/stream/shard-loop.ts";
import type { Emulators } from "./emulators.ts";

interface Records {
  readonly Records: readonly {
    readonly eventName: string;
    readonly dynamodb: { readonly Keys: { transactionId: { S: string } } };
  }[];
  readonly NextShardIterator?: string;
}

const RECORDS_A_READ = 1000;

/** Resolves when the signal aborts. */
export async function readStream(
  { aws, streamArn: StreamArn }: Emulators,
  inserted: (transactionIds: readonly string[]) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const { StreamDescription } = await aws.streams<{ StreamDescription: { Shards: { ShardId: string }[] } }>(
    "DescribeStream",
    { StreamArn },
  );
  const readShard = async ({ ShardId }: { readonly ShardId: string }): Promise<void> => {
    let { ShardIterator } = await aws.streams<{ ShardIterator: string | undefined }>("GetShardIterator", {
      StreamArn,
      ShardId,
      ShardIteratorType: "TRIM_HORIZON",
    });
    while (ShardIterator !== undefined && !signal.aborted) {
      const read: Records = await aws.streams<Records>("GetRecords", { ShardIterator, Limit: RECORDS_A_READ });
      const ids = read.Records.filter(({ eventName }) => eventName === "INSERT").map(
        ({ dynamodb }) => dynamodb.Keys.transactionId.S,
      );
      await inserted(ids);
      ShardIterator = read.NextShardIterator;
      // Many short reads would keep the database from its work.
      if (read.Records.length < RECORDS_A_READ) await sleep(POLL_MS);
    }
  };
  await Promise.all(StreamDescription.Shards.map(readShard));
}
