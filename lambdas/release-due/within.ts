/**
 * What is asked of a service that may accept and never answer: a response in time, or an error. Also where nobody
 * listens to the signal.
 */
import { PipelineError } from "../../core/errors/pipeline-error.ts";

/** There was no response within the time that is kept for one. */
class CallUnansweredError extends PipelineError {
  override readonly name = "CallUnansweredError";
  readonly code = "CALL_UNANSWERED";
}

/** @param limitMs infinite for none. @throws what `ask` does, or CallUnansweredError when the time is over */
export async function within<Answer>(
  limitMs: number,
  ask: (abortSignal: AbortSignal) => Promise<Answer>,
): Promise<Answer> {
  if (limitMs === Number.POSITIVE_INFINITY) return ask(new AbortController().signal);
  const signal = AbortSignal.timeout(limitMs);
  const { promise: over, reject } = Promise.withResolvers<never>();
  const end = () => reject(new CallUnansweredError(`no answer within ${limitMs} ms`));
  signal.addEventListener("abort", end);
  try {
    return await Promise.race([ask(signal), over]);
  } finally {
    signal.removeEventListener("abort", end);
  }
}
