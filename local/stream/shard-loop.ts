/**
 * One shard's way: read, show what was read to the observer, filter, gather a batch, deliver it, note how far it got. Polls often while
 * records come, as Lambda is called at once, and less often when a shard is quiet.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { Checkpoints } from "./checkpoints.ts";
import { deliverBatch, type DeliveryTools } from "./deliver-batch.ts";
import type { MappingDefinition } from "./mapping-definition.ts";
import type { ShardReader } from "./shard-reader.ts";
import type { StreamRecord } from "./stream-event.ts";

export interface ShardLoopOptions {
  readonly shardId: string;
  readonly reader: ShardReader;
  readonly mapping: MappingDefinition;
  readonly checkpoints: Checkpoints;
  readonly tools: Omit<DeliveryTools, "rules" | "progress">;
  /** Sees every record that is read, once, before it is filtered. */
  readonly observe: (records: readonly StreamRecord[]) => void;
  readonly onBacklog: (shardId: string, records: number) => void;
  readonly signal: AbortSignal;
}

const ACTIVE_POLL_MS = 15;
const QUIET_POLL_MS = 100;
/** Without records for this long a shard counts as quiet. */
const QUIET_AFTER_MS = 2000;
const AFTER_FAULT_MS = 500;

/** Resolves when the shard has ended and all of it is handled, or when the signal aborts. */
export async function runShard(options: ShardLoopOptions): Promise<void> {
  const { reader, mapping, checkpoints, shardId, signal, observe, onBacklog } = options;
  let gathered: StreamRecord[] = [];
  let gatheringSince = 0;
  let lastRecordAt = Date.now();
  let skippedTo: string | undefined;

  while (!signal.aborted) {
    const read = await reader.read().catch(async (error: unknown) => {
      if (!signal.aborted) options.tools.onFailure(error);
      await pause(AFTER_FAULT_MS, signal);
      return { records: [], finished: false };
    });
    if (read.records.length > 0) {
      lastRecordAt = Date.now();
      observe(read.records);
      const passing = read.records.filter((record) => mapping.passes(record.event));
      if (gathered.length === 0) gatheringSince = Date.now();
      gathered.push(...passing);
      skippedTo = read.records.at(-1)?.sequenceNumber;
    }
    while (isDue(gathered.length, mapping, gatheringSince, read.finished)) {
      onBacklog(shardId, gathered.length);
      const batch = gathered.slice(0, mapping.batchSize);
      const tools: DeliveryTools = { ...options.tools, rules: mapping.rules, progress: (sequenceNumber) => checkpoints.set(shardId, { kind: "after", sequenceNumber }) };
      if (!(await deliverBatch(batch, tools, signal))) return;
      gathered = gathered.slice(batch.length);
    }
    onBacklog(shardId, gathered.length);
    if (gathered.length === 0 && skippedTo !== undefined) {
      checkpoints.set(shardId, { kind: "after", sequenceNumber: skippedTo });
      skippedTo = undefined;
    }
    if (read.finished) {
      checkpoints.set(shardId, { kind: "finished" });
      return;
    }
    if (read.records.length === 0) await pause(Date.now() - lastRecordAt > QUIET_AFTER_MS ? QUIET_POLL_MS : ACTIVE_POLL_MS, signal);
  }
}

function isDue(gathered: number, { batchSize, batchingWindowMs }: MappingDefinition, since: number, finished: boolean): boolean {
  if (gathered === 0) return false;
  return gathered >= batchSize || finished || Date.now() - since >= batchingWindowMs;
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
