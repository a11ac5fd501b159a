/**
 * The processes of a stack, noted in its state directory, so that the next start can end those that outlived their
 * parent (they would hold ports and databases). Only a process that is provably the noted one is ended, and a stack
 * whose main process still runs keeps its state directory to itself.
 *
 * A main process that is on its way out, because it was told to stop or because who started it is gone, is waited for,
 * within bounds. One that nobody owns any more and that does not go is ended.
 */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { LocalError } from "../local-error.ts";
import type { LocalLog } from "../local-stack.ts";
import { usableState } from "../state-directory.ts";
import { identify, isSame, type ProcessIdentity, stillRuns } from "./process-identity.ts";

export interface NotedProcess extends ProcessIdentity {
  readonly role: string;
}

const FILE_NAME = "processes.json";
const MAIN_ROLE = "main";
/** Noted to know whether it is there, never to be ended. */
const STARTER_ROLE = "starter";
/** Noted with the main process's identity when it has begun to stop. */
const STOPPING_ROLE = "stopping";
const LEFTOVERS = new Set(["dynamodb", "dynamodb-supervisor", "sqs", "worker"]);
const GONE_WITHIN_MS = 5000;
/** A worker finishes the calls it has in flight, each within its deadline. */
const STOPPED_WITHIN_MS = 15_000;
const LOOK_EVERY_MS = 20;

export interface ProcessRegister {
  /** Notes a process that was just started. */
  note(role: ChildRole, pid: number): void;
  forget(pid: number): void;
  /** Tells the next start that this stack is on its way out. */
  stopping(): void;
  /** Gives the state directory back. */
  close(): void;
}

export type ChildRole = "dynamodb" | "dynamodb-supervisor" | "sqs" | "worker";

export interface ClaimOptions {
  /** Who started this program, if it is to end with it. */
  readonly starter?: ProcessIdentity | undefined;
  readonly log?: LocalLog;
  /** How long a stack that is on its way out is waited for. @default 15000 */
  readonly stoppedWithinMs?: number;
}

/**
 * @throws LocalError LOCAL_STATE_IN_USE when another stack that still runs owns the directory, LOCAL_STATE_UNUSABLE
 * when it is none that can be written to
 */
export async function claimStateDirectory(
  stateDirectory: string,
  { starter, log = () => undefined, stoppedWithinMs = STOPPED_WITHIN_MS }: ClaimOptions = {},
): Promise<ProcessRegister> {
  usableState(stateDirectory, () => mkdirSync(stateDirectory, { recursive: true }));
  const file = join(stateDirectory, FILE_NAME);
  await untilFree(stateDirectory, file, log, stoppedWithinMs);
  for (const noted of readNoted(file)) if (LEFTOVERS.has(noted.role)) await end(noted);

  const running = new Map<string, NotedProcess>();
  const save = (): void => {
    usableState(stateDirectory, () => {
      writeFileSync(`${file}.new`, JSON.stringify([...running.values()], undefined, 1));
      renameSync(`${file}.new`, file);
    });
  };
  const note = (role: string, identity: ProcessIdentity | undefined): void => {
    if (identity === undefined) return;
    running.set(`${role} ${identity.pid}`, { role, ...identity });
    save();
  };
  note(MAIN_ROLE, identify(process.pid));
  note(STARTER_ROLE, starter);
  return {
    note: (role, pid) => note(role, identify(pid)),
    forget(pid) {
      const keys = [...running].filter(([, noted]) => noted.pid === pid).map(([key]) => key);
      for (const key of keys) running.delete(key);
      if (keys.length > 0) save();
    },
    stopping: () => note(STOPPING_ROLE, identify(process.pid)),
    close() {
      rmSync(file, { force: true });
    },
  };
}

/** @throws LocalError LOCAL_STATE_IN_USE */
async function untilFree(stateDirectory: string, file: string, log: LocalLog, stoppedWithinMs: number): Promise<void> {
  const until = Date.now() + stoppedWithinMs;
  for (let isFirst = true; ; isFirst = false) {
    const noted = readNoted(file);
    const main = noted.find(({ role }) => role === MAIN_ROLE);
    if (main === undefined || !isThere(main)) return;
    const starter = noted.find(({ role }) => role === STARTER_ROLE);
    const isOrphan = starter !== undefined && !stillRuns(starter);
    const isStopping = noted.some(({ role, pid }) => role === STOPPING_ROLE && pid === main.pid);
    if (!isOrphan && !isStopping)
      throw inUse(
        `The state in ${stateDirectory} is in use by a stack that still runs (process ${main.pid}); stop ` +
          `that one with Ctrl-C or \`kill ${main.pid}\`, or choose another directory with --state.`,
      );
    if (Date.now() > until) {
      if (isOrphan) return end(main);
      throw inUse(
        `The stack of process ${main.pid} has been stopping for more than ${stoppedWithinMs / 1000} s and ` +
          `still holds the state in ${stateDirectory}; wait for it, or end it with \`kill -9 ` +
          `${main.pid}\` and start again: nothing is lost by that.`,
      );
    }
    if (isFirst) log(`Waiting for the stack of process ${main.pid} to stop …`);
    await wait(LOOK_EVERY_MS);
  }
}

function inUse(message: string): LocalError {
  return new LocalError("LOCAL_STATE_IN_USE", message);
}

function isThere(noted: NotedProcess): boolean {
  return isSame(noted, identify(noted.pid));
}

function readNoted(file: string): NotedProcess[] {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as NotedProcess[];
  } catch {
    return [];
  }
}

async function end(noted: NotedProcess): Promise<void> {
  const until = Date.now() + GONE_WITHIN_MS;
  while (isThere(noted)) {
    if (Date.now() > until)
      throw inUse(
        `Process ${noted.pid} (${noted.role}) of an earlier stack does not end; end it by hand and start again.`,
      );
    try {
      process.kill(noted.pid, "SIGKILL");
    } catch {
      return;
    }
    await wait(LOOK_EVERY_MS);
  }
}
