/**
 * Waits for all, however some of them end, so that nothing is still at work when the stage is cleared; then fails with
 * the first failure.
 */
export async function allDone(works: readonly Promise<unknown>[]): Promise<void> {
  const results = await Promise.allSettled(works);
  for (const result of results) if (result.status === "rejected") throw result.reason;
}
