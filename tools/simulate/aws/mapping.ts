/** The stream's mapping and a task, as the stack has them for these settings (`lib/stream-transactions`). */
import type { Settings } from "../../../core/settings/settings.ts";
import { STREAM_BATCH_SIZE, STREAM_MEMORY_MIB } from "../../../core/settings/stream-mapping.ts";
import { RELEASE_MEMORY_MIB } from "../../../core/settings/sizes.ts";
import type { Layout } from "../../../lib/cost/per-million/second.ts";
import type { StreamMapping } from "../../../lib/cost/per-million/stream-runs.ts";

const MIB_A_GIB = 1024;
const CPU_UNITS = 1024;

export function mappingFor({ stream }: Pick<Settings, "stream">): StreamMapping {
  return {
    batchSize: STREAM_BATCH_SIZE,
    lanes: stream.lanesPerShard,
    windowSeconds: stream.batchingWindowSeconds,
    memoryGb: STREAM_MEMORY_MIB / MIB_A_GIB,
  };
}

export function layoutFor(settings: Settings, shards: number): Layout {
  const { worker, tracing } = settings;
  return {
    stream: mappingFor(settings),
    shards,
    task: { vcpu: worker.cpu / CPU_UNITS, gb: worker.memoryMiB / MIB_A_GIB },
    releaseMemoryGb: RELEASE_MEMORY_MIB / MIB_A_GIB,
    traced: { transactions: tracing.share, streamRuns: 0 },
    hasQueueEndpoint: true,
    hasNat: true,
  };
}
