/**
 * One shard's way: read, show what was read to the observer, filter, hand to the lanes, note how far they got. Polls
 * often, also when nothing comes for long: a lone transaction is to find the pipeline as awake as a busy one does.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { Checkpoints } from "./checkpoints.ts";
import { deliverBatch, type DeliveryTools } from "./deliver-batch.ts";
import { ShardLanes } from "./shard-lanes.ts";
import type { MappingDefinition } from "./mapping-definition.ts";
import { RECORDS_A_READ, type ShardReader } from "./shard-reader.ts";
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
  /** Between two reads when there is nothing more to be read. @default POLL_MS */
  readonly pollMs?: number | undefined;
  readonly signal: AbortSignal;
}

export const POLL_MS = 20;
/**
 * Of whoever gathers records anyway: as often as Lambda does (Lambda Developer Guide, "Using Lambda with Amazon
 * DynamoDB": four times a second).
 */
export const UNHURRIED_POLL_MS = 250;
const AFTER_FAULT_MS = 500;
/** Records read ahead of the lanes at most. */
const READ_AHEAD = 2000;

/** Resolves when the shard has ended and all of it is handled, or when the signal aborts. */
export async function runShard(options: ShardLoopOptions): Promise<void> {
  const { reader, mapping, checkpoints, shardId, signal, observe, onBacklog, pollMs = POLL_MS } = options;
  const lanes = lanesOf(options);
  signal.addEventListener("abort", () => lanes.stop(), { once: true });

  while (!signal.aborted) {
    onBacklog(shardId, lanes.pending);
    if (lanes.pending >= READ_AHEAD) {
      await pause(pollMs, signal);
      continue;
    }
    const read = await reader.read().catch(async (error: unknown) => {
      if (!signal.aborted) options.tools.onFailure(error);
      await pause(AFTER_FAULT_MS, signal);
      return { records: [], finished: false };
    });
    if (read.records.length > 0) {
      observe(read.records);
      lanes.add(read.records, ({ event }) => mapping.passes(event));
    }
    if (read.finished) {
      await lanes.drained();
      if (!signal.aborted) checkpoints.set(shardId, { kind: "finished" });
      return;
    }
    // A page that is not full was all there is: at once there would be a record or two.
    if (read.records.length < RECORDS_A_READ) await pause(pollMs, signal);
  }
  await lanes.drained();
}

function lanesOf({ mapping, checkpoints, shardId, tools, signal }: ShardLoopOptions): ShardLanes {
  return new ShardLanes({
    count: mapping.lanes,
    batchSize: mapping.batchSize,
    batchingWindowMs: mapping.batchingWindowMs,
    deliver: (records, progress) => deliverBatch(records, { ...tools, rules: mapping.rules, progress }, signal),
    onHandled: (sequenceNumber) => checkpoints.set(shardId, { kind: "after", sequenceNumber }),
  });
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
