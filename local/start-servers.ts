/**
 * The embedded servers and the assembly, started side by side. What a person can put right, no Java or a taken port, is
 * looked at before anything is started.
 */
import { join } from "node:path";
import { parseSettings, type Settings, type SettingsInput } from "../core/settings/settings.ts";
import { type Assembly, readAssembly } from "./assembly/read-assembly.ts";
import { mergeSettings, synthesize } from "./assembly/synthesize.ts";
import { findJava } from "./dynamodb/java.ts";
import type { ExpectedLoad } from "./dynamodb/expected-load.ts";
import { type LocalDynamoDb, startDynamoDb } from "./dynamodb/start-dynamodb.ts";
import type { LocalLog, LocalPorts } from "./local-stack.ts";
import { ownDestinations } from "./own-destinations.ts";
import { usablePort } from "./processes/ports.ts";
import type { ProcessIdentity } from "./processes/process-identity.ts";
import { claimStateDirectory, type ProcessRegister } from "./processes/process-register.ts";
import { type LocalSqs, startSqs } from "./sqs/start-sqs.ts";
import { removeState } from "./state-directory.ts";

export interface Servers {
  readonly register: ProcessRegister;
  readonly assembly: Assembly;
  /** As the stack was synthesized with them. */
  readonly settings: Settings;
  readonly dynamodb: LocalDynamoDb;
  readonly sqs: LocalSqs;
  readonly ports: Required<LocalPorts>;
  readonly logDirectory: string;
}

export interface ServersOptions {
  readonly stateDirectory: string;
  readonly fresh: boolean;
  readonly persistent: boolean;
  readonly load: ExpectedLoad;
  readonly ports: LocalPorts;
  readonly settings: SettingsInput;
  readonly starter: ProcessIdentity | undefined;
  readonly log: LocalLog;
}

/** @param started takes what has to be ended again, in the opposite order */
export async function startServers(options: ServersOptions, started: AsyncDisposableStack): Promise<Servers> {
  const { stateDirectory, persistent } = options;
  const logDirectory = join(stateDirectory, "logs");
  const register = await claimStateDirectory(stateDirectory, options);
  started.defer(() => register.close());
  if (options.fresh) removeState(stateDirectory);
  const java = await findJava(process.env["JAVA_HOME"]);
  const ports = await usablePorts(options.ports);
  const settings = refusingItself(options.settings, ports);

  const dynamodb = startDynamoDb({
    java,
    port: ports.dynamodb,
    logDirectory,
    register,
    load: options.load,
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
    settings: parseSettings(settings),
    dynamodb: runningDynamoDb,
    sqs: runningSqs,
    ports,
    logDirectory,
  };
}

async function usablePorts(wanted: LocalPorts): Promise<Required<LocalPorts>> {
  const [dynamodb, sqs, api, control, page] = await Promise.all([
    usablePort(wanted.dynamodb ?? 0, "DynamoDB", "--port-dynamodb"),
    usablePort(wanted.sqs ?? 0, "SQS", "--port-sqs"),
    usablePort(wanted.api ?? 0, "the API", "--port-api"),
    usablePort(wanted.control ?? 0, "CloudWatch, KMS and Secrets Manager", "--port-control"),
    usablePort(wanted.page ?? 0, "the live page", "--port-page"),
  ]);
  return { dynamodb, sqs, api, control, page };
}

/** The stack's own services are nobody's webhook, whatever the settings allow. */
function refusingItself(input: SettingsInput, { dynamodb, sqs, control, page }: Required<LocalPorts>): SettingsInput {
  const { allowDestinations, refuseDestinations } = parseSettings(input).delivery;
  const own = ownDestinations(allowDestinations, [dynamodb, sqs, control, page]);
  return mergeSettings(input, { delivery: { refuseDestinations: [...refuseDestinations, ...own] } });
}

function settled<T>(promise: Promise<T>): Promise<T | undefined> {
  return promise.catch(() => undefined);
}
