/**
 * What a rate of confirmations asks of every stage, by arithmetic alone: each is delivered at its first attempt, rows
 * are up to 1 KB, and the table has kept them for as long as the settings say. What it is made of is the simulation's:
 * quotas, batches, assumed round trips.
 */
import type { Settings } from "../../../core/settings/settings.ts";
import { peakWritesPerSecond } from "../../../core/settings/sizes.ts";
import {
  BATCHES,
  CALL_BYTES,
  LOG_BYTES,
  PARTITION_WRITES_PER_SECOND,
  ROUND_TRIP_MS,
  ROW_BYTES,
} from "../../../lib/cost/per-million/quantities.ts";
import { streamRuns } from "../../../lib/cost/per-million/stream-runs.ts";
import { PARTITION_BYTES } from "./account-quotas.ts";
import { mappingFor } from "../../simulate/aws/mapping.ts";

/** Of the table: the insert and the record of the end. Each changes the due index too: in and out. */
const WRITES = 2;
/** Rows of that size that one part of an audit reads a second: 1,000 units of two 4 KB pages, eventually consistent. */
const AUDIT_ROWS_A_SECOND = 8000;
const AUDIT_UNITS_A_SECOND = 1000;
const DAY_SECONDS = 86_400;
/** Measured: microseconds of CPU for a record of `stream-transactions` (`npm run bench`). */
const STREAM_RECORD_US = 22;
/**
 * Of a transaction: `stream-transactions` and the worker. Of an invocation: the service's and the function's
 * (inference).
 */
const SEGMENTS = { transaction: 2, invocation: 2 } as const;
/**
 * Seconds for which a task keeps that a merchant has no health row
 * (`core/delivery/admission/merchant-health-directory.ts`); its row, for ten.
 */
const HEALTH_KEPT_SECONDS = 5;
/**
 * Merchants that the tables are calculated with; more change nothing, as each confirmation reads each of the two at
 * most once.
 */
const MERCHANTS = 10_000;
/** Rows that `release-due` reads, claims and sends together, one such batch after the other. */
const RELEASED_TOGETHER = 100;

/** Rows a second that `release-due` puts back on the queue, by assumed round trips. */
export const RELEASED_A_SECOND = (RELEASED_TOGETHER * 1000) / (ROUND_TRIP_MS.read + ROUND_TRIP_MS.claimAndSend);
/**
 * Milliseconds that a message is in flight besides its merchant's time: its row is read, its end recorded, it is
 * deleted.
 */
export const OWN_MS = ROUND_TRIP_MS.read + ROUND_TRIP_MS.write + ROUND_TRIP_MS.delete;

/** All of it a second, unless the name says otherwise. */
export type Load = ReturnType<typeof loadAt>;

/** @param ratePerSecond confirmations a second, all day */
export function loadAt(ratePerSecond: number, settings: Settings) {
  const { worker, retention, audit, tracing } = settings;
  const changes = ratePerSecond * WRITES;
  const tasks = Math.ceil(ratePerSecond / worker.ratePerTask);
  const keptRows = ratePerSecond * DAY_SECONDS * retention.settledDays;
  const partitionsForWrites = Math.ceil(Math.max(changes, peakWritesPerSecond(settings)) / PARTITION_WRITES_PER_SECOND);
  const partitionsForBytes = Math.ceil((keptRows * ROW_BYTES) / PARTITION_BYTES);
  const mapping = mappingFor(settings);
  const young = streamRuns(mapping, partitionsForWrites, changes, ratePerSecond);
  const old = streamRuns(mapping, Math.max(partitionsForWrites, partitionsForBytes), changes, ratePerSecond);
  const traced = ratePerSecond * tracing.share + old.gbSeconds * tracing.reservoirPerSecond;
  return {
    tasks,
    vcpus: (tasks * worker.cpu) / 1024,
    tableWrites: changes,
    dueIndexWrites: changes,
    merchantIndexWrites: ratePerSecond,
    rowReads: ratePerSecond,
    readsWithAudit: ratePerSecond + audit.segments * AUDIT_UNITS_A_SECOND,
    healthReads: Math.min(ratePerSecond, (tasks * MERCHANTS) / HEALTH_KEPT_SECONDS),
    auditParts: keptRows / AUDIT_ROWS_A_SECOND / (audit.tableEveryHours * 3600),
    partitionsForWrites,
    partitionsForBytes,
    executionsYoung: young.runs,
    executionsOld: old.runs,
    /** A function of 1 GB, so the same as its GB-seconds. */
    atOnceYoung: young.gbSeconds,
    atOnceOld: old.gbSeconds,
    streamVcpus: (changes * STREAM_RECORD_US) / 1e6,
    sendsYoung: young.queueCalls,
    sendsOld: old.queueCalls,
    receives: ratePerSecond / BATCHES.messages,
    /**
     * What sends or deletes count for against the partitions of the queue, where each message of a batch is in another
     * one.
     */
    queuedApart: ratePerSecond,
    traceSegments: traced * SEGMENTS.transaction + old.runs * tracing.share * SEGMENTS.invocation,
    egressGbit: (ratePerSecond * CALL_BYTES.out * 8) / 1e9,
    logMegabytes: (old.runs * LOG_BYTES.execution + tasks * LOG_BYTES.taskSecond) / 1e6,
    /** Share of confirmations that may be parked once, for `release-due` to keep up. */
    parkedShare: Math.min(1, RELEASED_A_SECOND / ratePerSecond),
  };
}

/** Messages in flight, by Little's law. @param responseMs mean time of a merchant's response */
export function inFlightAt(ratePerSecond: number, responseMs: number): number {
  return (ratePerSecond * (responseMs + OWN_MS)) / 1000;
}
