/**
 * What a job of the kind `resync` is about: it publishes a snapshot of each transaction, for consumers of events that
 * missed some. Whatever was recorded since `since` has an event of its own, which comes to whoever is subscribed; rows
 * are read only a while after that, so that a snapshot has all that was recorded before.
 */
import type { Job, Totals } from "../job.ts";

/** A second, unless somebody says otherwise. */
export const RESYNC_RATE = 200;
export const RESYNC_PARTS = 4;

/**
 * Milliseconds from when it is asked for: until then a consumer may still have missed events, by clocks that differ;
 * and from then on rows may be read, whatever the stream's times are rounded to.
 */
const SINCE_MS = 5000;
const READ_MS = 30_000;

export interface ResyncSpec {
  /** Of this merchant alone. */
  readonly merchantId?: string;
  /** Whom snapshots are for: an attribute that subscribers filter by. */
  readonly audience?: string;
  /** Epoch milliseconds. */
  readonly since: number;
}

export interface ResyncCounts {
  /** Found so far. */
  readonly transactions: number;
  readonly published: number;
  /** Gone before they were published, or not published as the job was canceled. */
  readonly skipped: number;
}

/** @param now epoch milliseconds at which it is asked for */
export function resyncTimes(now: number): { readonly since: number; readonly readFrom: number } {
  return { since: now + SINCE_MS, readFrom: now + READ_MS };
}

export function resyncSpecOf({ asked }: Pick<Job, "asked">): ResyncSpec {
  return asked.spec as ResyncSpec;
}

export function resyncCountsOf(totals: Totals): ResyncCounts {
  const { published = 0, skipped = 0, new: open = 0 } = totals;
  return { transactions: published + skipped + open, published, skipped };
}
