/**
 * The canary: a transaction that the pipeline writes for itself each minute, or every few, and whose merchant is the
 * reference merchant. It takes the way of every other one, so that what keeps it from being confirmed keeps others too.
 * It is nobody's: manifests and events leave its merchant out.
 */

/** Merchant of the canary's transactions. */
export const CANARY_MERCHANT_ID = "pipeline-canary";

const MINUTE_MS = 60_000;
/** Beyond the time that a canary may take: a function's start, and clocks that are apart. */
const MARGIN_SECONDS = 10;

/** The same for each run within a minute, so that one that comes twice writes once. @param atMs epoch milliseconds */
export function canaryId(atMs: number): string {
  return `canary-${new Date(atMs).toISOString().slice(0, "2026-11-22T10:00".length)}Z`;
}

/**
 * When the canary that is judged by now was written: the newest one whose time is over.
 *
 * @param everyMinutes between two canaries
 */
export function judgedAtMs(nowMs: number, withinSeconds: number, everyMinutes = 1): number {
  return nowMs - Math.ceil((withinSeconds + MARGIN_SECONDS) / (60 * everyMinutes)) * everyMinutes * MINUTE_MS;
}
