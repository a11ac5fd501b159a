/** One request whose response is wanted as one text, within a time. */
import type { ResponseHeaders } from "../../http/response-head.ts";
import type { Request, RequestHandler, RequestProgress } from "../../http/connection.ts";
import { goOnAfterReads } from "../../concurrency/together.ts";
import { beginDeadline, type Deadline } from "../../concurrency/deadlines.ts";
import { takeOut } from "../../cache/take-out.ts";
import type { ConnectionPools } from "../../http/connection-pools.ts";
import { PipelineError } from "../../errors/pipeline-error.ts";

/** The service answered, but not with 200. */
class UnexpectedResponseError extends PipelineError {
  override readonly name = "UnexpectedResponseError";
  readonly code = "FAST_PATH_REFUSED";
}

/** There is no whole response within the time that a call may take. */
class UnansweredError extends PipelineError {
  override readonly name = "UnansweredError";
  readonly code = "FAST_PATH_UNANSWERED";
}

const OK = 200;
/** Characters of a response that are told. */
const MAX_REPORTED = 300;

export interface ReceiveOptions {
  /** Scheme, host and port. */
  readonly origin: string;
  readonly request: Request;
  /** Milliseconds for the whole response. */
  readonly timeoutMs: number;
  readonly abortSignal: AbortSignal | undefined;
  /** Told the `Date` of the response, whatever its status. @default nobody is */
  readonly heardDate?: ((date: unknown) => void) | undefined;
}

/** @returns the body of a 200. @throws an Error for any other status, and those of the connection */
export function receive(pools: ConnectionPools, options: ReceiveOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    options.abortSignal?.throwIfAborted();
    pools.send(options.origin, new Receiving(options, resolve, reject));
  });
}

/**
 * By the signal that ends them, a few each; a listener put on and taken off for each call would cost as much as its
 * signature. No Set: with its tables, as `TurnoverMap` tells, it would keep the text of one response in two.
 */
const inFlight = new WeakMap<AbortSignal, Receiving[]>();

function inFlightOf(signal: AbortSignal): Receiving[] {
  const known = inFlight.get(signal);
  if (known !== undefined) return known;
  const calls: Receiving[] = [];
  inFlight.set(signal, calls);
  signal.addEventListener("abort", () => [...calls].forEach((call) => call.onError(signal.reason)), { once: true });
  return calls;
}

class Receiving implements RequestHandler {
  /** AWS bounds what it answers itself. */
  readonly mostBytes = Number.POSITIVE_INFINITY;
  readonly #options: ReceiveOptions;
  readonly #resolve: (text: string) => void;
  readonly #reject: (error: unknown) => void;
  readonly #deadline: Deadline;
  readonly #chunks: Buffer[] = [];
  #connection: RequestProgress | undefined;
  #status = 0;
  #length = 0;
  #text: string | undefined;
  #hasEnded = false;

  constructor(options: ReceiveOptions, resolve: (text: string) => void, reject: (error: unknown) => void) {
    this.#options = options;
    this.#resolve = resolve;
    this.#reject = reject;
    const { timeoutMs, abortSignal } = options;
    this.#deadline = beginDeadline(timeoutMs, () =>
      this.onError(new UnansweredError(`no answer within ${timeoutMs} ms`)),
    );
    if (abortSignal !== undefined) inFlightOf(abortSignal).push(this);
  }

  begin(connection: RequestProgress): Request | undefined {
    if (this.#hasEnded) return undefined;
    this.#connection = connection;
    return this.#options.request;
  }

  onHead(status: number, headers: ResponseHeaders): void {
    this.#status = status;
    this.#options.heardDate?.(headers["date"]);
    this.#length = Number(headers["content-length"]);
  }

  /** What comes in one piece, as most do, is not copied. */
  onData(bytes: Buffer, from: number, to: number): void {
    if (to - from === this.#length) this.#text = bytes.toString("utf8", from, to);
    else this.#chunks.push(Buffer.from(bytes.subarray(from, to)));
  }

  /** There is a bound only to a line around chunks. */
  onCut(): void {
    this.onError(new UnansweredError("answered with a line around its chunks that is too long"));
  }

  onEnd(): void {
    this.#settle();
    const text = this.#text ?? Buffer.concat(this.#chunks).toString();
    if (this.#status === OK) goOnAfterReads(() => this.#resolve(text));
    else this.#reject(new UnexpectedResponseError(`answered ${this.#status}: ${text.slice(0, MAX_REPORTED)}`));
  }

  onError(error: unknown): void {
    if (this.#hasEnded) return;
    this.#settle();
    this.#connection?.giveUp();
    this.#reject(error);
  }

  #settle(): void {
    this.#hasEnded = true;
    this.#deadline.cancel();
    const { abortSignal } = this.#options;
    if (abortSignal !== undefined) takeOut(inFlightOf(abortSignal), this);
  }
}
