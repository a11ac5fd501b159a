/**
 * Programs of another build that run beside those of a stack, on its tables and queues, as both do while a deployment
 * rolls: from the sources of a commit, bundled and synthesized by that commit's own code, with the environment that its
 * own template gives them.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { describe } from "@jest/globals";
import { FUNCTION_NAMES } from "../../core/settings/names.ts";
import type { SettingsInput } from "../../core/settings/settings.ts";
import { readAssembly } from "../../local/assembly/read-assembly.ts";
import { resourcesOf } from "../../local/assembly/resources.ts";
import { readProject, synthesizeProject } from "../../local/assembly/cdk-project.ts";
import { functionDefinition } from "../../local/functions/function-definition.ts";
import { type FunctionPool, startFunctions } from "../../local/functions/function-pool.ts";
import type { LocalStack } from "../../local/local-stack.ts";
import { arnOf } from "../../local/machine.ts";
import { taskDefinition } from "../../local/worker/task-definition.ts";
import { WorkerProcess } from "../../local/worker/worker-process.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const REGISTER = { note: () => undefined, forget: () => undefined, stopping: () => undefined, close: () => undefined };
/** Short, so that a run of `release-due` soon ends by itself. */
const RUN_MS = 8000;
const BETWEEN_RUNS_MS = 500;
/** Nobody listens for traces there. */
const NO_TRACES = "127.0.0.1:9";

