/** Times of a slice of work on a part, which the queue and the function are set by, too. */

/** Milliseconds that an invocation works on a part before it sends it on. */
export const SLICE_MS = 15_000;
/** Seconds after which Lambda ends an invocation. */
export const TIMEOUT_SECONDS = 30;
/** Milliseconds for which a part is an invocation's: longer than that can take. */
export const HOLD_MS = 32_000;
/** Seconds after which the message of an invocation that was ended comes again; the part is nobody's by then. */
export const VISIBILITY_SECONDS = 40;
/** Milliseconds by which indexes are behind their table at most, as far as jobs go. */
export const INDEX_LAG_MS = 2000;
