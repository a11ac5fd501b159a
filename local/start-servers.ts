/**
 * The embedded servers and the assembly, started side by side. What a person can put right, no Java or a taken port, is
 * looked at before anything is started.
 */
import { join } from "node:path";
import { parseSettings, type Settings, type SettingsInput } from "../core/settings/settings.ts";
import { type Assembly, readAssembly } from "./assembly/read-assembly.ts";
import { requireKnownTypes } from "./assembly/known-types.ts";
import { synthesizeApp } from "./assembly/synthesize-app.ts";
import { withoutDistribution } from "./console/console-settings.ts";
import { findJava } from "./dynamodb/java.ts";
import type { ExpectedLoad } from "./dynamodb/expected-load.ts";
import { type LocalDynamoDb, startDynamoDb } from "./dynamodb/start-dynamodb.ts";
import { startIssuer } from "./issuer/issuer-server.ts";
import type { LocalApp } from "./local-app.ts";
import type { LocalLog, LocalPorts, RunningDynamoDb } from "./local-stack.ts";
import { mergeSettings } from "./merge-settings.ts";
import { ownDestinations } from "./own-destinations.ts";
import { usablePort } from "./processes/ports.ts";
import type { ProcessIdentity } from "./processes/process-identity.ts";
import { claimStateDirectory, type ProcessRegister } from "./processes/process-register.ts";
import { type LocalSqs, startSqs } from "./sqs/start-sqs.ts";
import { removeState } from "./state-directory.ts";
import { LOCAL_AUDIENCE, needsIssuer, withIssuer } from "./with-issuer.ts";

export interface Servers {
  readonly register: ProcessRegister;
  readonly assembly: Assembly;
  /** As the stack was synthesized with them. */
  readonly settings: Settings;
  readonly dynamodb: Omit<LocalDynamoDb, "unref">;
  readonly sqs: LocalSqs;
  readonly ports: Required<LocalPorts>;
  /** Of access tokens, `http://127.0.0.1:<port>`, or as the settings have it. */
  readonly issuer: string;
  readonly consoleClientId: string;
  readonly logDirectory: string;
}

export interface ServersOptions {
  readonly stateDirectory: string;
  readonly fresh: boolean;
  readonly persistent: boolean;
  readonly load: ExpectedLoad;
  readonly dynamodb?: RunningDynamoDb;
  readonly app: LocalApp;
  readonly stack?: string | undefined;
  readonly ports: LocalPorts;
  readonly settings: SettingsInput;
  readonly starter: ProcessIdentity | undefined;
  readonly log: LocalLog;
}

/** @param started takes what has to be ended again, in the opposite order */
export async function startServers(options: ServersOptions, started: AsyncDisposableStack): Promise<Servers> {
  const { stateDirectory, persistent, dynamodb: running, app, stack } = options;
  const logDirectory = join(stateDirectory, "logs");
  const register = await claimStateDirectory(stateDirectory, options);
  started.defer(() => register.close());
  if (options.fresh) removeState(stateDirectory);
  const java = running === undefined ? await findJava(process.env["JAVA_HOME"]) : "";
  const ports = await usablePorts(options);
  const withTokens = await startOwnIssuer(options, ports, started);
  const { settings, clientId: consoleClientId } = withoutDistribution(refusingItself(withTokens, ports));

  const dynamodb: Promise<Servers["dynamodb"]> =
    running === undefined
      ? startDynamoDb({
          java,
          port: ports.dynamodb,
          logDirectory,
          register,
          load: options.load,
          ...(persistent && { databaseDirectory: join(stateDirectory, "dynamodb") }),
        })
      : Promise.resolve({ ...running, stop: async () => undefined });
  const sqs = startSqs({
    port: ports.sqs,
    logDirectory,
    register,
    ...(running !== undefined && { credentials: running.credentials }),
    ...(persistent && { dataDirectory: join(stateDirectory, "sqs") }),
  });
  started.defer(async () => (await settled(dynamodb))?.stop());
  started.defer(async () => (await settled(sqs))?.stop());
  const [directory, runningDynamoDb, runningSqs] = await Promise.all([
    synthesizeApp(app, stateDirectory, settings),
    dynamodb,
    sqs,
  ]);
  const parsed = parseSettings(settings);
  const assembly = readAssembly(directory, stack);
  requireKnownTypes(assembly.template);
  return {
    register,
    assembly,
    settings: parsed,
    issuer: parsed.api.issuer ?? "",
    consoleClientId,
    dynamodb: runningDynamoDb,
    sqs: runningSqs,
    ports,
    logDirectory,
  };
}

/** @returns the settings, with the issuer's address in them */
async function startOwnIssuer(
  { settings, stateDirectory, persistent }: ServersOptions,
  ports: Required<LocalPorts>,
  started: AsyncDisposableStack,
): Promise<SettingsInput> {
  if (!needsIssuer(settings)) return settings;
  const audience = settings.api?.audience?.[0] ?? LOCAL_AUDIENCE;
  const keyFile = join(stateDirectory, "issuer.json");
  const server = await startIssuer({ port: ports.issuer, audience, ...(persistent && { keyFile }) });
  started.defer(() => server.stop());
  return withIssuer(settings, server.issuer);
}

async function usablePorts({ ports: wanted, dynamodb: running }: ServersOptions): Promise<Required<LocalPorts>> {
  const [dynamodb, sqs, api, control, issuer, console, smtp] = await Promise.all([
    running === undefined
      ? usablePort(wanted.dynamodb ?? 0, "DynamoDB", "--port-dynamodb")
      : Number(new URL(running.endpoint).port),
    usablePort(wanted.sqs ?? 0, "SQS", "--port-sqs"),
    usablePort(wanted.api ?? 0, "the API", "--port-api"),
    usablePort(wanted.control ?? 0, "CloudWatch, KMS and Secrets Manager", "--port-control"),
    usablePort(wanted.issuer ?? 0, "the issuer of access tokens", "--port-issuer"),
    usablePort(wanted.console ?? 0, "the console", "--port-console"),
    usablePort(wanted.smtp ?? 0, "the mailbox", "--port-smtp"),
  ]);
  return { dynamodb, sqs, api, control, issuer, console, smtp };
}

/** The stack's own services are nobody's webhook, whatever the settings allow. */
function refusingItself(
  input: SettingsInput,
  { dynamodb, sqs, control, issuer, console, smtp }: Required<LocalPorts>,
): SettingsInput {
  const { allowDestinations, refuseDestinations } = parseSettings(input).delivery;
  const own = ownDestinations(allowDestinations, [dynamodb, sqs, control, issuer, console, smtp]);
  return mergeSettings(input, { delivery: { refuseDestinations: [...refuseDestinations, ...own] } });
}

function settled<T>(promise: Promise<T>): Promise<T | undefined> {
  return promise.catch(() => undefined);
}
