/**
 * Brings the synthesized stack up on this machine, part by part in the order in which they need each other, and takes
 * it down in the opposite order. What the template says is not said again here; this file only connects.
 */
import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { CONFIRMATIONS_QUEUE_NAME, DEAD_LETTER_QUEUE_NAME, ORDERED_QUEUE_NAME } from "../core/settings/names.ts";
import { physicalName } from "../core/settings/physical-names.ts";
import { parseSettings } from "../core/settings/settings.ts";
import { consoleConfig } from "../lib/console/console-config.ts";
import { shippedConsole } from "../lib/console/shipped-console.ts";
import { startApi } from "./api/api-server.ts";
import { apiBasesOf, ownApisOf, type ServedApi, servedApisOf } from "./api/served-apis.ts";
import { withSettingsOf } from "./assembly/synthesize-app.ts";
import { clientsFor, type LocalClients } from "./aws-clients.ts";
import { startConsole } from "./console/console-server.ts";
import { startControlServer } from "./control/control-server.ts";
import type { KmsKey } from "./control/kms.ts";
import { type KnownStack, operatorsView } from "./control/operators-view.ts";
import type { Secrets } from "./control/secrets.ts";
import { createResources } from "./create-resources.ts";
import type { FunctionPool } from "./functions/function-pool.ts";
import { LocalError } from "./local-error.ts";
import type { Caller, LocalEndpoints, LocalStack, LocalStackOptions } from "./local-stack.ts";
import { awsEnvironment, CREDENTIALS, REGION } from "./machine.ts";
import { startMail } from "./mail/start-mail.ts";
import { MESSAGES_PATH, startMessaging } from "./messaging/start-messaging.ts";
import { watchStack } from "./metrics/watch-stack.ts";
import { pipelineParts } from "./pipeline-parts.ts";
import { runPrograms } from "./run-programs.ts";
import { startServers } from "./start-servers.ts";
import { startTraceCollector } from "./tracing/trace-collector.ts";

const END_HEARD_WITHIN_MS = 500;
const OWN_QUEUES = [CONFIRMATIONS_QUEUE_NAME, ORDERED_QUEUE_NAME, DEAD_LETTER_QUEUE_NAME];

/**
 * @throws LocalError that says what to do, SettingsError that lists every fault of the settings; nothing is left
 * running then
 */
export async function startLocalStack(options: LocalStackOptions): Promise<LocalStack> {
  const started = new AsyncDisposableStack();
  try {
    return await start(options, started);
  } catch (error) {
    await started.disposeAsync();
    throw error;
  }
}

