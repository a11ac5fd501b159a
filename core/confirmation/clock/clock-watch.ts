/**
 * Whether this task's clock may be signed with. Each service's responses say how far the true time is from the
 * monotonic clock, so a step of the wall clock shows at the very next look, before anything is stamped with it, and so
 * does its return. While the clock is wrong nothing is received and no call begun, the health check fails, and whoever
 * has good clocks does the work.
 *
 * What nothing was heard of yet counts as right: rows and messages come from the same two services, so none is called
 * before both have spoken. A machine that slept has a monotonic clock that did not: it looks wrong until both have
 * spoken anew, some seconds.
 */
import type { DateListener } from "../../aws/service-date.ts";
import { agreedSkewMs, MAX_SKEW_MS } from "../../aws/clock-skew.ts";

export interface ClockWatchOptions {
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Milliseconds since any moment, untouched by steps of the clock. */
  readonly elapsedMs: () => number;
}

/** Milliseconds between two dates of a service that are wanted. */
const HEAR_EVERY_MS = 1000;

export class ClockWatch {
  readonly #options: ClockWatchOptions;
  readonly dynamodb: ServiceClock;
  readonly sqs: ServiceClock;

  constructor(options: ClockWatchOptions) {
    this.#options = options;
    this.dynamodb = new ServiceClock(options.elapsedMs);
    this.sqs = new ServiceClock(options.elapsedMs);
  }

  /**
   * Milliseconds that the clock is ahead of both services at least; negative when it is behind, 0 where they do not
   * agree.
   */
  get skewMs(): number {
    return this.#agreedMs(this.#options.now() - this.#options.elapsedMs());
  }

  get isWrong(): boolean {
    return this.isWrongAt(this.#options.now(), this.#options.elapsedMs());
  }

  /** The same for a moment that both clocks were looked at. */
  readonly isWrongAt = (now: number, elapsedMs: number): boolean =>
    Math.abs(this.#agreedMs(now - elapsedMs)) > MAX_SKEW_MS;

  /** Whether one of the services thinks so, or has not spoken: it is worth asking both. */
  get isDoubtful(): boolean {
    const wallMs = this.#options.now() - this.#options.elapsedMs();
    return [this.dynamodb, this.sqs].some((clock) => Math.abs(clock.aheadBy(wallMs) ?? Infinity) > MAX_SKEW_MS);
  }

  /** What was heard holds no more: the monotonic clock has stood still. */
  forget(): void {
    this.dynamodb.forget();
    this.sqs.forget();
  }

  #agreedMs(wallMs: number): number {
    return agreedSkewMs(this.dynamodb.aheadBy(wallMs), this.sqs.aheadBy(wallMs));
  }
}

class ServiceClock implements DateListener {
  readonly #elapsedMs: () => number;
  /** Epoch milliseconds at the zero of the monotonic clock, by this service. */
  #zeroMs: number | undefined;
  #nextAt = Number.NEGATIVE_INFINITY;

  constructor(elapsedMs: () => number) {
    this.#elapsedMs = elapsedMs;
  }

  forget(): void {
    this.#zeroMs = undefined;
    this.#nextAt = Number.NEGATIVE_INFINITY;
  }

  wants(): boolean {
    return this.#elapsedMs() >= this.#nextAt;
  }

  heard(dateMs: number, midwayMs: number): void {
    this.#zeroMs = dateMs - midwayMs;
    this.#nextAt = this.#elapsedMs() + HEAR_EVERY_MS;
  }

  /** @param wallMs epoch milliseconds at the zero of the monotonic clock, by this task's own clock */
  aheadBy(wallMs: number): number | undefined {
    return this.#zeroMs === undefined ? undefined : wallMs - this.#zeroMs;
  }
}
