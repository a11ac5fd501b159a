/**
 * The embedded servers and the assembly, started side by side. What a person can put right, no Java or a taken port, is looked at before
 * anything is started.
 */
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { SettingsInput } from "../core/settings.ts";
import { type Assembly, readAssembly } from "./assembly/read-assembly.ts";
import { synthesize } from "./assembly/synthesize.ts";
import { findJava } from "./dynamodb/java.ts";
import { type LocalDynamoDb, startDynamoDb } from "./dynamodb/start-dynamodb.ts";
import type { LocalPorts } from "./local-stack.ts";
import { usablePort } from "./processes/ports.ts";
import { claimStateDirectory, type ProcessRegister } from "./processes/process-register.ts";
import { type LocalSqs, startSqs } from "./sqs/start-sqs.ts";

export interface Servers {
  readonly register: ProcessRegister;
  readonly assembly: Assembly;
  readonly dynamodb: LocalDynamoDb;
  readonly sqs: LocalSqs;
  readonly ports: Required<LocalPorts>;
  readonly logDirectory: string;
}

export interface ServersOptions {
  readonly stateDirectory: string;
  readonly fresh: boolean;
  readonly persistent: boolean;
  readonly ports: LocalPorts;
  readonly settings: SettingsInput;
}

/** @param started takes what has to be ended again, in the opposite order */
export async function startServers(options: ServersOptions, started: AsyncDisposableStack): Promise<Servers> {
  const { stateDirectory, persistent, settings } = options;
  const logDirectory = join(stateDirectory, "logs");
  const register = await claimStateDirectory(stateDirectory);
  started.defer(() => register.close());
  if (options.fresh) removeState(stateDirectory);
  const java = await findJava(process.env["JAVA_HOME"]);
  const ports = await usablePorts(options.ports);

  const dynamodb = startDynamoDb({
    java,
    port: ports.dynamodb,
    logDirectory,
    register,
    ...(persistent && { databaseDirectory: join(stateDirectory, "dynamodb") }),
  });
  const sqs = startSqs({
    port: ports.sqs,
    logDirectory,
    register,
    ...(persistent && { dataDirectory: join(stateDirectory, "sqs") }),
  });
  started.defer(async () => (await settled(dynamodb))?.stop());
  started.defer(async () => (await settled(sqs))?.stop());
  const [directory, runningDynamoDb, runningSqs] = await Promise.all([
    synthesize(stateDirectory, settings),
    dynamodb,
    sqs,
  ]);
  return {
    register,
    assembly: readAssembly(directory),
    dynamodb: runningDynamoDb,
    sqs: runningSqs,
    ports,
    logDirectory,
  };
}

async function usablePorts(wanted: LocalPorts): Promise<Required<LocalPorts>> {
  const [dynamodb, sqs, api, control] = await Promise.all([
    usablePort(wanted.dynamodb ?? 0, "DynamoDB", "--port-dynamodb"),
    usablePort(wanted.sqs ?? 0, "SQS", "--port-sqs"),
    usablePort(wanted.api ?? 0, "the API", "--port-api"),
    usablePort(wanted.control ?? 0, "CloudWatch and Secrets Manager", "--port-control"),
  ]);
  return { dynamodb, sqs, api, control };
}

/** All but the list of processes, which is this one's already. */
function removeState(stateDirectory: string): void {
  for (const name of readdirSync(stateDirectory)) {
    if (name !== "processes.json") rmSync(join(stateDirectory, name), { recursive: true, force: true });
  }
}

function settled<T>(promise: Promise<T>): Promise<T | undefined> {
  return promise.catch(() => undefined);
}
