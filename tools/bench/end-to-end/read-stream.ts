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
const TRIMMED = "TrimmedDataAccessException";

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
    const fromItsBeginning = async (): Promise<string | undefined> => {
      const input = { StreamArn, ShardId, ShardIteratorType: "TRIM_HORIZON" };
      const { ShardIterator } = await aws.streams<{ ShardIterator?: string }>("GetShardIterator", input);
      return ShardIterator;
    };
    let ShardIterator = await fromItsBeginning();
    let hasRecords = false;
    while (ShardIterator !== undefined && !signal.aborted) {
      let read: Records;
      try {
        read = await aws.streams<Records>("GetRecords", { ShardIterator, Limit: RECORDS_A_READ });
      } catch (error) {
        // The database takes the beginning of a shard without records for one that was trimmed, now and then.
        if (hasRecords || !(error as Error).message.includes(TRIMMED)) throw error;
        await sleep(POLL_MS);
        ShardIterator = await fromItsBeginning();
        continue;
      }
      hasRecords ||= read.Records.length > 0;
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
