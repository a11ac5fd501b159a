/**
 * What an execution environment runs in: a thread, which is quick to start, or a process of its own, which can be
 * killed as a worker can, and trusts the authorities of this machine's user for merchants over https.
 */
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Writable } from "node:stream";
import { Worker } from "node:worker_threads";
import { errorLine } from "../../core/errors/error-fields.ts";
import { compiledPrograms, machineEnvironment } from "../processes/machine-environment.ts";
import { ownProgram } from "../processes/own-program.ts";
import { startChild } from "../processes/start-child.ts";
import type { FunctionDefinition } from "./function-definition.ts";
import type { HostData, Invocation, InvocationResult } from "./handler-of.ts";

export interface Host {
  /** Of a process. */
  readonly pid: number | undefined;
  invoke(invocation: Invocation): void;
  /** Resolves when it is gone. */
  end(signal: NodeJS.Signals): Promise<void>;
}

export interface HostEvents {
  /** Told each line of its output. */
  readonly line: (line: string) => void;
  readonly answer: (result: InvocationResult) => void;
  /** It is gone, with a few words on how. May come more than once. */
  readonly ended: (how: string) => void;
}

const PROCESS_HOST = fileURLToPath(ownProgram("./process-host", import.meta));

export function startThread(definition: FunctionDefinition, log: Writable, events: HostEvents): Host {
  const thread = new Worker(ownProgram("./function-host", import.meta), {
    workerData: dataOf(definition),
    env: { ...compiledPrograms(), ...definition.environment },
    execArgv: [...definition.nodeFlags],
    stdout: true,
    stderr: true,
  });
  for (const output of [thread.stdout, thread.stderr]) {
    output.pipe(log, { end: false });
    createInterface({ input: output }).on("line", events.line);
  }
  thread.on("message", (result: InvocationResult) => events.answer(result));
  thread.on("error", (error: unknown) => events.ended(`crashed: ${errorLine(error)}`));
  thread.on("exit", (code) => events.ended(`ended with code ${code}`));
  return {
    pid: undefined,
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, no window
    invoke: (invocation) => thread.postMessage(invocation),
    end: async () => void (await thread.terminate()),
  };
}

export function startProcess(definition: FunctionDefinition, logFile: string, events: HostEvents): Host {
  const child = startChild({
    program: PROCESS_HOST,
    args: [JSON.stringify(dataOf(definition))],
    nodeFlags: definition.nodeFlags,
    environment: { ...machineEnvironment(), ...definition.environment },
    logFile,
    onLine: events.line,
  });
  child.process.on("message", (result) => events.answer(result as InvocationResult));
  void child.ended.then((how) => events.ended(`ended (${how})`));
  return {
    pid: child.pid,
    invoke(invocation) {
      // One that is gone has told so.
      if (child.process.connected) child.process.send(invocation, () => undefined);
    },
    async end(signal) {
      child.process.kill(signal);
      await child.ended;
    },
  };
}

function dataOf({ module, exportName, name, arn, memoryMiB }: FunctionDefinition): HostData {
  return { module, exportName, functionName: name, functionArn: arn, memoryMiB };
}