/** Whether this clone has that commit. A shallow one has not. */
function hasCommit(commit: string): boolean {
  try {
    execFileSync("git", ["cat-file", "-e", `${commit}^{tree}`], { cwd: ROOT, stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** Tests beside the programs of a commit, where this clone has it; where not, says what to do and skips them. */
export function describeBeside(commit: string, title: string, tests: () => void): void {
  if (hasCommit(commit)) return describe(title, tests);
  process.stderr.write(
    `The build before is not run beside this one: the history of this clone has no commit ${commit}. Get ` +
      `it with git fetch --unshallow.\n`,
  );
  describe.skip(title, tests);
}

/**
 * Writes the sources of a commit into a folder, which gets the packages of this checkout. Neither this checkout nor its
 * index is touched.
 */
function writeSources(commit: string, directory: string): void {
  mkdirSync(directory, { recursive: true });
  const env = { ...process.env, GIT_INDEX_FILE: join(directory, ".index") };
  execFileSync("git", ["read-tree", commit], { cwd: ROOT, env });
  execFileSync("git", ["checkout-index", "--all", `--prefix=${directory}/`], { cwd: ROOT, env });
  symlinkSync(join(ROOT, "node_modules"), join(directory, "node_modules"));
}

/** The assembly of a commit, as its own code synthesizes it while something else is done. */
export interface AssemblyBefore extends AsyncDisposable {
  /** Where it is made. What else is needed for as long may be put there. */
  readonly folder: string;
  readonly assembly: Promise<string>;
}

export async function assemblyBefore(commit: string, settings: SettingsInput): Promise<AssemblyBefore> {
  const folder = await mkdtemp(join(tmpdir(), "confirmation-pipeline-before-"));
  const sources = join(folder, "sources");
  writeSources(commit, sources);
  const assembly = synthesizeProject(readProject(sources), join(folder, "cdk.out"), settings);
  // Told when it is waited for.
  void assembly.catch(() => undefined);
  return { folder, assembly, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}

/** The build before, or the one that is tested. */
export type BuildName = "before" | "this";
export type Builds = Readonly<Record<BuildName, BuildBeside>>;

/**
 * Both builds beside a stack, whose own worker is stopped: they are alike.
 *
 * @param before the assembly of the build before
 * @param suffix of their names, where there are several of each. @default none
 * @param sqs where their functions find it. @default where it listens
 */
export async function bothBuilds(
  { stack, stateDirectory }: Pick<BesideOptions, "stack" | "stateDirectory">,
  before: string,
  { suffix = "", sqs = stack.endpoints.sqs }: { readonly suffix?: string; readonly sqs?: string } = {},
): Promise<Builds> {
  const of = (name: BuildName, assembly: string) =>
    new BuildBeside({ stack, stateDirectory, assembly, name: `${name}${suffix}`, sqs });
  const builds = { this: of("this", join(stateDirectory, "cdk.out")), before: of("before", before) };
  await stack.worker.stop();
  return builds;
}

/** Runs the workers of these builds, and of no other. */
export async function runWorkers(builds: Builds, ...wanted: readonly BuildName[]): Promise<void> {
  for (const name of ["this", "before"] as const) if (!wanted.includes(name)) await builds[name].worker.stop();
  for (const name of wanted) if (builds[name].worker.pid === undefined) await builds[name].worker.restart();
}

/** @param builds some may not be there, where a start failed */
export async function stopBuilds(...builds: readonly (Builds | undefined)[]): Promise<void> {
  for (const build of builds.flatMap((both) => Object.values(both ?? {}))) await build.stop();
}

export interface BesideOptions {
  readonly stack: LocalStack;
  readonly stateDirectory: string;
  /** A synthesized assembly. */
  readonly assembly: string;
  /** Of the folder of its logs. */
  readonly name: string;
  /** Where its functions find SQS. @default where it listens */
  readonly sqs?: string;
}

/** State: the worker is stopped until `worker.restart()`; functions run when they are invoked. */
export class BuildBeside {
  readonly worker: WorkerProcess;
  readonly functions: FunctionPool;
  readonly #workerLog: string;
  #isReleasing = false;
  #releasing: Promise<unknown> = Promise.resolve();

  constructor({ stack, stateDirectory, assembly: directory, name, sqs = stack.endpoints.sqs }: BesideOptions) {
    const assembly = readAssembly(directory);
    const secrets = JSON.parse(readFileSync(join(stateDirectory, "secrets.json"), "utf8")) as Record<string, string>;
    const logDirectory = join(stateDirectory, `logs-${name}`);
    const queues = stack.confirmationsQueueUrl.slice(0, stack.confirmationsQueueUrl.lastIndexOf("/") + 1);
    const resources = (at: string) =>
      resourcesOf(assembly.template, assembly.stackName, {
        queueUrl: (queue) => `${queues}${queue}`.replace(stack.endpoints.sqs, at),
        apiOrigin: new URL(stack.endpoints.api).origin,
        streamArn: (table) => `${arnOf("dynamodb", `table/${table}`)}/stream/1`,
      });
    const variables = { ...stack.environment, AWS_XRAY_DAEMON_ADDRESS: NO_TRACES };
    const [task] = resources(stack.endpoints.sqs).ofType("AWS::ECS::TaskDefinition");
    if (task === undefined) throw new Error("the stack has no task definition");
    const definition = taskDefinition(task, assembly, secrets, variables);
    this.#workerLog = join(logDirectory, `${definition.name}.log`);
    this.worker = new WorkerProcess({
      task: definition,
      logDirectory,
      register: REGISTER,
      log: () => undefined,
    });
    const wanted = new Set<string>([
      FUNCTION_NAMES.streamTransactions,
      FUNCTION_NAMES.releaseDue,
      FUNCTION_NAMES.auditTransactions,
      FUNCTION_NAMES.confirmationsApi,
    ]);
    const ofFunctions = resources(sqs);
    const definitions = ofFunctions.ofType("AWS::Lambda::Function").flatMap((resource) => {
      const functionName = ofFunctions.refOf(resource.logicalId);
      if (!wanted.has(functionName)) return [];
      const identity = { name: functionName, arn: arnOf("lambda", `function:${functionName}`) };
      const aws = { ...variables, AWS_ENDPOINT_URL_SQS: sqs };
      const lambda = functionDefinition(resource, identity, assembly, aws);
      return [functionName === FUNCTION_NAMES.releaseDue ? { ...lambda, timeoutMs: RUN_MS } : lambda];
    });
    this.functions = startFunctions(definitions, logDirectory);
  }

  /** Whether its worker has written of one of these into its log. */
  hasReported(transactionIds: readonly string[]): boolean {
    return transactionIds.some((id) => this.hasWritten(`"${id}"`));
  }

  /** Whether its worker has written this into its log. */
  hasWritten(text: string): boolean {
    return existsSync(this.#workerLog) && readFileSync(this.#workerLog, "utf8").includes(text);
  }

  /** Runs `release-due`, again and again, until `stopReleasing`. */
  release(): void {
    this.#isReleasing = true;
    this.#releasing = (async () => {
      while (this.#isReleasing) {
        await this.functions.invoke(FUNCTION_NAMES.releaseDue, { part: 0, parts: 1 }).catch(() => undefined);
        await pause(BETWEEN_RUNS_MS);
      }
    })();
  }

  /**
   * @param isKilled ended where it is, as at the end of its time.
   * @default it ends by itself, and gives everything back
   */
  async stopReleasing(isKilled = false): Promise<void> {
    this.#isReleasing = false;
    if (isKilled) await this.functions.endInvocations(FUNCTION_NAMES.releaseDue);
    await this.#releasing;
  }

  async stop(): Promise<void> {
    this.#isReleasing = false;
    await this.worker.stop();
    await this.functions.stop();
  }
}
