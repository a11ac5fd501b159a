/**
 * One invocation as Lambda runs it: at its time limit it is ended wherever it stands. What it had asked for by then is
 * carried out all the same and answers nobody; nothing more is begun. Calls go through `port`, which lets each take its
 * time on a clock.
 */
import type { FakeClock } from "./fake-clock.ts";

export type Invoked<Value> =
  | { readonly kind: "done"; readonly value: Value }
  | { readonly kind: "failed"; readonly error: unknown }
  | { readonly kind: "timed out" };

export class LambdaRun {
  readonly #clock: FakeClock;
  readonly #endsAt: number;
  /** A person, or AWS, ends it before its time. */
  isKilled = false;

  constructor(clock: FakeClock, timeoutMs: number) {
    this.#clock = clock;
    this.#endsAt = clock.now() + timeoutMs;
  }

  /** As `context.getRemainingTimeInMillis()`. */
  readonly remainingMs = (): number => Math.max(0, this.#endsAt - this.#clock.now());

  get isOver(): boolean {
    return this.isKilled || this.remainingMs() === 0;
  }

  /**
   * The same port as this invocation has it. A call is carried out half-way through its time.
   *
   * @param callMs of each call
   */
  port<Port extends object>(port: Port, callMs = 0): Port {
    return new Proxy(port, {
      get: (target, property) => {
        const member = Reflect.get(target, property, target) as unknown;
        if (typeof member !== "function") return member;
        return (...args: unknown[]) => this.#call(() => member.apply(target, args) as unknown, callMs);
      },
    });
  }

  async run<Value>(handle: () => Promise<Value>): Promise<Invoked<Value>> {
    const timedOut = this.#clock.wait(this.remainingMs()).then((): Invoked<Value> => ({ kind: "timed out" }));
    const handled = handle().then(
      (value): Invoked<Value> => ({ kind: "done", value }),
      (error: unknown): Invoked<Value> => ({ kind: "failed", error }),
    );
    return Promise.race([handled, timedOut]);
  }

  async #call(act: () => unknown, callMs: number): Promise<unknown> {
    if (this.isOver) return never();
    if (callMs > 0) await this.#clock.wait(callMs / 2);
    const result = await act();
    if (callMs > 0) await this.#clock.wait(callMs / 2);
    return this.isOver ? never() : result;
  }
}

/**
 * An EventBridge schedule: each turn at least once.
 * @param times how often a turn comes,
 * @default once.
 * @returns ends it
 */
export function schedule(
  clock: FakeClock,
  everyMs: number,
  invoke: () => void,
  times: (turn: number) => number = () => 1,
): () => void {
  let turn = 0;
  const run = () => {
    for (let count = times(turn); count > 0; count -= 1) invoke();
    turn += 1;
  };
  run();
  return clock.every(everyMs, run);
}

function never(): Promise<never> {
  return new Promise(() => undefined);
}
