import type { AttemptTrace } from "./attempt-trace.ts";

/** What is done for a message whose path is traced; its hop ends with it. */
export async function traced<Result>(trace: AttemptTrace, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    trace.left(error);
    throw error;
  } finally {
    trace.end();
  }
}
