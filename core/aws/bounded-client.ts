/**
 * The one place that makes clients of the SDK. Each has a bound on every attempt, from dialling to the last byte of the
 * response, on the number of attempts and on the time in which a further one begins; a service that takes connections
 * and says nothing costs its caller that and no more.
 */
import { StandardRetryStrategy } from "@smithy/core/retry";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import { attemptBoundMs, type CallLimits } from "./call-limits.ts";
import { type DateListener, hearDate, isUntouched } from "./service-date.ts";

/** Where a client goes, where that does not follow from the environment. */
export interface Connection {
  readonly region?: string;
  readonly endpoint?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

interface BoundedConfig extends Connection {
  readonly requestHandler: NodeHttpHandler;
  readonly retryStrategy: StandardRetryStrategy;
  readonly maxAttempts: number;
}

/** Milliseconds of the longest wait between two attempts. */
const MAX_BACKOFF_MS = 2000;

/**
 * @param connection and whatever else the client takes
 * @param dates told what time it is by the service. @default nobody is
 */
export function boundedClient<Client, More extends object = Connection>(
  make: new (config: BoundedConfig & More) => Client,
  limits: CallLimits,
  connection = {} as More,
  dates?: DateListener,
): Client {
  return new make({
    ...connection,
    requestHandler: new BoundedHandler(limits, dates),
    retryStrategy: new BoundedRetries(limits),
    maxAttempts: limits.attempts,
  });
}

type Handled = Awaited<ReturnType<NodeHttpHandler["handle"]>>;

/** `TimeoutError` is what the SDK tries again. */
function timedOut(ms: number): Error {
  const message = ms > 0 ? `no whole answer within ${Math.round(ms)} ms` : "no time is left to make this call";
  return Object.assign(new Error(message), { name: "TimeoutError" });
}

/** The SDK's own time-out for a response ends with its headers, and only warns unless told otherwise. */
class BoundedHandler extends NodeHttpHandler {
  readonly #limits: CallLimits;
  readonly #dates: DateListener | undefined;

  constructor(limits: CallLimits, dates: DateListener | undefined) {
    const anew = { keepAlive: false };
    super({
      connectionTimeout: limits.connectMs,
      ...(limits.isDialledAnew === true && { httpAgent: anew, httpsAgent: anew }),
    });
    this.#limits = limits;
    this.#dates = dates;
  }

  override async handle(...[request, options = {}]: Parameters<NodeHttpHandler["handle"]>): Promise<Handled> {
    const boundMs = attemptBoundMs(this.#limits);
    if (boundMs <= 0) throw timedOut(boundMs);
    const ending = new AbortController();
    let body: { destroy(error: Error): unknown } | undefined;
    const timer = setTimeout(() => {
      ending.abort();
      body?.destroy(timedOut(boundMs));
    }, boundMs);
    const abortSignal = options.abortSignal as globalThis.AbortSignal | undefined;
    const abort = () => ending.abort();
    if (abortSignal?.aborted === true) abort();
    else abortSignal?.addEventListener("abort", abort, { once: true });
    const done = () => {
      clearTimeout(timer);
      abortSignal?.removeEventListener("abort", abort);
    };
    const askedAt = performance.now();
    try {
      const handled = await super.handle(request, { ...options, abortSignal: ending.signal });
      ({ body } = handled.response);
      if (this.#dates !== undefined && isUntouched(request))
        hearDate(this.#dates, handled.response.headers["date"], askedAt);
      handled.response.body.once("close", done);
      return handled;
    } catch (error) {
      done();
      if (ending.signal.aborted && abortSignal?.aborted !== true) throw timedOut(boundMs);
      throw error;
    }
  }
}

/** The SDK's way of trying again, within a time. */
class BoundedRetries extends StandardRetryStrategy {
  readonly #limits: CallLimits;
  readonly #begun = new WeakMap<object, number>();

  constructor(limits: CallLimits) {
    super({ maxAttempts: limits.attempts, backoff: new CappedBackoff() });
    this.#limits = limits;
  }

  override async acquireInitialRetryToken(scope: string) {
    const token = await super.acquireInitialRetryToken(scope);
    this.#begun.set(token, performance.now());
    return token;
  }

  override async refreshRetryTokenForRetry(
    ...[token, error]: Parameters<StandardRetryStrategy["refreshRetryTokenForRetry"]>
  ) {
    const { retryWithinMs, leftMs = () => Number.POSITIVE_INFINITY } = this.#limits;
    const begun = this.#begun.get(token) ?? 0;
    if (performance.now() - begun >= retryWithinMs || leftMs() <= MAX_BACKOFF_MS) throw new Error("no time is left");
    const next = await super.refreshRetryTokenForRetry(token, error);
    this.#begun.set(next, begun);
    return next;
  }
}

/** Evenly between nothing and twice as much after each attempt, as the SDK waits, up to a bound. */
class CappedBackoff {
  #baseMs = 0;

  setDelayBase(ms: number): void {
    this.#baseMs = ms;
  }

  computeNextBackoffDelay(attempt: number): number {
    return Math.floor(Math.random() * Math.min(this.#baseMs * 2 ** attempt, MAX_BACKOFF_MS));
  }
}
