/**
 * One call to a merchant, from destination and body to outcome; it never throws for what a merchant does. One deadline covers
 * resolve, connect, TLS, headers and body. Only 2xx with its whole body is success, and a failing status is one as soon as it is there;
 * redirects are not followed; the body is read to a bound and never decompressed, since nothing in it decides anything.
 */
import { outcomeOf } from "../core/answer-outcome.ts";
import type { AttemptOutcome } from "../core/next-step.ts";
import { signatureHeader, type SigningKey } from "../core/merchant-keys.ts";
import type { Webhook } from "../core/webhook.ts";
import { AnswerBody } from "./answer-body.ts";
import { DeadlineError, outcomeOfError } from "./connection-error.ts";
import type { Destination } from "./destination.ts";
import type { Origins } from "./origins.ts";

/** Bytes of an answer that are kept: of a failure enough to find its cause, of a delivery enough to know who answered. */
const KEPT_BYTES = { failed: 1024, delivered: 128 } as const;
const USER_AGENT = "confirmation-pipeline/1";

export interface Call {
  readonly destination: Destination;
  readonly webhook: Webhook;
  readonly keys: readonly SigningKey[];
  readonly deadlineMs: number;
  /** Epoch milliseconds, signed as `webhook-timestamp`. */
  readonly now: number;
  /** W3C Trace Context, for a merchant that goes on with the trace. */
  readonly traceparent?: string;
}

export async function attempt(origins: Origins, call: Call): Promise<AttemptOutcome> {
  const { destination, webhook, keys, deadlineMs, now, traceparent } = call;
  const timestampSeconds = Math.floor(now / 1000);
  const deadline = new AbortController();
  let answered: AttemptOutcome | undefined;
  let body: AnswerBody | undefined;
  // An answer that came in time while this process was busy is read first: in the loop, input comes between timers and immediates.
  const timer = setTimeout(() => setImmediate(() => deadline.abort(new DeadlineError(deadlineMs))), deadlineMs);
  try {
    // undici heeds the signal only once it is connected; until then the race ends the attempt, and the request is never sent.
    const answer = origins.use(destination.origin, async (dispatcher) => {
      const response = await dispatcher.request({
        path: destination.path,
        method: "POST",
        signal: deadline.signal,
        headersTimeout: 0,
        bodyTimeout: 0,
        headers: {
          "content-type": "application/json",
          "accept-encoding": "identity",
          "user-agent": USER_AGENT,
          "webhook-id": webhook.id,
          "webhook-timestamp": String(timestampSeconds),
          "webhook-signature": signatureHeader(keys, { ...webhook, timestampSeconds }, now),
          ...(traceparent !== undefined && { traceparent }),
        },
        body: webhook.body,
      });
      answered = outcomeOf(response.statusCode, response.headers, now);
      body = new AnswerBody(KEPT_BYTES[answered.kind]);
      await body.read(response.body);
      return withBody(answered, body);
    });
    return await Promise.race([answer, rejection(deadline.signal)]);
  } catch (error) {
    if (answered?.kind === "failed") return withBody(answered, body);
    const outcome = outcomeOfError(deadline.signal.aborted ? deadline.signal.reason : error);
    return answered === undefined ? outcome : { ...outcome, isReached: true };
  } finally {
    clearTimeout(timer);
  }
}

function rejection(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason as Error));
  });
}

function withBody(outcome: AttemptOutcome, body: AnswerBody | undefined): AttemptOutcome {
  const answer = body?.text;
  return answer === undefined ? outcome : { ...outcome, answer };
}
