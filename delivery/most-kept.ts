/**
 * How many merchants a task remembers. They fill up over days, whatever its rate, so the bound has to fit its memory: 200,000 take some 200 MB of
 * heap, and as much outside of it where they have an ed25519 key.
 */
const MOST = 200_000;
/** A part of it is for them, and the rest for what they are remembered for. */
const HEAP_BYTES_FOR_EACH = 5120;

/** @param heapBytes V8's own bound, which is half of what memory a container has. @returns merchants, and gates likewise */
export function mostKept(heapBytes: number): number {
  return Math.min(MOST, Math.floor(heapBytes / HEAP_BYTES_FOR_EACH));
}
