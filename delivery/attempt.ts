/**
 * One call to a merchant, from destination and body to outcome; it never throws for what a merchant does. One deadline covers
 * resolve, connect, TLS, headers and body. Only 2xx with its whole body is success, and a failing status is one as soon as it is there;
 * redirects are not followed; the body is read to a bound and never decompressed, since nothing in it decides anything.
 */
import { outcomeOf } from "../core/answer-outcome.ts";
import type { AttemptOutcome } from "../core/next-step.ts";
import { signatureHeader, type SigningKey } from "../core/merchant-keys.ts";
import type { Webhook } from "../core/webhook.ts";
import type { AnswerHeaders } from "../http1/answer-head.ts";
import type { Connection, Exchange, Request } from "../http1/connection.ts";
import type { Origins } from "../http1/origins.ts";
import { postRequest } from "../http1/post-request.ts";
import { AnswerBody } from "./answer-body.ts";
import { DeadlineError, outcomeOfError } from "./connection-error.ts";
import type { Destination } from "./destination.ts";

/** Bytes of an answer that are kept: of a failure enough to find its cause, of a delivery enough to know who answered. */
const KEPT_BYTES = { failed: 1024, delivered: 128 } as const;
const SAME_HEADERS = [
  "connection: keep-alive",
  "content-type: application/json",
  "accept-encoding: identity",
  "user-agent: confirmation-pipeline/1",
  "",
].join("\r\n");

export interface Call {
  readonly destination: Destination;
  readonly webhook: Webhook;
  readonly keys: readonly SigningKey[];
  readonly deadlineMs: number;
  /** Epoch milliseconds, signed as `webhook-timestamp`. */
  readonly now: number;
  /** W3C Trace Context, for a merchant that goes on with the trace. */
  readonly traceparent?: string | undefined;
}

export function attempt(origins: Pick<Origins, "send">, call: Call): Promise<AttemptOutcome> {
  return new Promise((resolve) => {
    origins.send(call.destination.origin, new Attempt(call, resolve));
  });
}

/**
 * One request and its answer.
 *
 *   asked -> begun   the request is written to an open connection; before that nothing was sent, and an end keeps it from being sent
 *   any   -> ended   by `#end`, once: answered, cut at a bound, broken, or past its deadline
 */
class Attempt implements Exchange {
  readonly #call: Call;
  readonly #done: (outcome: AttemptOutcome) => void;
  readonly #timer: NodeJS.Timeout;
  #connection: Connection | undefined;
  #answered: AttemptOutcome | undefined;
  #body: AnswerBody | undefined;
  #hasEnded = false;

  constructor(call: Call, done: (outcome: AttemptOutcome) => void) {
    this.#call = call;
    this.#done = done;
    const { deadlineMs } = call;
    // An answer that came in time while this process was busy is read first: in the loop, input comes between timers and immediates.
    this.#timer = setTimeout(() => setImmediate(() => this.onError(new DeadlineError(deadlineMs))), deadlineMs);
  }

  begin(connection: Connection): Request | undefined {
    if (this.#hasEnded) return undefined;
    this.#connection = connection;
    return requestOf(this.#call);
  }

  onHead(status: number, headers: AnswerHeaders): void {
    this.#answered = outcomeOf(status, headers, this.#call.now);
    this.#body = new AnswerBody(KEPT_BYTES[this.#answered.kind]);
  }

  onData(bytes: Buffer, from: number, to: number): void {
    if (this.#body?.add(bytes, from, to) !== false) return;
    this.#connection?.giveUp();
    this.#end(this.#withBody());
  }

  onEnd(): void {
    this.#body?.close();
    this.#end(this.#withBody());
  }

  /** A failing status counts as soon as it is there, whatever becomes of its body. */
  onError(error: unknown): void {
    if (this.#hasEnded) return;
    this.#connection?.giveUp();
    if (this.#answered?.kind === "failed") return this.#end(this.#withBody());
    const outcome = outcomeOfError(error);
    this.#end(this.#answered === undefined ? outcome : { ...outcome, isReached: true });
  }

  #end(outcome: AttemptOutcome): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    clearTimeout(this.#timer);
    this.#done(outcome);
  }

  #withBody(): AttemptOutcome {
    const answer = this.#body?.text;
    // There is no end of an answer before its head.
    const outcome = this.#answered as AttemptOutcome;
    return answer === undefined ? outcome : { ...outcome, answer };
  }
}

function requestOf({ destination, webhook, keys, now, traceparent }: Call): Request {
  const { origin, path } = destination;
  const { id, body } = webhook;
  const timestampSeconds = Math.floor(now / 1000);
  const signature = signatureHeader(keys, { id, body, timestampSeconds }, now);
  const trace = traceparent === undefined ? "" : `traceparent: ${traceparent}\r\n`;
  const headers = `host: ${origin.slice(origin.indexOf("//") + 2)}\r\n${SAME_HEADERS}webhook-id: ${id}\r\nwebhook-timestamp: ${timestampSeconds}\r\nwebhook-signature: ${signature}\r\n${trace}`;
  return postRequest(path, headers, body);
}
