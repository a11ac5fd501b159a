/**
 * One execution environment of a function: a thread or a process that handles one invocation after the other. A timeout
 * ends it, as it does in Lambda, and so does a crash; whoever holds it then makes a new one.
 *
 * States: idle → busy (invoke) → idle (answer) | ended (timeout, crash, end).
 */
import { randomBytes, randomUUID } from "node:crypto";
import type { Writable } from "node:stream";
import { LocalError } from "../local-error.ts";
import type { FunctionDefinition } from "./function-definition.ts";
import type { Invocation, InvocationResult } from "./handler-of.ts";
import { type Host, type HostEvents, startProcess, startThread } from "./hosts.ts";

export interface EnvironmentLog {
  readonly file: string;
  readonly stream: Writable;
}

export class ExecutionEnvironment {
  readonly #definition: FunctionDefinition;
  readonly #host: Host;
  #ended = false;
  #answer: ((result: InvocationResult) => void) | undefined;
  #fail: ((error: Error) => void) | undefined;
  /** Resolves when it handles no invocation. */
  #finished: Promise<unknown> = Promise.resolve();

  /** @param line told each line of its output */
  constructor(definition: FunctionDefinition, log: EnvironmentLog, line: (line: string) => void = () => undefined) {
    this.#definition = definition;
    const events: HostEvents = {
      line,
      answer: (result) => this.#answer?.(result),
      ended: (how) => this.#end(how),
    };
    this.#host =
      definition.runsIn === "process"
        ? startProcess(definition, log.file, events)
        : startThread(definition, log.stream, events);
  }

  /** Of a process that handles an invocation now. */
  get busyPid(): number | undefined {
    return this.#answer === undefined ? undefined : this.#host.pid;
  }

  get finished(): Promise<unknown> {
    return this.#finished;
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** @throws LocalError LOCAL_FUNCTION_FAILED with the function's own error, its timeout or its crash */
  async invoke(event: unknown): Promise<unknown> {
    const { name, timeoutMs } = this.#definition;
    const { promise, resolve, reject } = Promise.withResolvers<InvocationResult>();
    this.#answer = resolve;
    this.#fail = reject;
    this.#finished = promise.catch(() => undefined);
    const timer = setTimeout(() => {
      this.#end(`Task timed out after ${timeoutMs / 1000} seconds`);
      void this.#host.end("SIGKILL");
    }, timeoutMs);
    const invocation: Invocation = {
      requestId: randomUUID(),
      // As Lambda has it, and a third of what a structured clone of a batch takes.
      event: JSON.stringify(event ?? {}),
      deadlineAt: Date.now() + timeoutMs,
      traceHeader: newTraceHeader(),
    };
    try {
      if (this.#ended) this.#end("was stopped");
      this.#host.invoke(invocation);
      const result = await promise;
      if (result.ok) return result.value;
      throw new LocalError("LOCAL_FUNCTION_FAILED", `${name}: ${result.name}: ${result.message}`, {
        cause: result.stack,
      });
    } finally {
      clearTimeout(timer);
      this.#answer = undefined;
      this.#fail = undefined;
    }
  }

  /** Resolves when it is gone. */
  async end(signal: NodeJS.Signals = "SIGKILL"): Promise<void> {
    this.#end("was stopped");
    await this.#host.end(signal);
  }

  #end(how: string): void {
    this.#ended = true;
    this.#fail?.(new LocalError("LOCAL_FUNCTION_FAILED", `${this.#definition.name}: ${how}`));
  }
}

let lastSampledSecond = 0;

/** A new trace for each invocation; the first of each second is sampled, which is X-Ray's own default. */
function newTraceHeader(): string {
  const second = Math.floor(Date.now() / 1000);
  const sampled = second === lastSampledSecond ? 0 : 1;
  lastSampledSecond = second;
  return (
    `Root=1-${second.toString(16)}-${randomBytes(12).toString("hex")};` +
    `Parent=${randomBytes(8).toString("hex")};Sampled=${sampled}`
  );
}
