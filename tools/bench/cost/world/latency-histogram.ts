/** Times in buckets that grow by five percent, so that percentiles of millions cost a few hundred numbers. */
const FIRST_MS = 0.05;
const GROWTH = 1.05;
const BUCKETS = 400;

export interface LatencyHistogram {
  add(ms: number): void;
  /** @param share in [0, 1]. @returns milliseconds, at most five percent too many; undefined for no samples */
  percentile(share: number): number | undefined;
  clear(): void;
}

export function latencyHistogram(): LatencyHistogram {
  const counts = new Float64Array(BUCKETS);
  let total = 0;
  return {
    add(ms) {
      const bucket = ms <= FIRST_MS ? 0 : Math.ceil(Math.log(ms / FIRST_MS) / Math.log(GROWTH));
      const index = Math.min(BUCKETS - 1, bucket);
      counts[index] = (counts[index] ?? 0) + 1;
      total += 1;
    },
    percentile(share) {
      let below = share * total;
      for (const [bucket, count] of counts.entries()) {
        below -= count;
        if (count > 0 && below <= 0) return FIRST_MS * GROWTH ** bucket;
      }
      return undefined;
    },
    clear() {
      counts.fill(0);
      total = 0;
    },
  };
}
