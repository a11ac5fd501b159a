/**
 * Starts a Node child that cannot outlive this process and whose output goes line by line to a log file of its own. It
 * is in a process group of its own: Ctrl-C in a terminal reaches the stack alone, which then ends its parts in order.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream, mkdirSync } from "node:fs";
import { Socket } from "node:net";
import { dirname } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { compiledPrograms } from "./machine-environment.ts";
import { ownProgram } from "./own-program.ts";

export interface ChildOptions {
  readonly program: string;
  readonly args?: readonly string[];
  readonly nodeFlags?: readonly string[];
  /** The whole environment: nothing is inherited but where Node keeps what it compiled. */
  readonly environment: Readonly<Record<string, string>>;
  readonly logFile: string;
  readonly workingDirectory?: string;
  readonly onLine?: (line: string) => void;
  /** The program watches its stdin itself. @default false: it ends with this process */
  readonly watchesStdin?: boolean;
}

export interface Child {
  readonly process: ChildProcess;
  readonly pid: number;
  /** Resolves when the process has ended, whatever the reason, with a few words on how. */
  readonly ended: Promise<string>;
  /** This process no longer stays for its sake. */
  unref(): void;
}

const LIFELINE = fileURLToPath(ownProgram("./child-lifeline", import.meta));

export function startChild(options: ChildOptions): Child {
  const lifeline = options.watchesStdin === true ? [] : ["--import", LIFELINE];
  const child = spawn(
    process.execPath,
    [...lifeline, ...(options.nodeFlags ?? []), options.program, ...(options.args ?? [])],
    {
      env: { ...compiledPrograms(), ...options.environment },
      stdio: ["pipe", "pipe", "pipe", "ipc"],
      detached: true,
      ...(options.workingDirectory === undefined ? {} : { cwd: options.workingDirectory }),
    },
  );
  if (child.pid === undefined) throw new Error(`${options.program} could not be started`);
  // The pipe is the lifeline; that the child ended first is told by `ended`.
  child.stdin?.on("error", () => undefined);

  mkdirSync(dirname(options.logFile), { recursive: true });
  const log = createWriteStream(options.logFile, { flags: "a" });
  for (const output of [child.stdout, child.stderr]) {
    if (output === null) continue;
    createInterface({ input: output }).on("line", (line) => {
      log.write(`${line}\n`);
      options.onLine?.(line);
    });
  }
  const ended = new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("close", (code, signal) => {
      log.end();
      resolve(signal === null ? `exit code ${code}` : `signal ${signal}`);
    });
  });
  const unref = (): void => {
    child.unref();
    child.channel?.unref();
    for (const stream of child.stdio) if (stream instanceof Socket) stream.unref();
  };
  return { process: child, pid: child.pid, ended, unref };
}
