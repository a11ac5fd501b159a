/**
 * Keeps one task of the service running, as ECS would: a worker that ends by itself is started again, with a growing
 * wait if it ends soon after its start. One task runs here whatever the scaling says.
 *
 * States: stopped → running (restart) → running (ended by itself or killed: started again) → stopped (stop).
 */
import { join } from "node:path";
import { LocalError } from "../local-error.ts";
import type { LocalLog, LocalWorker } from "../local-stack.ts";
import { machineEnvironment } from "../processes/machine-environment.ts";
import type { ProcessRegister } from "../processes/process-register.ts";
import type { ProgramObserver } from "../program-observer.ts";
import { type Child, startChild } from "../processes/start-child.ts";
import type { TaskDefinition } from "./task-definition.ts";
import { errorLine } from "../../core/errors/error-fields.ts";

/** What the worker logs when it has begun to receive. */
const READY_MESSAGE = "worker ready";
/** Far beyond what a loaded machine needs: this is for a part that hangs. */
const READY_WITHIN_MS = 120_000;
/** A worker that ran this long before it ended is started again at once. */
const STEADY_AFTER_MS = 10_000;
const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 10_000;

export interface WorkerOptions {
  readonly task: TaskDefinition;
  readonly logDirectory: string;
  readonly register: ProcessRegister;
  readonly log: LocalLog;
  readonly observer?: ProgramObserver;
}

export class WorkerProcess implements LocalWorker {
  readonly #options: WorkerOptions;
  #child: Child | undefined;
  #wanted = false;
  #starts = 0;
  #soonEnds = 0;
  #again: NodeJS.Timeout | undefined;

  constructor(options: WorkerOptions) {
    this.#options = options;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  get isRunning(): boolean {
    return this.#child !== undefined;
  }

  get starts(): number {
    return this.#starts;
  }

  async kill(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    child.process.kill(signal);
    await child.ended;
  }

  async stop(): Promise<void> {
    this.#wanted = false;
    clearTimeout(this.#again);
    const child = this.#child;
    if (child === undefined) return;
    child.process.kill("SIGTERM");
    const timer = setTimeout(() => child.process.kill("SIGKILL"), this.#options.task.stopTimeoutMs);
    await child.ended;
    clearTimeout(timer);
  }

  async restart(): Promise<void> {
    await this.stop();
    this.#wanted = true;
    this.#soonEnds = 0;
    await this.#start();
  }

  async #start(): Promise<void> {
    const { task, logDirectory, register, observer } = this.#options;
    const startedAt = Date.now();
    const { promise: ready, resolve: onReady } = Promise.withResolvers<"ready">();
    const logFile = join(logDirectory, `${task.name}.log`);
    const child = startChild({
      program: task.program,
      nodeFlags: task.nodeFlags,
      environment: { ...machineEnvironment(), ...task.environment },
      workingDirectory: task.directory,
      logFile,
      onLine: (line) => {
        observer?.line(task.logGroup, line);
        if (line.includes(`"${READY_MESSAGE}"`)) onReady("ready");
      },
    });
    this.#child = child;
    this.#starts += 1;
    register.note("worker", child.pid);
    void child.ended.then((how) => this.#ended(child, how, startedAt));
    const timeout = new Promise<string>((resolve) => {
      setTimeout(resolve, READY_WITHIN_MS, "it did not say that it is ready").unref();
    });
    const first = await Promise.race([ready, child.ended, timeout]);
    if (first !== "ready" && this.#starts === 1)
      throw new LocalError(
        "LOCAL_PART_FAILED",
        `The worker did not start (${first}); its last words are in ${logFile}.`,
      );
  }

  #ended(child: Child, how: string, startedAt: number): void {
    const { register, log } = this.#options;
    register.forget(child.pid);
    if (this.#child === child) this.#child = undefined;
    if (!this.#wanted) return;
    this.#soonEnds = Date.now() - startedAt > STEADY_AFTER_MS ? 0 : this.#soonEnds + 1;
    const waitMs = Math.min(LONGEST_WAIT_MS, this.#soonEnds === 0 ? 0 : FIRST_WAIT_MS * 2 ** (this.#soonEnds - 1));
    log(`The worker ended (${how}); it is started again${waitMs === 0 ? "" : ` in ${waitMs} ms`}.`);
    this.#again = setTimeout(() => {
      if (this.#wanted) this.#start().catch((error: unknown) => log(errorLine(error)));
    }, waitMs);
  }
}
