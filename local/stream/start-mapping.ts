/**
 * An event source mapping at work: a loop for every shard of the stream, children after their parents, until it is
 * stopped. New shards are looked for as long as it runs.
 */
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { DescribeStreamCommand, type Shard } from "@aws-sdk/client-dynamodb-streams";
import { FastPathService } from "../../core/aws/fast-path/fast-path-call.ts";
import { LOCAL_LIMITS } from "../../core/aws/call-limits.ts";
import type { LocalClients } from "../aws-clients.ts";
import type { MappingSwitch } from "../control/mapping-switch.ts";
import { openCheckpoints } from "./checkpoints.ts";
import type { MappingDefinition } from "./mapping-definition.ts";
import { POLL_MS, runShard, UNHURRIED_POLL_MS } from "./shard-loop.ts";
import { ShardReader } from "./shard-reader.ts";
import type { StreamRecord } from "./stream-event.ts";

export interface RunningMapping {
  /** Records that were read and are not handled yet. */
  backlog(): number;
  /** Lets the invocation under way end, then stops. */
  stop(): Promise<void>;
}

export interface MappingOptions {
  readonly mapping: MappingDefinition;
  readonly clients: LocalClients;
  readonly invoke: (functionName: string, event: unknown) => Promise<unknown>;
  readonly observe: (records: readonly StreamRecord[]) => void;
  readonly onFailure: (error: unknown) => void;
  readonly checkpointFile?: string;
  /** Nothing is handed to the function while it is off. */
  readonly isOn: MappingSwitch;
  /** Between two reads of a shard that has nothing more; longer for a mapping with a batching window. @default 20 */
  readonly pollMs?: number | undefined;
}

/** Beside when a shard has ended. Each look takes DynamoDB Local, which writes on one thread, 20 ms. */
const LOOK_FOR_SHARDS_MS = 10_000;
/** After a look that failed, or found none. */
const LOOK_AGAIN_MS = 1000;
/** Mappings of all streams have one client, and it has one of these. */
const fastPaths = new WeakMap<LocalClients["streams"], FastPathService>();

function fastPathOf(client: LocalClients["streams"]): FastPathService {
  let fastPath = fastPaths.get(client);
  if (fastPath === undefined) {
    fastPath = new FastPathService({
      service: "streams",
      client,
      limits: LOCAL_LIMITS,
      // What it said, the SDK says again.
      fellBack: () => undefined,
      now: Date.now,
    });
    fastPaths.set(client, fastPath);
  }
  return fastPath;
}

