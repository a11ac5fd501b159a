/**
 * The clock of a simulation: time stands still while anything is being done at it, and goes on by a tick when
 * everything that runs waits. The pipeline's own code awaits as it always does; what it waits for in time comes from
 * here. A run depends on nothing else than its seed: within a tick things happen in the order in which they were asked
 * for.
 */
import { setImmediate as turn } from "node:timers/promises";
import { PipelineError } from "../../../core/errors/pipeline-error.ts";

/** Milliseconds; everything happens at a multiple of it. */
export const TICK_MS = 10;
/** Epoch milliseconds at which every run begins: 1 January 2027. */
const BEGINNING = Date.UTC(2027, 0, 1);
/** Turns of the event loop after which something waits for what is not of this time. */
const MAX_TURNS = 100_000;

/** Something in a simulation waits for what never comes; a fault of the simulation. */
export class StuckError extends PipelineError {
  override readonly name = "StuckError";
  readonly code = "SIMULATION_STUCK";
}

export class VirtualTime {
  #now = BEGINNING;
  /** Coroutines that do not wait for this time. */
  #running = 0;
  #failure: { readonly error: unknown } | undefined;
  readonly #due = new Map<number, (() => void)[]>();

  /** Epoch milliseconds. */
  readonly now = (): number => this.#now;

  get elapsedSeconds(): number {
    return (this.#now - BEGINNING) / 1000;
  }

  /** Calls back at a time, at the next tick at the earliest. */
  at(time: number, callback: () => void): void {
    const tick = Math.max(this.#now + TICK_MS, Math.ceil(time / TICK_MS) * TICK_MS);
    const there = this.#due.get(tick);
    if (there === undefined) this.#due.set(tick, [callback]);
    else there.push(callback);
  }

  /** Runs something beside everything else. */
  start(job: () => Promise<unknown>): void {
    this.#running += 1;
    job()
      .catch((error: unknown) => {
        this.#failure ??= { error };
      })
      .finally(() => {
        this.#running -= 1;
      });
  }

  /** For a job that was started here: waits until `resume` is called. */
  wait(register: (resume: () => void) => void): Promise<void> {
    this.#running -= 1;
    return new Promise((resolve) =>
      register(() => {
        this.#running += 1;
        resolve();
      }),
    );
  }

  /** For a job that was started here. */
  readonly pause = (ms: number): Promise<void> => this.wait((resume) => this.at(this.#now + ms, resume));

  /** For a job that was started here: waits for all of these, side by side. */
  async all(jobs: readonly (() => Promise<unknown>)[]): Promise<void> {
    let left = jobs.length;
    if (left === 0) return;
    await this.wait((resume) => {
      for (const job of jobs)
        this.start(async () => {
          await job();
          left -= 1;
          if (left === 0) resume();
        });
    });
  }

  /**
   * For code that was not started here and waits for nothing else than this, such as the pipeline's own: what it awaits
   * comes from a job of its own.
   */
  beside<Result>(job: () => Promise<Result>): Promise<Result> {
    return new Promise((resolve, reject) =>
      this.start(async () => {
        try {
          resolve(await job());
        } catch (error) {
          reject(error);
        }
      }),
    );
  }

  /** The same for a mere pause. */
  rest(ms: number): Promise<void> {
    return new Promise((resolve) => this.at(this.#now + ms, resolve));
  }

  /** What went wrong beside it ends the run. */
  failed(error: unknown): void {
    this.#failure ??= { error };
  }

  /** The next tick, and all that follows from it. */
  async advance(eachTick: () => void): Promise<void> {
    this.#now += TICK_MS;
    const due = this.#due.get(this.#now);
    this.#due.delete(this.#now);
    if (due !== undefined) for (const callback of due) callback();
    eachTick();
    let turns = 0;
    do {
      await turn();
      turns += 1;
      if (turns > MAX_TURNS)
        throw new StuckError(
          `${this.#running} jobs wait for what is not of the virtual clock at ${this.elapsedSeconds} s.`,
        );
    } while (this.#running > 0);
    if (this.#failure !== undefined) throw this.#failure.error;
  }
}