async function start(options: LocalStackOptions, started: AsyncDisposableStack): Promise<LocalStack> {
  const {
    fresh = false,
    persistent = false,
    load = "brief",
    ports = {},
    starter,
    log = () => undefined,
    interposition = {},
    consoleFiles = async () => shippedConsole(),
  } = options;
  const { credentials } = options.dynamodb ?? { credentials: CREDENTIALS };
  const stateDirectory = resolve(options.stateDirectory);
  const input = withSettingsOf(options.app, options.settings);
  // Before anything is started.
  parseSettings(input);
  const {
    register,
    assembly,
    settings,
    dynamodb,
    sqs,
    ports: usable,
    issuer,
    consoleClientId,
    logDirectory,
  } = await startServers(
    { ...options, stateDirectory, fresh, persistent, load, ports, settings: input, starter, log },
    started,
  );
  const broken = firstEnd({ DynamoDB: dynamodb.ended, SQS: sqs.ended }, logDirectory);

  let secrets: Secrets = {};
  let kmsKeys: readonly KmsKey[] = [];
  let served: readonly ServedApi[] = [];
  let functions: FunctionPool | undefined;
  const known: KnownStack = {};
  let clients: LocalClients | undefined;
  const mail = await startMail(
    {
      kinds: settings.channels.kinds,
      smtpUrl: options.smtpUrl,
      port: usable.smtp,
      stateDirectory,
      resources: () => known.resources,
      sns: () => clients?.sns,
      log,
    },
    started,
  );
  const messaging = startMessaging({
    settings,
    stateDirectory,
    resources: () => known.resources,
    clients: () => clients,
    queueUrl: sqs.urlOf,
    log,
  });
  const invoke = async (name: string, event: unknown): Promise<unknown> => {
    if (functions === undefined)
      throw new LocalError("LOCAL_FUNCTION_FAILED", `${name} was invoked before the stack was up.`);
    return functions.invoke(name, event);
  };
  const control = await startControlServer({
    port: usable.control,
    secrets: () => secrets,
    kmsKeys: () => kmsKeys,
    queueAge: sqs.oldestAgeSeconds,
    invoke,
    ...(mail !== undefined && { ses: mail.respond }),
    ...(messaging !== undefined && { messaging: messaging.respond }),
    operators: operatorsView(known, logDirectory, stateDirectory),
  });
  started.defer(() => control.stop());
  const apiBase = apiBasesOf(assembly.template, settings);
  const api = await startApi({ port: usable.api, apis: () => served, invoke, nowMs: Date.now });
  started.defer(() => api.stop());

  const servers = {
    dynamodb: dynamodb.endpoint,
    sqs: sqs.endpoint,
    s3: sqs.endpoint,
    cloudwatch: control.endpoint,
    secrets: control.endpoint,
    kms: control.endpoint,
    lambda: control.endpoint,
  };
  const shown = (await interposition.addresses?.(servers)) ?? { worker: servers, functions: servers };
  const made = (clients = clientsFor({ ...servers, sqsOfWorker: shown.worker.sqs }, credentials));
  started.defer(() => made.destroy());
  const queueUrl = (name: string) => sqs.urlOf(name).replace(sqs.endpoint, shown.functions.sqs);
  const created = await unlessBroken(
    createResources({ assembly, clients: made, queueUrl, apiOrigin: api.origin, apiBase, stateDirectory }),
    broken,
  );
  await unlessBroken(messaging?.createDestinations(made) ?? Promise.resolve(), broken);
  const { resources } = created;
  known.resources = resources;
  ({ secrets, kmsKeys } = created);
  served = servedApisOf(resources, apiBase);

  const watch = watchStack({
    resources,
    settings,
    sqs,
    queueNames: OWN_QUEUES.map((name) => physicalName(settings, name)),
    now: Date.now,
  });
  known.watch = watch;
  started.defer(() => watch.metrics.stop());
  const parts = pipelineParts(resources, settings);
  const apiUrl = `${api.origin}/${parts.stage}`;
  const consoleServer = await startConsole({
    port: usable.console,
    files: consoleFiles,
    config: () => consoleConfig(settings, issuer, consoleClientId),
    api: () => apiUrl,
  });
  started.defer(() => consoleServer.stop());

  const traces = await startTraceCollector({ stateDirectory, now: Date.now, log });
  started.defer(() => traces.stop());
  const awsVariables = (caller: Caller) => ({
    ...awsEnvironment({ ...servers, ...shown[caller] }, credentials),
    AWS_XRAY_DAEMON_ADDRESS: traces.address,
  });
  const programs = await unlessBroken(
    runPrograms(
      {
        ...created,
        assembly,
        settings,
        clients: made,
        queueUrl: sqs.urlOf,
        awsVariables,
        shown,
        stateDirectory,
        logDirectory,
        persistent,
        register,
        interposition,
        log,
        observer: watch.metrics,
        streamPollMs: options.streamPollMs,
        onObject: sqs.onObject,
      },
      started,
    ),
    broken,
  );
  started.defer(() => register.stopping());
  ({ functions } = programs);
  known.programs = programs;
  watch.metrics.start(() => programs.worker.isRunning);

  const { stage: _stage, masterKeysSecretArn, ...ofPipeline } = parts;
  const { confirmationsQueueUrl, orderedQueueUrl, deadLetterQueueUrl } = ofPipeline;
  const endpoints: LocalEndpoints = {
    ...servers,
    api: apiUrl,
    console: consoleServer.origin,
    issuer,
  };
  return {
    endpoints,
    region: REGION,
    credentials,
    settings,
    ...ofPipeline,
    masterKeys: secrets[masterKeysSecretArn] ?? "{}",
    ownApis: ownApisOf(resources, apiBase, api.origin),
    outputs: resources.outputs(),
    worker: programs.worker,
    environment: awsEnvironment(servers, credentials),
    ...(mail !== undefined && { mail: mail.place }),
    ...(messaging !== undefined && { messages: `${control.endpoint}${MESSAGES_PATH}` }),
    broken,
    invoke,
    endInvocations: (functionName) => programs.functions.endInvocations(functionName),
    async counters() {
      const [confirmations, ordered, deadLetters] = await Promise.all([
        sqs.counts(queueName(confirmationsQueueUrl)),
        sqs.counts(queueName(orderedQueueUrl)),
        sqs.transactions(queueName(deadLetterQueueUrl)),
      ]);
      return {
        ...programs.streamCounts,
        queued: confirmations.waiting + confirmations.inFlight + ordered.waiting + ordered.inFlight,
        inFlight: confirmations.inFlight + ordered.inFlight,
        deadLetters,
        streamBacklog: programs.streamBacklog(),
      };
    },
    stop: () => started.disposeAsync(),
  };
}

/**
 * Whoever works with a server that has ended gets errors of the network; the end of the server is what there is to
 * tell.
 */
async function unlessBroken<T>(work: Promise<T>, broken: Promise<Error>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw (await Promise.race([broken, sleep(END_HEARD_WITHIN_MS, undefined, { ref: false })])) ?? error;
  }
}

async function firstEnd(parts: Readonly<Record<string, Promise<string>>>, logDirectory: string): Promise<Error> {
  const ends = Object.entries(parts).map(([name, ended]) => ended.then((how) => `${name} ended by itself (${how})`));
  return new LocalError(
    "LOCAL_PART_FAILED",
    `${await Promise.race(ends)}; its last words are in ${logDirectory}. Start the stack again.`,
  );
}

function queueName(url: string): string {
  return url.slice(url.lastIndexOf("/") + 1);
}
