/**
 * Runs the template's functions: each has as many execution environments as invocations are under way, up to its
 * concurrency; an invocation beyond that waits for its turn. Errors go to the function's log as well as to the caller.
 */
import { randomUUID } from "node:crypto";
import { createWriteStream, mkdirSync, type WriteStream } from "node:fs";
import { join } from "node:path";
import { LocalError } from "../local-error.ts";
import { functionLogGroup, type ProgramObserver } from "../program-observer.ts";
import { ExecutionEnvironment } from "./execution-environment.ts";
import type { FunctionDefinition } from "./function-definition.ts";
import { errorLine } from "../../core/errors/error-fields.ts";

export interface FunctionPool {
  /** @param name function name or ARN */
  readonly invoke: (name: string, event: unknown) => Promise<unknown>;
  /** Has an environment ready before the first invocation. */
  warm(name: string): void;
  /** Ends the environments that are at work, as Lambda does at the time limit. @returns how many */
  endInvocations(name: string): Promise<number>;
  /** Process id of an environment that is at work now. */
  busyPid(name: string): number | undefined;
  /**
   * Ends all environments of a function, and makes no new one until they are gone: by SIGKILL at once, by any other
   * signal when each has finished what it is at, as for a new version of its code.
   */
  replaceAll(name: string, signal: NodeJS.Signals): Promise<void>;
  stop(): Promise<void>;
}

interface Running {
  readonly definition: FunctionDefinition;
  readonly log: WriteStream;
  readonly logFile: string;
  readonly observer: ProgramObserver | undefined;
  readonly idle: ExecutionEnvironment[];
  readonly all: Set<ExecutionEnvironment>;
  readonly waiting: ((environment: ExecutionEnvironment) => void)[];
  /** Resolves when environments that are on their way out are gone. */
  replacing: Promise<void> | undefined;
}

export function startFunctions(
  definitions: readonly FunctionDefinition[],
  logDirectory: string,
  observer?: ProgramObserver,
): FunctionPool {
  mkdirSync(logDirectory, { recursive: true });
  const functions = new Map<string, Running>();
  for (const definition of definitions) {
    const logFile = join(logDirectory, `${definition.name}.log`);
    const log = createWriteStream(logFile, { flags: "a" });
    const running = { definition, log, logFile, observer, idle: [], all: new Set<ExecutionEnvironment>(), waiting: [] };
    functions.set(definition.name, { ...running, replacing: undefined });
  }
  return {
    async invoke(name, event) {
      const running = functions.get(name.slice(name.lastIndexOf(":") + 1));
      if (running === undefined) {
        throw new LocalError(
          "LOCAL_FUNCTION_FAILED",
          `There is no function ${name}; the template has ${[...functions.keys()].join(", ")}.`,
        );
      }
      const environment = await take(running);
      const startedAt = performance.now();
      let failed = false;
      try {
        return await environment.invoke(event);
      } catch (error) {
        failed = true;
        running.log.write(
          `${errorLine(error)}\n${error instanceof Error && typeof error.cause === "string" ? `${error.cause}\n` : ""}`,
        );
        throw error;
      } finally {
        const tookMs = performance.now() - startedAt;
        observer?.invocation({ functionName: running.definition.name, event, tookMs, failed });
        running.log.write(reportLine(tookMs, running.definition.memoryMiB));
        giveBack(running, environment);
      }
    },
    warm(name) {
      const running = functions.get(name);
      if (running?.all.size === 0) running.idle.push(create(running));
    },
    async endInvocations(name) {
      const running = functions.get(name);
      const busy = [...(running?.all ?? [])].filter((environment) => !running?.idle.includes(environment));
      await Promise.all(busy.map((environment) => environment.end()));
      return busy.length;
    },
    busyPid(name) {
      return [...(functions.get(name)?.all ?? [])].find(({ busyPid }) => busyPid !== undefined)?.busyPid;
    },
    async replaceAll(name, signal) {
      const running = functions.get(name);
      if (running === undefined) return;
      const before = running.replacing;
      const gone = before === undefined ? replace(running, signal) : before.then(() => replace(running, signal));
      running.replacing = gone;
      await gone;
      if (running.replacing === gone) running.replacing = undefined;
    },
    async stop() {
      for (const { all, log } of functions.values()) {
        await Promise.all([...all].map((environment) => environment.end()));
        await new Promise<void>((done) => log.end(done));
      }
    },
  };
}

/** As Lambda ends each invocation in the log; the memory that a thread takes is not known. */
function reportLine(tookMs: number, memoryMiB: number): string {
  const durations = `Duration: ${tookMs.toFixed(2)} ms\tBilled Duration: ${Math.ceil(tookMs)} ms`;
  return `REPORT RequestId: ${randomUUID()}\t${durations}\tMemory Size: ${memoryMiB} MB\t\n`;
}

async function take(running: Running): Promise<ExecutionEnvironment> {
  while (running.replacing !== undefined) await running.replacing;
  const idle = running.idle.pop();
  if (idle !== undefined) return idle.ended ? take(running) : idle;
  if (running.all.size < running.definition.concurrency) return create(running);
  return new Promise((resolve) => running.waiting.push(resolve));
}

async function replace(running: Running, signal: NodeJS.Signals): Promise<void> {
  const all = [...running.all];
  running.idle.length = 0;
  await Promise.all(
    all.map(async (environment) => {
      if (signal !== "SIGKILL") await environment.finished;
      await environment.end(signal);
      running.all.delete(environment);
    }),
  );
}

function create(running: Running): ExecutionEnvironment {
  // One listener more for each environment that writes to the log.
  running.log.setMaxListeners(running.log.getMaxListeners() + 2 * running.definition.concurrency);
  const logGroup = functionLogGroup(running.definition.name);
  const environment = new ExecutionEnvironment(
    running.definition,
    { file: running.logFile, stream: running.log },
    (line) => running.observer?.line(logGroup, line),
  );
  running.all.add(environment);
  return environment;
}

function giveBack(running: Running, environment: ExecutionEnvironment): void {
  if (environment.ended) running.all.delete(environment);
  const next = running.waiting.shift();
  if (next === undefined) {
    if (!environment.ended) running.idle.push(environment);
    return;
  }
  if (running.replacing === undefined) next(environment.ended ? create(running) : environment);
  else void take(running).then(next);
}
