/**
 * What calls merchants in small-account mode, seen as the worker of the standard mode is: a function, and the mappings
 * from the queues that invoke it. To kill it is to kill the processes of all its execution environments; to stop it is
 * to disable its mappings.
 *
 * States: stopped → running (restart) → stopped (stop: what is under way ends). A kill leaves it running: Lambda makes
 * new environments, and what the killed ones had comes again when its visibility is over.
 */
import type { FunctionPool } from "../functions/function-pool.ts";
import type { LocalWorker } from "../local-stack.ts";

export interface FunctionWorkerOptions {
  readonly functionName: string;
  readonly functions: Pick<FunctionPool, "busyPid" | "replaceAll" | "warm">;
  /** Starts each mapping. @returns what stops it */
  readonly mappings: readonly (() => () => Promise<void>)[];
}

export class FunctionWorker implements LocalWorker {
  readonly #options: FunctionWorkerOptions;
  #running: readonly (() => Promise<void>)[] = [];
  #starts = 0;

  constructor(options: FunctionWorkerOptions) {
    this.#options = options;
  }

  /** Of an environment that is at work; undefined while there is nothing to do. */
  get pid(): number | undefined {
    const { functions, functionName } = this.#options;
    return functions.busyPid(functionName);
  }

  get isRunning(): boolean {
    return this.#running.length > 0;
  }

  get starts(): number {
    return this.#starts;
  }

  async kill(signal: NodeJS.Signals): Promise<void> {
    const { functions, functionName } = this.#options;
    this.#starts += 1;
    await functions.replaceAll(functionName, signal);
  }

  async stop(): Promise<void> {
    const running = this.#running;
    this.#running = [];
    await Promise.all(running.map((stop) => stop()));
  }

  async restart(): Promise<void> {
    await this.stop();
    const { functions, functionName, mappings } = this.#options;
    functions.warm(functionName);
    this.#starts += 1;
    this.#running = mappings.map((start) => start());
  }
}
