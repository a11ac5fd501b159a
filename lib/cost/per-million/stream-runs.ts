/**
 * Runs of `stream-transactions` in a second. A change goes to one of the lanes of one of the shards; what comes to a
 * lane within a poll, or within the batching window, is one run, or more where it is more than a batch.
 */
import { BATCHES, EXECUTION_MS, STREAM_POLLS_PER_SECOND } from "./quantities.ts";

export interface StreamMapping {
  readonly batchSize: number;
  /** Lanes of each shard. */
  readonly lanes: number;
  readonly windowSeconds: number;
  readonly memoryGb: number;
}

export interface StreamRuns {
  readonly runs: number;
  readonly queueCalls: number;
  readonly gbSeconds: number;
}

/** @param changes in that second. @param messages those of them that go on the queue */
export function streamRuns(mapping: StreamMapping, shards: number, changes: number, messages: number): StreamRuns {
  const { batchSize, lanes, windowSeconds, memoryGb } = mapping;
  const turns = (shards * lanes) / Math.max(1 / STREAM_POLLS_PER_SECOND, windowSeconds);
  const runs = turns * Math.max(1 - Math.exp(-changes / turns), changes / turns / batchSize);
  const each = runs === 0 ? 0 : messages / runs;
  const queueCalls = Math.max(runs * (1 - Math.exp(-each)), messages / BATCHES.messages);
  const seconds = (runs * EXECUTION_MS.least + queueCalls * EXECUTION_MS.perCall) / 1000;
  return { runs, queueCalls, gbSeconds: seconds * memoryGb };
}
