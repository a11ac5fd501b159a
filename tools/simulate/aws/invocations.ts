/**
 * A function that a schedule invokes, as Lambda runs it: each minute once for each of its parts, now and then twice,
 * beside runs that are still going on; an execution that lasts longer than its time limit is ended wherever it is, and
 * nothing that it waits for ever comes.
 *
 *   running -> ended    it returned
 *   running -> killed   its time was over
 */
import type { VirtualTime } from "../run/virtual-time.ts";

export interface InvocationsOptions {
  readonly time: VirtualTime;
  readonly everyMs: number;
  readonly timeoutMs: number;
  readonly parts: number;
  /** Part of the schedule's turns that come twice: it fires at least once. */
  readonly twice: number;
  readonly invoke: (execution: Execution, part: number) => Promise<unknown>;
  /** In [0, 1). */
  readonly random: () => number;
}

export class Execution {
  readonly #time: VirtualTime;
  readonly #endsAt: number;
  mode: "running" | "ended" | "killed" = "running";
  /** Epoch milliseconds until which its CPU has work. */
  #busyUntil = 0;

  constructor(time: VirtualTime, timeoutMs: number) {
    this.#time = time;
    this.#endsAt = time.now() + timeoutMs;
  }

  readonly remainingMs = (): number => this.#endsAt - this.#time.now();

  /** A call that it makes: first its CPU, one thing after the other, then what is called. */
  async call<Answer>(cpuMs: number, roundTripMs: number, respond: () => Promise<Answer>): Promise<Answer> {
    const { now } = this.#time;
    this.#busyUntil = Math.max(this.#busyUntil, now()) + cpuMs;
    const result = await this.#time.beside(async () => {
      await this.#time.pause(this.#busyUntil - now() + roundTripMs);
      return respond();
    });
    return this.mode === "killed" ? never() : result;
  }
}

export class Invocations {
  readonly #options: InvocationsOptions;
  #running = new Set<Execution>();
  killed = 0;

  constructor(options: InvocationsOptions) {
    this.#options = options;
  }

  /** Executions that are paid for just now. */
  get running(): number {
    return this.#running.size;
  }

  /** Begins the schedule. @param failed told of what an execution threw */
  start(failed: (error: unknown) => void): void {
    const { time, everyMs, parts, twice, random } = this.#options;
    const turn = () => {
      for (let part = 0; part < parts; part += 1) {
        this.#begin(part, failed);
        if (random() < twice) this.#begin(part, failed);
      }
      time.at(time.now() + everyMs, turn);
    };
    time.at(time.now() + everyMs, turn);
  }

  #begin(part: number, failed: (error: unknown) => void): void {
    const { time, timeoutMs, invoke } = this.#options;
    const execution = new Execution(time, timeoutMs);
    this.#running.add(execution);
    time.at(time.now() + timeoutMs, () => {
      if (execution.mode !== "running") return;
      execution.mode = "killed";
      this.killed += 1;
      this.#running.delete(execution);
    });
    const ended = () => {
      if (execution.mode === "running") execution.mode = "ended";
      this.#running.delete(execution);
    };
    void invoke(execution, part).then(ended, (error: unknown) => {
      ended();
      failed(error);
    });
  }
}

function never(): Promise<never> {
  return new Promise(() => {});
}
