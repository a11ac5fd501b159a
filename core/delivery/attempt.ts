/**
 * One call to a merchant, from destination and body to outcome; it never throws for what a merchant does. One deadline
 * covers resolve, connect, TLS, headers and body. Only 2xx with its whole body is success, and a failing status is one
 * as soon as it is there; redirects are not followed; the body is read to a bound and never decompressed, since nothing
 * in it decides anything.
 *
 * A request that a reused connection's end most likely left unread is sent once more within the attempt, on a fresh
 * connection: `webhook-id` makes it idempotent (RFC 9110, section 9.2.2). What was surely not read goes out on another
 * connection without being counted (RFC 9113, section 8.7). Whoever asked for the attempt hears of the final outcome
 * only.
 */
import { goOnAfterReads } from "../concurrency/together.ts";
import { beginDeadline, type Deadline } from "../concurrency/deadlines.ts";
import { outcomeOf } from "./response-outcome.ts";
import type { Merchant } from "../merchant/merchant.ts";
import type { AttemptOutcome } from "../retry/next-step.ts";
import { signatureHeader, type SigningKey } from "../signing/merchant-keys.ts";
import type { Webhook } from "./webhook.ts";
import type { ResponseHeaders } from "../http/response-head.ts";
import type { Request, RequestHandler, RequestProgress, Unread } from "../http/connection.ts";
import type { HttpVersion, TlsIdentity } from "../http/tls-identity.ts";
import type { Transport } from "../http/transport.ts";
import { postRequest } from "../http/post-request.ts";
import { ResponseBody } from "./response-body.ts";
import { type ResponsePhase, DeadlineError, openingDeadlineError, outcomeOfError } from "./connection-error.ts";
import type { Destination } from "./destination.ts";

/**
 * Bytes of a response that are kept: of a failure enough to find its cause, of a delivery enough to know who answered.
 */
const KEPT_BYTES = { failed: 1024, delivered: 128 } as const;
/** Of a delivery whose response is kept as it is. */
const MOST_RESPONSE_BYTES = 4096;
/** Of a response, beside its head, as they come over the wire: enough for any that is meant well. */
const MOST_BYTES = 65_536;
/** Of an attempt: a server that refuses each request has refused this one too. */
const MOST_REFUSALS = 4;
const SAME_HEADERS = [
  "connection: keep-alive",
  "content-type: application/json",
  "accept-encoding: identity",
  "user-agent: confirmation-pipeline/1",
  "",
].join("\r\n");

/** What an attempt needs to know of anything that is posted. */
export interface Posting {
  readonly destination: Destination;
  readonly deadlineMs: number;
  /** Epoch milliseconds. */
  readonly now: number;
  /** Whom it is for, where it may be sent again. */
  readonly merchant?: Pick<Merchant, "merchantId" | "rateLimitPerSecond" | "environment">;
  /** @default nobody: no client certificate is shown */
  readonly identity?: TlsIdentity | undefined;
  /** @default what the transport speaks */
  readonly httpVersion?: HttpVersion | undefined;
  /** Whether the outcome of a delivery has what was responded as it is, up to 4 KB. @default no */
  readonly keepsResponse?: boolean | undefined;
}

export interface Call extends Posting {
  readonly merchant: Pick<Merchant, "merchantId" | "rateLimitPerSecond" | "environment">;
  readonly webhook: Webhook;
  readonly keys: readonly SigningKey[];
  /** Epoch milliseconds, signed as `webhook-timestamp`. */
  readonly now: number;
  /** W3C Trace Context, for a merchant that goes on with the trace. */
  readonly traceparent?: string | undefined;
  /** Further headers, `name: value` with CRLF each; checked already: none of ours, no control characters, ASCII. */
  readonly headerLines?: string | undefined;
  /** In lower case: those of them that nobody is shown. @default none */
  readonly secretNames?: readonly string[] | undefined;
}

/** Whether a request may be sent once more within its attempt, which is counted then. */
export interface Resends {
  mayResend(merchant: Call["merchant"]): boolean | Promise<boolean>;
}

