/**
 * What time an invocation has left. An environment runs one at a time, so its clients share one of these; the
 * invocation itself ends in order before Lambda would end it, with what it counted and what it could not do.
 */

/** What Lambda tells, as far as it is of use here. */
export interface TimedContext {
  getRemainingTimeInMillis(): number;
}

/** Milliseconds that an invocation keeps for itself, to tell how it went. */
const TELLING_MS = 2000;

export class Invocation {
  #context: TimedContext | undefined;

  /** Called first in each invocation. */
  begin(context: TimedContext | undefined): void {
    this.#context = context;
  }

  /** Milliseconds that calls have left. */
  readonly leftMs = (): number =>
    this.#context === undefined ? Number.POSITIVE_INFINITY : this.#context.getRemainingTimeInMillis() - TELLING_MS;
}
