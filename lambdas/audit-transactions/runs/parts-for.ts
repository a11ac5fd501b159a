/**
 * How many parts a run is cut into: as few as its work takes, since each costs an invocation, and as many as the
 * settings allow.
 */
import type { TableSize } from "../../../core/aws/table-size.ts";
import type { Kind } from "../../../core/audit/audit-run.ts";

/** Read in about twenty minutes at the pace of a part. */
const BYTES_A_PART = 10_000_000_000;
const MERCHANTS_A_PART = 50;

export interface Sizes {
  readonly transactions: () => Promise<TableSize>;
  readonly merchants: () => Promise<TableSize>;
}

export function partsFor(segments: number, sizes: Sizes): (kind: Kind) => Promise<number> {
  return async (kind) => {
    if (kind === "manifests") return bounded((await sizes.merchants()).items / MERCHANTS_A_PART, segments);
    const { bytes, dueIndexBytes } = await sizes.transactions();
    return bounded((kind === "index" ? dueIndexBytes : bytes) / BYTES_A_PART, segments);
  };
}

function bounded(parts: number, most: number): number {
  return Math.min(most, Math.max(1, Math.ceil(parts)));
}