/** @param resends without it nothing is sent more than once */
export function attempt(transport: Transport, call: Call, resends?: Resends): Promise<AttemptOutcome> {
  return new Promise((resolve) => {
    transport.send(call.destination.origin, new Attempt(transport, call, webhookRequest, resends, resolve));
  });
}

/** The same for what is no webhook. @param requestOf makes it, once there is a connection for it */
export function attemptOf<P extends Posting>(
  transport: Transport,
  posting: P,
  requestOf: (posting: P) => Request,
): Promise<AttemptOutcome> {
  return new Promise((resolve) => {
    transport.send(posting.destination.origin, new Attempt(transport, posting, requestOf, undefined, resolve));
  });
}

/**
 * One request and its response.
 *
 *   asked -> begun   the request is written to an open connection; before that nothing was sent, and an end keeps it
 *     from being sent
 *   begun -> asked   once, by `#sendAgain`; by `#sendElsewhere`, where it was surely not read
 *   any   -> ended   by `#end`, once: answered, cut at a bound, broken, or past its deadline
 */
class Attempt<P extends Posting> implements RequestHandler {
  readonly mostBytes = MOST_BYTES;
  readonly #transport: Transport;
  readonly #call: P;
  readonly #requestOf: (call: P) => Request;
  readonly #resends: Resends | undefined;
  readonly #done: (outcome: AttemptOutcome) => void;
  readonly #deadline: Deadline;
  #connection: RequestProgress | undefined;
  #responded: AttemptOutcome | undefined;
  #body: ResponseBody | undefined;
  #hasEnded = false;
  /** Milliseconds of the connections' clock, of the first time that it was sent; set once it is sent again. */
  #firstSentAt: number | undefined;
  /** Whether it may be sent again, after it may have been read. */
  #hasAsked = false;
  #refusals = 0;
  #isResent = false;

  constructor(
    transport: Transport,
    call: P,
    requestOf: (call: P) => Request,
    resends: Resends | undefined,
    done: (outcome: AttemptOutcome) => void,
  ) {
    this.#transport = transport;
    this.#call = call;
    this.#requestOf = requestOf;
    this.#resends = resends;
    this.#done = done;
    const { deadlineMs } = call;
    // A response that came in time while this process was busy is read first: in the loop, input comes between timers
    // and immediates.
    this.#deadline = beginDeadline(deadlineMs, () => setImmediate(() => this.#late()));
  }

