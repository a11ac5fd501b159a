/**
 * Runs the template's programs: functions, what triggers them (mappings from streams and queues, schedules), and the
 * worker, which in small-account mode is one of the functions. Ended in the opposite order, the worker first, so that
 * nothing is received that cannot be recorded.
 */
import { join } from "node:path";
import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { setTimeout as sleep } from "node:timers/promises";
import { deployersOf } from "./assembly/known-types.ts";
import type { Assembly } from "./assembly/read-assembly.ts";
import { isObject, type ResolvedResource } from "./assembly/template.ts";
import type { LocalClients } from "./aws-clients.ts";
import type { CreatedResources } from "./create-resources.ts";
import type { LocalTable } from "./dynamodb/create-tables.ts";
import type { MappingControl } from "./control/event-source-mappings.ts";
import { mappingControl } from "./control/mapping-control.ts";
import { MappingSwitch } from "./control/mapping-switch.ts";
import { type FunctionDefinition, functionDefinition } from "./functions/function-definition.ts";
import { atLocalPace } from "./functions/local-pace.ts";
import { type FunctionPool, startFunctions } from "./functions/function-pool.ts";
import { startSchedules } from "./functions/schedule.ts";
import { LocalError } from "./local-error.ts";
import type { Caller, Interposition, LocalLog, LocalWorker, ServerAddresses } from "./local-stack.ts";
import { arnOf } from "./machine.ts";
import type { ProgramObserver } from "./program-observer.ts";
import type { ProcessRegister } from "./processes/process-register.ts";
import {
  isQueueMapping,
  type QueueMappingDefinition,
  queueMappingDefinition,
} from "./queue/queue-mapping-definition.ts";
import { startQueueMapping } from "./queue/start-queue-mapping.ts";
import { bucketNotificationsOf } from "./s3/bucket-notifications.ts";
import { startBucketEvents } from "./s3/bucket-events.ts";
import { asTopic } from "./sqs/function-subscriptions.ts";
import type { LocalSqs } from "./sqs/start-sqs.ts";
import { type MappingDefinition, mappingDefinition } from "./stream/mapping-definition.ts";
import { rescueForgotten } from "./stream/rescue.ts";
import { startMapping } from "./stream/start-mapping.ts";
import { countStream, type StreamCounter, type StreamCounts } from "./stream/stream-counters.ts";
import { FunctionWorker } from "./worker/function-worker.ts";
import { taskDefinition } from "./worker/task-definition.ts";
import { WorkerProcess } from "./worker/worker-process.ts";
import { FUNCTION_NAMES } from "../core/settings/names.ts";
import { physicalName } from "../core/settings/physical-names.ts";
import type { Settings } from "../core/settings/settings.ts";
import { errorLine } from "../core/errors/error-fields.ts";

export interface ProgramsOptions extends CreatedResources {
  readonly assembly: Assembly;
  readonly settings: Settings;
  readonly clients: LocalClients;
  readonly queueUrl: (queueName: string) => string;
  /** AWS_* variables of this machine. */
  readonly awsVariables: (caller: Caller) => Readonly<Record<string, string>>;
  /** Where each finds the servers; the resources' own URLs are the functions'. */
  readonly shown: Readonly<Record<Caller, Pick<ServerAddresses, "sqs">>>;
  readonly stateDirectory: string;
  readonly logDirectory: string;
  readonly persistent: boolean;
  readonly register: ProcessRegister;
  readonly interposition: Interposition;
  readonly log: LocalLog;
  readonly observer: ProgramObserver;
  readonly streamPollMs: number | undefined;
  /** Has a listener told of each object that is put into a bucket. */
  readonly onObject: LocalSqs["onObject"];
}

export interface Programs {
  readonly functions: FunctionPool;
  readonly worker: LocalWorker;
  readonly functionNames: readonly string[];
  readonly mappings: readonly MappingControl[];
  readonly streamCounts: Readonly<StreamCounts>;
  streamBacklog(): number;
}

/** How long an invocation of a mapping may go on when the stack stops. */
const LAST_INVOCATION_MS = 3000;

