/**
 * One call to a merchant, from destination and body to outcome; it never throws for what a merchant does. One deadline covers
 * resolve, connect, TLS, headers and body. Only 2xx with its whole body is success, and a failing status is one as soon as it is there;
 * redirects are not followed; the body is read to a bound and never decompressed, since nothing in it decides anything.
 */
import type { Dispatcher } from "undici";
import { type AnswerHeaders, outcomeOf } from "../core/answer-outcome.ts";
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
/** Interim answers (1xx) are none. */
const FIRST_FINAL_STATUS = 200;

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

export function attempt(origins: Origins, call: Call): Promise<AttemptOutcome> {
  return origins.use(call.destination.origin, (dispatcher) => new Exchange(call).run(dispatcher));
}

/**
 * One request and its answer, heard through undici's handler interface: a stream, an abort signal and a race of promises for each call
 * would take as much CPU time as the call itself.
 *
 *   asked -> started   the request is written to an open connection; before that nothing was sent, and an end keeps it from being sent
 *   any   -> ended     by `#end`, once: answered, cut at a bound, broken, or past its deadline
 */
class Exchange implements Dispatcher.DispatchHandler {
  readonly #call: Call;
  readonly #done: PromiseWithResolvers<AttemptOutcome> = Promise.withResolvers();
  #timer: NodeJS.Timeout | undefined;
  #controller: Dispatcher.DispatchController | undefined;
  #answered: AttemptOutcome | undefined;
  #body: AnswerBody | undefined;
  #hasEnded = false;

  constructor(call: Call) {
    this.#call = call;
  }

  run(dispatcher: Dispatcher): Promise<AttemptOutcome> {
    const { destination, webhook, keys, deadlineMs, now, traceparent } = this.#call;
    const timestampSeconds = Math.floor(now / 1000);
    // An answer that came in time while this process was busy is read first: in the loop, input comes between timers and immediates.
    this.#timer = setTimeout(() => setImmediate(() => this.#fail(new DeadlineError(deadlineMs))), deadlineMs);
    try {
      dispatcher.dispatch(
        {
          path: destination.path,
          method: "POST",
          headersTimeout: 0,
          bodyTimeout: 0,
          headers: [
            "content-type",
            "application/json",
            "accept-encoding",
            "identity",
            "user-agent",
            USER_AGENT,
            "webhook-id",
            webhook.id,
            "webhook-timestamp",
            String(timestampSeconds),
            "webhook-signature",
            signatureHeader(keys, { ...webhook, timestampSeconds }, now),
            ...(traceparent === undefined ? [] : ["traceparent", traceparent]),
          ],
          body: webhook.body,
        },
        this,
      );
    } catch (error) {
      this.#fail(error);
    }
    return this.#done.promise;
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.#hasEnded) controller.abort(new DeadlineError(this.#call.deadlineMs));
    else this.#controller = controller;
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: AnswerHeaders): void {
    if (status < FIRST_FINAL_STATUS) return;
    this.#answered = outcomeOf(status, headers, this.#call.now);
    this.#body = new AnswerBody(KEPT_BYTES[this.#answered.kind]);
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#body?.add(chunk) === false) this.#end(this.#withBody());
  }

  onResponseEnd(): void {
    this.#body?.close();
    // The connection is used again: it must not be given up.
    this.#controller = undefined;
    this.#end(this.#withBody());
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, error: Error): void {
    this.#fail(error);
  }

  /** A failing status counts as soon as it is there, whatever becomes of its body. */
  #fail(error: unknown): void {
    if (this.#answered?.kind === "failed") return this.#end(this.#withBody());
    const outcome = outcomeOfError(error);
    this.#end(this.#answered === undefined ? outcome : { ...outcome, isReached: true });
  }

  #end(outcome: AttemptOutcome): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    clearTimeout(this.#timer);
    this.#controller?.abort(new GivenUpError());
    this.#done.resolve(outcome);
  }

  #withBody(): AttemptOutcome {
    const answer = this.#body?.text;
    const outcome = this.#answered ?? outcomeOfError(new GivenUpError());
    return answer === undefined ? outcome : { ...outcome, answer };
  }
}

/** Nothing more is wanted of a connection; nobody sees it. */
class GivenUpError extends Error {}
