/**
 * How far each shard was handled, kept in the state directory, so that a stack that was killed goes on where it was.
 * What is written may lag behind: records handled since then come again, which the functions of a stream expect anyway;
 * none is left out.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

export type ShardProgress = { readonly kind: "after"; readonly sequenceNumber: string } | { readonly kind: "finished" };

export interface Checkpoints {
  of(shardId: string): ShardProgress | undefined;
  set(shardId: string, progress: ShardProgress): void;
  /** Forgets shards that the stream has no more. */
  keepOnly(shardIds: ReadonlySet<string>): void;
  close(): void;
}

const WRITE_EVERY_MS = 200;

/**
 * @param file where they are kept; only in memory when left out.
 * @param streamArn checkpoints of another stream do not count
 */
export function openCheckpoints(file: string | undefined, streamArn: string): Checkpoints {
  const progress = new Map<string, ShardProgress>(file === undefined ? [] : read(file, streamArn));
  let timer: NodeJS.Timeout | undefined;
  const write = (): void => {
    timer = undefined;
    if (file === undefined) return;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(`${file}.new`, JSON.stringify({ streamArn, shards: Object.fromEntries(progress) }));
    renameSync(`${file}.new`, file);
  };
  const writeSoon = (): void => {
    if (file !== undefined) timer ??= setTimeout(write, WRITE_EVERY_MS);
  };
  return {
    of: (shardId) => progress.get(shardId),
    set(shardId, next) {
      progress.set(shardId, next);
      writeSoon();
    },
    keepOnly(shardIds) {
      for (const shardId of progress.keys()) if (!shardIds.has(shardId)) progress.delete(shardId);
    },
    close() {
      clearTimeout(timer);
      write();
    },
  };
}

function read(file: string, streamArn: string): [string, ShardProgress][] {
  if (!existsSync(file)) return [];
  const kept = JSON.parse(readFileSync(file, "utf8")) as {
    readonly streamArn: string;
    readonly shards: Readonly<Record<string, ShardProgress>>;
  };
  return kept.streamArn === streamArn ? Object.entries(kept.shards) : [];
}
