/**
 * One call to a merchant, from destination and body to outcome; it never throws for what a merchant does. One deadline covers
 * resolve, connect, TLS, headers and body. Only 2xx is success; redirects are not followed; the answer is read to a bound and
 * never decompressed, since nothing in it decides anything.
 */
import { errors, type Dispatcher } from "undici";
import type { AttemptOutcome, FailureClass } from "../core/next-step.ts";
import { signatureHeader, type SigningKey } from "../core/merchant-keys.ts";
import type { Webhook } from "../core/webhook.ts";
import type { Destination } from "./destination.ts";
import type { Origins } from "./origins.ts";

const MAX_ANSWER_BYTES = 65_536;
const USER_AGENT = "confirmation-pipeline/1";
const MAX_ERROR_LENGTH = 300;

export interface Call {
  readonly destination: Destination;
  readonly webhook: Webhook;
  readonly keys: readonly SigningKey[];
  readonly deadlineMs: number;
  /** Epoch milliseconds, signed as `webhook-timestamp`. */
  readonly now: number;
}

export async function attempt(origins: Origins, call: Call): Promise<AttemptOutcome> {
  const { destination, webhook, keys, deadlineMs, now } = call;
  const timestampSeconds = Math.floor(now / 1000);
  const deadline = new AbortController();
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
        },
        body: webhook.body,
      });
      await readToBound(response.body);
      return classifyStatus(response.statusCode);
    });
    return await Promise.race([answer, rejection(deadline.signal)]);
  } catch (error) {
    return classifyError(deadline.signal.aborted ? deadline.signal.reason : error);
  } finally {
    clearTimeout(timer);
  }
}

function rejection(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason as Error));
  });
}

class DeadlineError extends Error {
  constructor(deadlineMs: number) {
    super(`no complete answer within ${deadlineMs} ms`);
  }
}

/** Reads what is left, so that the connection can be used again; past the bound the connection is given up instead. */
async function readToBound(body: Dispatcher.ResponseData["body"]): Promise<void> {
  let bytes = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_ANSWER_BYTES) break;
  }
}

function classifyStatus(status: number): AttemptOutcome {
  if (status >= 200 && status < 300) return { kind: "delivered", status };
  const failureClass: FailureClass = status >= 300 && status < 400 ? "redirect" : "status";
  const error =
    failureClass === "redirect"
      ? `the endpoint answered ${status}, and redirects are not followed`
      : `the endpoint answered ${status}`;
  return { kind: "failed", class: failureClass, status, error };
}

const TIMEOUTS = [DeadlineError, errors.ConnectTimeoutError, errors.HeadersTimeoutError, errors.BodyTimeoutError];

function classifyError(error: unknown): AttemptOutcome {
  const { code, message } = error as { code?: string; message?: string };
  if (code === "DESTINATION_REFUSED")
    return { kind: "failed", class: "refused", error: `${message}`.slice(0, MAX_ERROR_LENGTH) };
  const isTimeout = code === "CONNECTED_LATE" || TIMEOUTS.some((type) => error instanceof type);
  const said = message || code || String(error);
  return { kind: "failed", class: isTimeout ? "timeout" : "connection", error: said.slice(0, MAX_ERROR_LENGTH) };
}
