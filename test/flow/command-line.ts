/**
 * The command line on a stack that runs: in this process, which has it loaded from one command to the next, or as a
 * process of its own, as a person has it.
 */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import type { Surroundings } from "../../bin/confirmations/frame/surroundings.ts";
import { runCommandLine } from "../../bin/confirmations/run-command-line.ts";
import { optionsTakenByNpm } from "../../local/command-line/options-taken-by-npm.ts";
import { waitFor } from "./wait-for.ts";

const COMMAND = join(import.meta.dirname, "../../bin/confirmations/confirmations.mjs");
const run = promisify(execFile);
/** Said before anything is done. On a busy machine a function that starts has no time left to ask the issuer in. */
const NOT_YET = /The issuer of access tokens cannot be asked just now/;

interface Written {
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandLine {
  (...args: readonly string[]): Promise<Written>;
  /** @returns what `--json` prints */
  json<Result>(...args: readonly string[]): Promise<Result>;
}

/** Another exit code than 0, with what was written until then. */
class CommandFailed extends Error {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;

  constructor(args: readonly string[], code: number, { stdout, stderr }: Written) {
    super(`Command failed: ${args.join(" ")}\n${stderr}`);
    this.code = code;
    this.stdout = stdout;
    this.stderr = stderr;
  }
}

/** In this process. @param stateDirectory where the stack's file is */
export function commandLineOn(stateDirectory: string): CommandLine {
  return asCommandLine(runHere, stateDirectory);
}

/** Each command is a process. @param stateDirectory where the stack's file is */
export function commandLineProcessOn(stateDirectory: string): CommandLine {
  return asCommandLine((args) => run(process.execPath, [COMMAND, ...args]), stateDirectory);
}

function asCommandLine(once: (args: readonly string[]) => Promise<Written>, stateDirectory: string): CommandLine {
  const call = (...args: readonly string[]) =>
    waitFor("the API takes access tokens", () =>
      once([...args, "--state", stateDirectory]).catch((error: unknown) => {
        if (NOT_YET.test(String((error as { readonly stderr?: unknown }).stderr))) return undefined;
        throw error;
      }),
    );
  return Object.assign(call, {
    async json<Result>(...args: readonly string[]): Promise<Result> {
      return JSON.parse((await call(...args, "--json")).stdout) as Result;
    },
  });
}

async function runHere(args: readonly string[]): Promise<Written> {
  const written = { stdout: "", stderr: "" };
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  const around: Surroundings = {
    write: (text) => void (written.stdout += text),
    writeBytes: (bytes) => Promise.resolve(void (written.stdout += decoder.decode(bytes, { stream: true }))),
    writeError: (text) => void (written.stderr += text),
    readInput: () => Promise.reject(new Error("There is nobody who types.")),
    environment: process.env,
    isTerminal: false,
    isInputTerminal: false,
    isErrorTerminal: false,
    columns: 120,
    configDirectory: "/dev/null",
    fetch,
    nowMs: Date.now,
    sleep: async (ms, awake) => {
      await sleep(ms, undefined, awake && { signal: awake }).catch(() => undefined);
    },
    onKey: () => () => undefined,
    onEndAsked: () => () => undefined,
    openInBrowser: () => Promise.resolve(false),
  };
  const code = await runCommandLine(args, around, { takenByNpm: optionsTakenByNpm });
  if (code !== 0) throw new CommandFailed(args, code, written);
  return written;
}

/** Registers a merchant that answers no challenge; an operator vouches for it. */
export async function registerVouched(commandLine: CommandLine, id: string, ...options: readonly string[]) {
  const registered = await commandLine("merchants", "register", id, ...options);
  await commandLine("merchants", "vouch", id);
  return registered;
}
