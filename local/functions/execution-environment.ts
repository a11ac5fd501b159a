/**
 * One execution environment of a function: a thread that handles one invocation after the other. A timeout ends it, as
 * it does in Lambda, and so does a crash; whoever holds it then makes a new one.
 *
 * States: idle → busy (invoke) → idle (answer) | ended (timeout, crash, end).
 */
import { randomBytes, randomUUID } from "node:crypto";
import { createInterface } from "node:readline";
import type { Writable } from "node:stream";
import { Worker } from "node:worker_threads";
import { LocalError } from "../local-error.ts";
import type { FunctionDefinition } from "./function-definition.ts";
import type { HostData, Invocation, InvocationResult } from "./function-host.ts";
import { errorLine } from "../../core/errors/error-fields.ts";

export class ExecutionEnvironment {
  readonly #definition: FunctionDefinition;
  readonly #thread: Worker;
  #ended = false;
  #answer: ((result: InvocationResult) => void) | undefined;
  #fail: ((error: Error) => void) | undefined;

  /** @param onLine told each line of its output */
  constructor(definition: FunctionDefinition, log: Writable, onLine: (line: string) => void = () => undefined) {
    this.#definition = definition;
    const workerData: HostData = {
      module: definition.module,
      exportName: definition.exportName,
      functionName: definition.name,
      functionArn: definition.arn,
      memoryMiB: definition.memoryMiB,
    };
    this.#thread = new Worker(new URL("function-host.ts", import.meta.url), {
      workerData,
      env: { ...definition.environment },
      execArgv: [...definition.nodeFlags],
      stdout: true,
      stderr: true,
    });
    for (const output of [this.#thread.stdout, this.#thread.stderr]) {
      output.pipe(log, { end: false });
      createInterface({ input: output }).on("line", onLine);
    }
    this.#thread.on("message", (result: InvocationResult) => this.#answer?.(result));
    this.#thread.on("error", (error: unknown) => this.#end(`crashed: ${errorLine(error)}`));
    this.#thread.on("exit", (code) => this.#end(`ended with code ${code}`));
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
    const timer = setTimeout(() => {
      this.#end(`Task timed out after ${timeoutMs / 1000} seconds`);
      void this.#thread.terminate();
    }, timeoutMs);
    const invocation: Invocation = {
      requestId: randomUUID(),
      // As Lambda has it, and a third of what a structured clone of a batch takes.
      event: JSON.stringify(event ?? {}),
      deadlineAt: Date.now() + timeoutMs,
      traceHeader: newTraceHeader(),
    };
    try {
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, no window
      this.#thread.postMessage(invocation);
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

  async end(): Promise<void> {
    this.#end("was stopped");
    await this.#thread.terminate();
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
