/**
 * The processes of a stack, noted in its state directory, so that the next start can end those that outlived their parent
 * (they would hold ports and databases). Only a process that is provably the noted one is ended, and a stack whose main
 * process still runs keeps its state directory to itself.
 */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { LocalError } from "../local-error.ts";
import { identify, isSame, type ProcessIdentity } from "./process-identity.ts";

export interface NotedProcess extends ProcessIdentity {
  readonly role: string;
}

const FILE_NAME = "processes.json";
const MAIN_ROLE = "main";
const GONE_WITHIN_MS = 5000;
const LOOK_EVERY_MS = 20;

export interface ProcessRegister {
  /** Notes a process that was just started. */
  note(role: string, pid: number): void;
  forget(pid: number): void;
  /** Gives the state directory back. */
  close(): void;
}

/** @throws LocalError LOCAL_STATE_IN_USE when another stack that still runs owns the directory */
export async function claimStateDirectory(stateDirectory: string): Promise<ProcessRegister> {
  mkdirSync(stateDirectory, { recursive: true });
  const file = join(stateDirectory, FILE_NAME);
  const leftovers = readNoted(file).filter((noted) => isSame(noted, identify(noted.pid)));
  const main = leftovers.find((noted) => noted.role === MAIN_ROLE);
  if (main !== undefined) {
    throw new LocalError(
      "LOCAL_STATE_IN_USE",
      `The state in ${stateDirectory} is in use by a stack that still runs (process ${main.pid}); stop that one with Ctrl-C or choose another directory with --state.`,
    );
  }
  for (const noted of leftovers) if (noted.role !== MAIN_ROLE) await end(noted);

  const running = new Map<number, NotedProcess>();
  const save = (): void => {
    writeFileSync(`${file}.new`, JSON.stringify([...running.values()], undefined, 1));
    renameSync(`${file}.new`, file);
  };
  const note = (role: string, pid: number): void => {
    const identity = identify(pid);
    if (identity === undefined) return;
    running.set(pid, { role, ...identity });
    save();
  };
  note(MAIN_ROLE, process.pid);
  return {
    note,
    forget(pid) {
      if (running.delete(pid)) save();
    },
    close() {
      rmSync(file, { force: true });
    },
  };
}

function readNoted(file: string): NotedProcess[] {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as NotedProcess[];
  } catch {
    return [];
  }
}

async function end(noted: NotedProcess): Promise<void> {
  const stillThere = (): boolean => isSame(noted, identify(noted.pid));
  const until = Date.now() + GONE_WITHIN_MS;
  while (stillThere()) {
    if (Date.now() > until) {
      throw new LocalError(
        "LOCAL_STATE_IN_USE",
        `Process ${noted.pid} (${noted.role}) of an earlier stack does not end; end it by hand and start again.`,
      );
    }
    try {
      process.kill(noted.pid, "SIGKILL");
    } catch {
      return;
    }
    await wait(LOOK_EVERY_MS);
  }
}
