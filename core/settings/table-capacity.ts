/**
 * Capacity of the table and its indexes for a rate, where it is provisioned: what the stack provisions, and what the
 * simulation scales.
 */
import type { Settings } from "./settings.ts";
import { WRITES_A_CONFIRMATION } from "./sizes.ts";

export interface Capacity {
  /** Units a second. */
  readonly writes: number;
  readonly reads: number;
}

/** The worker reads the row once, consistently. */
const ROW_READS = 1;
/** Of a look of `release-due` into an empty shard, for each of three kinds, eventually consistent. */
const LOOK_READS = 3 * 0.5;
/** Rows that an audit reads, and what manifests are written from, come beside what is confirmed. */
const AUDIT_UNITS_A_SEGMENT = 1000;
/** Part of all that may fail at once without waiting for capacity. More follows within minutes. */
const FAILED_SHARE = 0.05;
/** Of a row that fails: into the failed index. */
const WRITES_A_FAILURE = 1;
const PERCENT = 100;

type Sized = Pick<Settings, "targetRatePerSecond" | "tableWriteQuota" | "dueShards" | "release" | "audit" | "capacity">;

/** So that a steady rate uses as much of it as is wanted. The account's quota bounds the table. */
export function capacityFor(settings: Sized, ratePerSecond: number) {
  const { capacity, tableWriteQuota, dueShards, release, audit } = settings;
  const provisioned = (units: number) => Math.max(1, Math.ceil((units * PERCENT) / capacity.utilizationPercent));
  const writes = (units: number) => Math.min(tableWriteQuota, provisioned(ratePerSecond * units));
  return {
    table: {
      writes: writes(WRITES_A_CONFIRMATION.table),
      reads: provisioned(ratePerSecond * ROW_READS + audit.segments * AUDIT_UNITS_A_SEGMENT),
    },
    due: {
      writes: writes(WRITES_A_CONFIRMATION.due),
      reads: provisioned((dueShards * LOOK_READS) / release.everySeconds + 1),
    },
    merchant: { writes: writes(WRITES_A_CONFIRMATION.merchant), reads: provisioned(1) },
    failed: { writes: writes(FAILED_SHARE * WRITES_A_FAILURE), reads: provisioned(1) },
  } as const satisfies Readonly<Record<string, Capacity>>;
}

/** What scaling may come to: all of the peak may fail. */
export function mostCapacity(settings: Sized & Pick<Settings, "peakRatePerSecond">) {
  const most = capacityFor(settings, settings.peakRatePerSecond);
  return { ...most, failed: { ...most.failed, writes: most.merchant.writes } };
}

/** What is provisioned whatever comes. Audits make scaling follow when they read. */
export function leastCapacity(settings: Sized) {
  const { table, ...indexes } = capacityFor(
    { ...settings, audit: { ...settings.audit, segments: 0 } },
    settings.capacity.leastRatePerSecond,
  );
  return { table, ...indexes };
}
