/**
 * Runs the template's functions: each has as many execution environments as invocations are under way, up to its
 * concurrency; an invocation beyond that waits for its turn. Errors go to the function's log as well as to the caller.
 */
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
  stop(): Promise<void>;
}

interface Running {
  readonly definition: FunctionDefinition;
  readonly log: WriteStream;
  readonly observer: ProgramObserver | undefined;
  readonly idle: ExecutionEnvironment[];
  readonly all: Set<ExecutionEnvironment>;
  readonly waiting: ((environment: ExecutionEnvironment) => void)[];
}

export function startFunctions(
  definitions: readonly FunctionDefinition[],
  logDirectory: string,
  observer?: ProgramObserver,
): FunctionPool {
  mkdirSync(logDirectory, { recursive: true });
  const functions = new Map<string, Running>();
  for (const definition of definitions) {
    const log = createWriteStream(join(logDirectory, `${definition.name}.log`), { flags: "a" });
    functions.set(definition.name, { definition, log, observer, idle: [], all: new Set(), waiting: [] });
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
    async stop() {
      for (const { all, log } of functions.values()) {
        await Promise.all([...all].map((environment) => environment.end()));
        await new Promise<void>((done) => log.end(done));
      }
    },
  };
}

function take(running: Running): Promise<ExecutionEnvironment> {
  const idle = running.idle.pop();
  if (idle !== undefined) return Promise.resolve(idle);
  if (running.all.size < running.definition.concurrency) return Promise.resolve(create(running));
  return new Promise((resolve) => running.waiting.push(resolve));
}

function create(running: Running): ExecutionEnvironment {
  // One listener more for each environment that writes to the log.
  running.log.setMaxListeners(running.log.getMaxListeners() + 2 * running.definition.concurrency);
  const logGroup = functionLogGroup(running.definition.name);
  const environment = new ExecutionEnvironment(running.definition, running.log, (line) =>
    running.observer?.line(logGroup, line),
  );
  running.all.add(environment);
  return environment;
}

function giveBack(running: Running, environment: ExecutionEnvironment): void {
  if (environment.ended) running.all.delete(environment);
  const next = running.waiting.shift();
  if (next !== undefined) next(environment.ended ? create(running) : environment);
  else if (!environment.ended) running.idle.push(environment);
}
