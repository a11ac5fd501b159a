/**
 * `npm start`: the pipeline on this machine until Ctrl-C, with its state kept. The first Ctrl-C stops it in order, the
 * second at once.
 */
import { runCommand } from "./command-line/run-command.ts";
import { describeStack } from "./how-to-try.ts";
import { startLiveLine } from "./live-line.ts";
import type { LocalStack } from "./local-stack.ts";
import type { ProcessIdentity } from "./processes/process-identity.ts";
import { findStarter, untilEnded } from "./processes/starter.ts";
import { startLocalStack } from "./stack.ts";
import { removeStackFile, writeStackFile } from "./stack-file.ts";
import { parseStartOptions, START_COMMAND, type StartOptions } from "./start-options.ts";

const { stdout } = process;

async function main(args: readonly string[]): Promise<void> {
  // Whoever read the output may be gone, as in `npm start | head`; the stack goes on.
  stdout.on("error", () => undefined);
  const options = parseStartOptions(args);
  const starter = findStarter(process.env);
  await run(options, starter, untilStopped(starter));
}

async function run(
  { stateDirectory, fresh, ports, settings, smtpUrl }: StartOptions,
  starter: ProcessIdentity | undefined,
  stopped: Promise<undefined>,
): Promise<void> {
  let print = (line: string): unknown => stdout.write(`${line}\n`);
  print("Synthesizing the stack and starting its parts …");
  const starting = startLocalStack({
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
  print("Stopped. `npm start` goes on where it was.");
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

await runCommand(START_COMMAND, process.argv.slice(2), main);