  begin(connection: RequestProgress): Request | undefined {
    if (this.#hasEnded) return undefined;
    this.#connection = connection;
    // By the clock too: after a standstill of this process a connection may be ready before its timers have run.
    const { deadlineMs } = this.#call;
    const isLate = this.#firstSentAt !== undefined && connection.sentAt - this.#firstSentAt > deadlineMs;
    if (!isLate) return this.#requestOf(this.#call);
    this.#end(this.#outcomeOf(new DeadlineError(deadlineMs)));
    return undefined;
  }

  #late(): void {
    if (this.#hasEnded) return;
    const { deadlineMs, destination } = this.#call;
    const phase = this.#phase();
    // A connection that is on its way for it alone is not needed any more.
    const opening = phase === undefined ? this.#transport.withdraw(destination.origin, this) : undefined;
    if (opening === undefined) this.onError(new DeadlineError(deadlineMs, phase));
    else this.onError(openingDeadlineError(deadlineMs, destination.origin, opening));
  }

  /** @returns undefined before there is a connection */
  #phase(): ResponsePhase | undefined {
    const connection = this.#connection;
    if (connection === undefined) return undefined;
    if (this.#responded !== undefined) return "body";
    if (connection.isAnswering) return "head";
    return connection.isWriting ? "sending" : "waiting";
  }

  onHead(status: number, headers: ResponseHeaders): void {
    this.#responded = outcomeOf(status, headers, this.#call.now);
    this.#body = new ResponseBody(
      KEPT_BYTES[this.#responded.kind],
      this.#call.keepsResponse === true ? MOST_RESPONSE_BYTES : 0,
    );
  }

  onData(bytes: Buffer, from: number, to: number): void {
    this.#body?.add(bytes, from, to);
  }

  /** The status counts, and what was read. */
  onCut(): void {
    this.#end(this.#withBody());
  }

  onEnd(): void {
    this.#body?.close();
    this.#end(this.#withBody());
  }

  /** A failing status counts as soon as it is there, whatever becomes of its body. */
  onError(error: unknown, isUnread: Unread = false): void {
    if (this.#hasEnded) return;
    if (isUnread === "surely" && this.#refusals < MOST_REFUSALS) return this.#sendElsewhere();
    const { merchant } = this.#call;
    if (isUnread !== false && !this.#hasAsked && this.#resends !== undefined && merchant !== undefined)
      return this.#askToSendAgain(error, this.#resends, merchant);
    this.#connection?.giveUp();
    this.#end(this.#outcomeOf(error));
  }

  /** It was never sent, or the server has said that it did nothing with it: as without that connection. */
  #sendElsewhere(): void {
    this.#refusals += 1;
    this.#firstSentAt ??= this.#connection?.sentAt ?? 0;
    this.#connection = undefined;
    this.#transport.send(this.#call.destination.origin, this, true);
  }

  /** Without a wait where nothing has to be waited for. */
  #askToSendAgain(error: unknown, resends: Resends, merchant: Call["merchant"]): void {
    this.#hasAsked = true;
    this.#firstSentAt ??= this.#connection?.sentAt ?? 0;
    this.#connection = undefined;
    const may = resends.mayResend(merchant);
    if (may instanceof Promise) void this.#waitForLeave(may, error);
    else this.#sendAgain(may, error);
  }

  /** Without the shared record of tokens there is none. */
  async #waitForLeave(leave: Promise<boolean>, error: unknown): Promise<void> {
    const isAllowed = await leave.catch(() => false);
    this.#sendAgain(isAllowed, error);
  }

  #sendAgain(isAllowed: boolean, error: unknown): void {
    if (this.#hasEnded) return;
    if (!isAllowed) return this.#end(this.#outcomeOf(error));
    this.#isResent = true;
    this.#transport.send(this.#call.destination.origin, this, true);
  }

  #end(outcome: AttemptOutcome): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#deadline.cancel();
    const told = this.#isResent ? { ...outcome, isResent: true as const } : outcome;
    goOnAfterReads(() => this.#done(told));
  }

  /** A status that came is told, though the response never became one that counts. */
  #outcomeOf(error: unknown): AttemptOutcome {
    if (this.#responded?.kind === "failed") return this.#withBody();
    const outcome = outcomeOfError(error);
    const status = this.#responded?.status ?? this.#connection?.statusSoFar;
    if (status !== undefined) return { ...outcome, status };
    return this.#connection?.isAnswering === true ? { ...outcome, isReached: true } : outcome;
  }

  #withBody(): AttemptOutcome {
    const response = this.#body?.text;
    // There is no end of a response before its head.
    const outcome = this.#responded as AttemptOutcome;
    const told = response === undefined ? outcome : { ...outcome, answer: response };
    if (this.#call.keepsResponse !== true || told.kind !== "delivered") return told;
    const raw = this.#body?.raw;
    return raw === undefined ? told : { ...told, response: raw };
  }
}

/** A webhook as it is sent: signed, with its own headers first. */
export function webhookRequest({ destination, webhook, keys, now, traceparent, headerLines = "" }: Call): Request {
  const { path } = destination;
  const { id, body } = webhook;
  const timestampSeconds = Math.floor(now / 1000);
  const signature = signatureHeader(keys, { id, body, timestampSeconds }, now);
  const trace = traceparent === undefined ? "" : `traceparent: ${traceparent}\r\n`;
  const headers =
    `host: ${hostOf(destination)}\r\n${SAME_HEADERS}webhook-id: ` +
    `${id}\r\nwebhook-timestamp: ${timestampSeconds}\r\nwebhook-signature: ${signature}\r\n${trace}${headerLines}`;
  return postRequest(path, headers, body);
}

/** With its port, where that is not the scheme's own. */
export function hostOf({ origin }: Destination): string {
  return origin.slice(origin.indexOf("//") + 2);
}