export function startMapping(options: MappingOptions): RunningMapping {
  const { mapping, clients, onFailure } = options;
  const stopping = new AbortController();
  const { signal } = stopping;
  const checkpoints = openCheckpoints(options.checkpointFile, mapping.streamArn);
  // What comes by then waits for its window either way, and each read of DynamoDB Local costs all of its callers.
  const pollMs = Math.max(options.pollMs ?? POLL_MS, mapping.batchingWindowMs > 0 ? UNHURRIED_POLL_MS : 0);
  const backlog = new Map<string, number>();
  const loops = new Map<string, Promise<void>>();
  const fastPath = fastPathOf(clients.streams);
  const tools = {
    invoke: async (records: readonly StreamRecord[]) => {
      await options.isOn.untilEnabled(signal);
      return options.invoke(mapping.functionName, { Records: records.map(({ event }) => event) });
    },
    quarantine: (records: readonly StreamRecord[]) => quarantine(records, options),
    now: Date.now,
    wait: (ms: number, waitSignal: AbortSignal) => sleep(ms, undefined, { signal: waitSignal }),
    onFailure,
  };
  const onBacklog = (shardId: string, records: number): unknown => backlog.set(shardId, records);
  let shardEnded = new AbortController();
  const startShard = (shardId: string): void => {
    const progress = checkpoints.of(shardId);
    const reader = new ShardReader(
      clients.streams,
      mapping.streamArn,
      shardId,
      progress?.kind === "after" ? progress.sequenceNumber : undefined,
      { call: fastPath.call },
    );
    loops.set(
      shardId,
      runShard({
        shardId,
        reader,
        mapping,
        checkpoints,
        tools,
        observe: options.observe,
        onBacklog,
        pollMs,
        signal,
      }).finally(() => shardEnded.abort()),
    );
  };
  const lookForShards = async (): Promise<void> => {
    while (!signal.aborted) {
      shardEnded = new AbortController();
      const shards = await shardsOf(options).catch((error: unknown) => {
        if (!signal.aborted) onFailure(error);
        return undefined;
      });
      if (shards !== undefined) {
        checkpoints.keepOnly(new Set(shards.map(({ ShardId }) => ShardId ?? "")));
        for (const shardId of readyShards(shards, (id) => checkpoints.of(id)?.kind === "finished"))
          if (!loops.has(shardId)) startShard(shardId);
      }
      const untilNext = AbortSignal.any([signal, shardEnded.signal]);
      const restMs = shards === undefined || shards.length === 0 ? LOOK_AGAIN_MS : LOOK_FOR_SHARDS_MS;
      await sleep(restMs, undefined, { signal: untilNext }).catch(() => undefined);
    }
  };
  const ended = lookForShards()
    .then(() => Promise.all(loops.values()))
    .then(() => fastPath.close())
    .then(() => checkpoints.close());
  return {
    backlog: () => [...backlog.values()].reduce((sum, records) => sum + records, 0),
    stop() {
      stopping.abort();
      return ended;
    },
  };
}

/** Shards that may be read now: not finished themselves, and their parent is finished or gone. */
export function readyShards(
  shards: readonly Pick<Shard, "ShardId" | "ParentShardId">[],
  isFinished: (shardId: string) => boolean,
): string[] {
  const there = new Set(shards.map(({ ShardId }) => ShardId));
  return shards
    .filter(
      ({ ParentShardId }) => ParentShardId === undefined || !there.has(ParentShardId) || isFinished(ParentShardId),
    )
    .map(({ ShardId }) => ShardId ?? "")
    .filter((shardId) => !isFinished(shardId));
}

async function shardsOf({ mapping, clients }: MappingOptions): Promise<Shard[]> {
  const shards: Shard[] = [];
  let from: string | undefined;
  do {
    const { StreamDescription: stream } = await clients.streams.send(
      new DescribeStreamCommand({
        StreamArn: mapping.streamArn,
        ...(from !== undefined && { ExclusiveStartShardId: from }),
      }),
    );
    shards.push(...(stream?.Shards ?? []));
    from = stream?.LastEvaluatedShardId;
  } while (from !== undefined);
  return shards;
}

/** The object that Lambda writes for a batch it gives up. */
async function quarantine(
  records: readonly StreamRecord[],
  { mapping, clients, onFailure }: MappingOptions,
): Promise<void> {
  onFailure(
    new Error(
      `${records.length} records of the stream were set ` +
        `aside${mapping.quarantineBucket === undefined ? " and dropped: the mapping has no destination" : ""}`,
    ),
  );
  if (mapping.quarantineBucket === undefined) return;
  const now = new Date().toISOString();
  const body = {
    requestContext: { functionArn: mapping.functionName, condition: "RetryAttemptsExhausted or RecordAgeExceeded" },
    version: "1.0",
    timestamp: now,
    DDBStreamBatchInfo: {
      startSequenceNumber: records[0]?.sequenceNumber,
      endSequenceNumber: records.at(-1)?.sequenceNumber,
      batchSize: records.length,
      streamArn: mapping.streamArn,
    },
    payload: JSON.stringify({ Records: records.map(({ event }) => event) }),
  };
  await clients.s3.send(
    new PutObjectCommand({
      Bucket: mapping.quarantineBucket,
      Key: `aws/lambda/${mapping.logicalId}/${now}-${randomUUID()}`,
      Body: JSON.stringify(body),
      ContentType: "application/json",
    }),
  );
}
