/** The deadline of a send: what is done before the call takes of its time. */

/** @param deadlineMs from now on. @returns what ends a call at the deadline, begun whenever it is */
export function timeLeft(deadlineMs: number): () => AbortSignal {
  const endsAt = performance.now() + deadlineMs;
  return () => AbortSignal.timeout(Math.max(1, Math.floor(endsAt - performance.now())));
}