export async function runPrograms(options: ProgramsOptions, started: AsyncDisposableStack): Promise<Programs> {
  const { resources, settings, logDirectory, interposition, log, observer } = options;
  const { queues = [], streams = [] } = Object.groupBy(resources.ofType("AWS::Lambda::EventSourceMapping"), (mapping) =>
    isQueueMapping(mapping) ? "queues" : "streams",
  );
  const queueMappings = queues.map((mapping) => queueMappingDefinition(mapping));
  const definitions = functionDefinitions(options, queueMappings);
  const functions = interposed(startFunctions(definitions, logDirectory, observer), interposition);
  const counter = countStream();
  const mappings = streams.map(mappingDefinition);
  const controls = [...streams, ...queues].map((resource) => mappingControl(resource));
  const switchAt = (index: number): MappingSwitch => controls[index]?.isOn ?? new MappingSwitch(true);
  const running = mappings.map((mapping, index) =>
    run(
      mapping,
      options,
      functions,
      { observe: isOfTransactions(mapping, settings) ? counter.observe : () => undefined, isOn: switchAt(index) },
      started,
    ),
  );
  const runOfQueue = (mapping: QueueMappingDefinition, caller: Caller) =>
    runQueue(mapping, options, functions, caller, switchAt(streams.length + queueMappings.indexOf(mapping)));
  const { ofCaller = [], ofOthers = [] } = Object.groupBy(queueMappings, ({ functionName }) =>
    isCaller(functionName, settings) ? "ofCaller" : "ofOthers",
  );
  const endingSubscriptions = new AbortController();
  const stopQueues = [
    ...ofOthers.map((mapping) => runOfQueue(mapping, "functions")),
    ...options.functionSubscriptions.map((subscription) => {
      const invoke = asTopic(subscription, functions.invoke, endingSubscriptions.signal);
      return runQueue(subscription.mapping, options, { ...functions, invoke }, "functions", new MappingSwitch(true));
    }),
  ];
  started.defer(() => functions.stop());
  started.defer(async () => {
    endingSubscriptions.abort();
    await Promise.race([
      Promise.all([...running.map((mapping) => mapping.stop()), ...stopQueues.map((stop) => stop())]),
      sleep(LAST_INVOCATION_MS, undefined, { ref: false }),
    ]);
  });
  const looks = mappings
    .filter((mapping) => isOfTransactions(mapping, settings))
    .map((mapping) => rescueKept(mapping, options, functions, started, counter.found));
  void Promise.all(looks).then(counter.lookedThrough);

  const schedules = startSchedules(resources.ofType("AWS::Events::Rule"), functions.invoke, (error) =>
    log(`A scheduled run failed: ${errorLine(error)}`),
  );
  started.defer(() => schedules.stop());
  const bucketEvents = startBucketEvents({
    rules: resources.ofType("AWS::Events::Rule"),
    notifications: bucketNotificationsOf(resources.ofType("Custom::S3BucketNotifications")),
    invoke: functions.invoke,
    send: (arn, body) =>
      options.clients.sqs.send(
        new SendMessageCommand({ QueueUrl: options.queueUrl(arn.slice(arn.lastIndexOf(":") + 1)), MessageBody: body }),
      ),
    onError: (error) => log(`A run for a bucket's event failed: ${errorLine(error)}`),
  });
  options.onObject((object) => bucketEvents.tell(object));
  started.defer(() => bucketEvents.stop());

  const worker =
    ofCaller.length > 0
      ? new FunctionWorker({
          functionName: definitions.find(({ name }) => isCaller(name, settings))?.name ?? "",
          functions,
          mappings: ofCaller.map((mapping) => () => runOfQueue(mapping, "worker")),
        })
      : workerProcess(options);
  started.defer(() => worker.stop());
  await worker.restart();
  return {
    functions,
    functionNames: definitions.map(({ name }) => name),
    mappings: controls,
    worker,
    streamCounts: counter.counts,
    streamBacklog: () => running.reduce((sum, mapping) => sum + mapping.backlog(), 0),
  };
}

/** Each as the template has it; the one that calls merchants as a worker is: in processes, and by the worker's way. */
function functionDefinitions(
  { resources, assembly, settings, awsVariables, shown, interposition }: ProgramsOptions,
  queueMappings: readonly QueueMappingDefinition[],
): FunctionDefinition[] {
  const deployers = deployersOf(assembly.template);
  const isPlayed = ({ logicalId, properties }: ResolvedResource): boolean =>
    !deployers.has(logicalId) || (isObject(properties["Code"]) && properties["Code"]["S3Key"] !== undefined);
  return resources
    .ofType("AWS::Lambda::Function")
    .filter(isPlayed)
    .map((resource) => {
      const name = resources.refOf(resource.logicalId);
      const identity = { name, arn: arnOf("lambda", `function:${name}`) };
      if (!isCaller(name, settings)) {
        const own = functionDefinition(resource, identity, assembly, awsVariables("functions"));
        return withPreload(
          atLocalPace(isImporter(name, settings) ? { ...own, runsIn: "process" } : own),
          interposition,
        );
      }
      const definition = functionDefinition(resource, identity, assembly, awsVariables("worker"));
      const invocations = queueMappings
        .filter(({ functionName }) => isCaller(functionName, settings))
        .reduce((sum, { concurrency }) => sum + concurrency, 0);
      const environment = atWorkersQueues(definition.environment, shown);
      return withPreload({ ...definition, environment, runsIn: "process", concurrency: invocations }, interposition);
    });
}

function workerProcess({
  resources,
  assembly,
  secrets,
  awsVariables,
  shown,
  ...options
}: ProgramsOptions): WorkerProcess {
  const [task, ...others] = resources.ofType("AWS::ECS::TaskDefinition");
  if (task === undefined || others.length > 0)
    throw new LocalError(
      "LOCAL_TEMPLATE_UNSUPPORTED",
      `The template has ${others.length + (task === undefined ? 0 : 1)} task definitions, expected one.`,
    );
  const definition = taskDefinition(task, assembly, secrets, awsVariables("worker"));
  const environment = atWorkersQueues(definition.environment, shown);
  return new WorkerProcess({ ...options, task: withPreload({ ...definition, environment }, options.interposition) });
}

