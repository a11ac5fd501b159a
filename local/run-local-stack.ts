/**
 * A program that keeps a stack up on this machine until Ctrl-C, with its state kept: what `npm start` is, and the
 * command of any app with the pipeline in it. The first Ctrl-C stops it in order, the second at once.
 */
import { relative } from "node:path";
import type { SettingsInput } from "../core/settings/settings.ts";
import { runCommand } from "./command-line/run-command.ts";
import { describeStack } from "./how-to-try.ts";
import { startLiveLine } from "./live-line.ts";
import type { LocalStack, LocalStackOptions } from "./local-stack.ts";
import type { ProcessIdentity } from "./processes/process-identity.ts";
import { findStarter, untilEnded } from "./processes/starter.ts";
import { startLocalStack } from "./stack.ts";
import { removeStackFile, writeStackFile } from "./stack-file.ts";
import { parseStartOptions, START_COMMAND, type StartOptions } from "./start-options.ts";

export interface RunLocalStackOptions extends Pick<LocalStackOptions, "app" | "stack" | "consoleFiles"> {
  /** Of the pipeline, over those of this machine; `--settings` goes over them. @default none */
  readonly settings?: SettingsInput;
  /** How the program is called, said where it tells how to. @default as it was called, such as `npm run local` */
  readonly command?: string;
  /** `--help` lists them. @default those of this program's command line */
  readonly args?: readonly string[];
}

const { stdout } = process;

/** Resolves when it has ended. What stops it is printed, and the exit code of this program is 1 then. */
export async function runLocalStack(options: RunLocalStackOptions): Promise<void> {
  const { command = calledAs(process.env), args = process.argv.slice(2), settings = {} } = options;
  await runCommand({ ...START_COMMAND, name: command }, args, async (given) => {
    // Whoever read the output may be gone, as in `npm start | head`; the stack goes on.
    stdout.on("error", () => undefined);
    const parsed = parseStartOptions(given, settings, command);
    const starter = findStarter(process.env);
    await run({ ...options, command }, parsed, starter, untilStopped(starter));
  });
}

async function run(
  { app, stack: stackName, consoleFiles, command }: RunLocalStackOptions,
  { stateDirectory, fresh, ports, settings, smtpUrl }: StartOptions,
  starter: ProcessIdentity | undefined,
  stopped: Promise<undefined>,
): Promise<void> {
  let print = (line: string): unknown => stdout.write(`${line}\n`);
  print("Synthesizing the stack and starting its parts …");
  const starting = startLocalStack({
    app,
    stack: stackName,
    consoleFiles,
    stateDirectory,
    fresh,
    persistent: true,
    load: "sustained",
    ports,
    settings,
    smtpUrl,
    starter,
    log: (line) => print(line),
  });
  const stack = await Promise.race([starting, stopped]);
  if (stack === undefined) {
    const late = await starting;
    await late.stop();
    return;
  }
  writeStackFile(stateDirectory, stack);
  print(describeStack(stack, process.uptime(), stateDirectory));
  const live = startLiveLine({ output: stdout, counters: () => stack.counters() });
  print = live.print;
  const broken = await Promise.race([stopped, stack.broken]);
  live.stop();
  print = (line) => stdout.write(`${line}\n`);
  print("Stopping: the worker finishes what it has begun …");
  await stopInOrder(stack, stateDirectory);
  if (broken !== undefined) throw broken;
  print(`Stopped. \`${command}\` goes on where it was.`);
}

async function stopInOrder(stack: LocalStack, stateDirectory: string): Promise<void> {
  removeStackFile(stateDirectory);
  await stack.stop();
}

/** Asked by a signal, or because `npm`, which it would be stopped through, is gone. */
function untilStopped(starter: ProcessIdentity | undefined): Promise<undefined> {
  return new Promise((resolve) => {
    let asked = false;
    if (starter !== undefined) void untilEnded(starter).then(() => resolve(undefined));
    const ask = (): void => {
      // Children end with this process, whatever they are at.
      if (asked) process.exit(1);
      asked = true;
      resolve(undefined);
    };
    process.on("SIGINT", ask);
    process.on("SIGTERM", ask);
    process.on("SIGHUP", ask);
  });
}

function calledAs({ npm_lifecycle_event: script }: NodeJS.ProcessEnv): string {
  if (script !== undefined) return `npm run ${script}`;
  return `node ${relative("", process.argv[1] ?? "")}`;
}