/** URLs of queues lead to where functions find them. */
function atWorkersQueues(
  environment: Readonly<Record<string, string>>,
  { functions, worker }: ProgramsOptions["shown"],
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).map(([name, value]) => [name, value.replaceAll(functions.sqs, worker.sqs)]),
  );
}

/** Other streams have rows that are owed to nobody. */
function isOfTransactions({ functionName }: MappingDefinition, settings: Settings): boolean {
  return isNamed(functionName, FUNCTION_NAMES.streamTransactions, settings);
}

function isCaller(functionNameOrArn: string, settings: Settings): boolean {
  return isNamed(functionNameOrArn, FUNCTION_NAMES.confirmationTransactions, settings);
}

/** In a process, what it takes of memory is its own. */
function isImporter(functionName: string, settings: Settings): boolean {
  return isNamed(functionName, FUNCTION_NAMES.importTransactions, settings);
}

/** A function of the app's own may end alike. */
function isNamed(functionNameOrArn: string, inCode: string, settings: Settings): boolean {
  return functionNameOrArn.slice(functionNameOrArn.lastIndexOf(":") + 1) === physicalName(settings, inCode);
}

/** A function or a task, with what a suite wants loaded into it. */
function withPreload<
  Program extends {
    readonly name: string;
    readonly nodeFlags: readonly string[];
    readonly environment: Readonly<Record<string, string>>;
  },
>(program: Program, { preload }: Interposition): Program {
  if (preload === undefined) return program;
  return {
    ...program,
    nodeFlags: ["--import", preload.module, ...program.nodeFlags],
    environment: { ...program.environment, ...preload.environment(program.name) },
  };
}

function interposed(pool: FunctionPool, { invocation }: Interposition): FunctionPool {
  if (invocation === undefined) return pool;
  return {
    ...pool,
    invoke: (name, event) =>
      invocation(name.slice(name.lastIndexOf(":") + 1), event, (given) => pool.invoke(name, given)),
  };
}

function run(
  mapping: MappingDefinition,
  options: ProgramsOptions,
  functions: FunctionPool,
  given: Pick<Parameters<typeof startMapping>[0], "observe" | "isOn">,
  started: AsyncDisposableStack,
) {
  const { clients, persistent, stateDirectory, log, streamPollMs } = options;
  functions.warm(mapping.functionName);
  const running = startMapping({
    mapping,
    clients,
    invoke: functions.invoke,
    ...given,
    pollMs: streamPollMs,
    onFailure: (error) => log(`${mapping.functionName}: ${errorLine(error)}`),
    ...(persistent && { checkpointFile: join(stateDirectory, "checkpoints", `${mapping.logicalId}.json`) }),
  });
  started.defer(() => running.stop());
  return running;
}

/** @param caller by whose way the mapping reaches the queue */
function runQueue(
  mapping: QueueMappingDefinition,
  { clients, queueUrl, shown, log }: ProgramsOptions,
  functions: FunctionPool,
  caller: Caller,
  isOn: MappingSwitch,
): () => Promise<void> {
  const url = new URL(queueUrl(mapping.queueName));
  return startQueueMapping({
    isOn,
    mapping,
    sqs: caller === "worker" ? clients.sqsOfWorker : clients.sqs,
    queueUrl: caller === "worker" ? shown.worker.sqs + url.pathname : url.href,
    invoke: functions.invoke,
    onFailure: (error) => log(`${mapping.functionName}: ${errorLine(error)}`),
  });
}

function rescueKept(
  mapping: MappingDefinition,
  options: ProgramsOptions,
  functions: FunctionPool,
  started: AsyncDisposableStack,
  found: StreamCounter["found"],
): Promise<void> {
  const { tables, clients, log } = options;
  const table: LocalTable | undefined = tables.find(({ streamArn }) => streamArn === mapping.streamArn);
  if (table?.kept !== true) return Promise.resolve();
  const stopping = new AbortController();
  const rescue = rescueForgotten({
    dynamodb: clients.dynamodb,
    tableName: table.name,
    keyName: table.keyName,
    streamArn: mapping.streamArn,
    batchSize: mapping.batchSize,
    invoke: (event) => functions.invoke(mapping.functionName, event),
    found,
    signal: stopping.signal,
  }).then(
    (rescued) => {
      if (rescued > 0)
        log(`${rescued} rows of ${table.name} that were in no index went through ${mapping.functionName} again.`);
    },
    (error: unknown) => {
      if (!stopping.signal.aborted) log(`The look for forgotten rows failed: ${errorLine(error)}`);
    },
  );
  started.defer(() => rescue);
  started.defer(() => stopping.abort());
  return rescue;
}
