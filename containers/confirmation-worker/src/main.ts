/** The confirmation worker: wires its parts together and runs until SIGTERM. */
import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { KMSClient } from "@aws-sdk/client-kms";
import { SQSClient } from "@aws-sdk/client-sqs";
import { askQueue } from "../../../core/aws/ask-queue.ts";
import { boundedClient } from "../../../core/aws/bounded-client.ts";
import { WORKER_LIMITS } from "../../../core/aws/call-limits.ts";
import { ImportedSecrets } from "../../../core/aws/imported-secrets.ts";
import { LeanService } from "../../../core/aws/lean/lean-call.ts";
import { debugSteps, pipelineLogger } from "../../../core/aws/logger.ts";
import { MessageQueue, type ReceivedMessage } from "../../../core/aws/message-queue.ts";
import { TraceSender } from "../../../core/aws/transaction-trace.ts";
import { TransactionsTable } from "../../../core/aws/transactions-table.ts";
import { EnvironmentError } from "../../../core/settings/environment.ts";
import { MerchantTroubles } from "../../../core/telemetry/merchant-troubles.ts";
import { Meter } from "../../../core/telemetry/meter.ts";
import { METRICS, METRICS_NAMESPACE, WORKER_SERVICE } from "../../../core/settings/names.ts";
import { parseMasterKeys } from "../../../core/signing/signature.ts";
import { AddressGuard } from "../../../core/delivery/address-guard.ts";
import { ClockLook } from "./clock/clock-look.ts";
import { ClockWatch } from "./clock/clock-watch.ts";
import { DependencyBreaker } from "./receive/dependency-breaker.ts";
import { EgressTurns } from "./receive/egress-turns.ts";
import { readWorkerEnvironment } from "./environment.ts";
import { serveHealth } from "./health.ts";
import { confirmationSettings } from "../../../core/confirmation/settings.ts";
import { ordered as orderedStrategy } from "../../../core/confirmation/order/ordered.ts";
import { unordered as unorderedStrategy } from "../../../core/confirmation/order/unordered.ts";
import { InQueueBudget, NO_ROOM } from "../../../core/confirmation/in-queue-budget.ts";
import { queuePipeline, type QueuePipelineOptions } from "./queue-pipeline.ts";
import { Measures } from "./telemetry/measures.ts";
import { merchantSide } from "./merchants/merchant-side.ts";
import { byGroup } from "./sequence/ordered-group.ts";
import { PauseSwitch } from "./receive/pause-switch.ts";
import { loopUtilization, PollerLimit } from "./receive/poller-limit.ts";
import { Publisher } from "./telemetry/publisher.ts";
import { ReceiveControl } from "./receive/receive-control.ts";
import { Receiver } from "./receive/receiver.ts";
import { RowReader } from "./read/row-reader.ts";
import { watchedTransactions } from "./read/watched-reads.ts";
import { Worker } from "./worker.ts";
import { logError } from "../../../core/telemetry/log-error.ts";
import { errorFields } from "../../../core/errors/error-fields.ts";

const METRICS_EVERY_MS = 10_000;
/** Published even if 0: what alarms calculate with must not be missing. */
const ALWAYS_PUBLISHED = [
  METRICS.received,
  METRICS.delivered,
  METRICS.attemptFailed,
  METRICS.confirmed,
  METRICS.parked,
  METRICS.deadLetteredMerchant,
  METRICS.deadLetteredPipeline,
];
const PAUSE_LOOK_EVERY_MS = 2000;
const BREAKER_LOOK_EVERY_MS = 1000;
/** Left for open handles to close once everything is let go of. */
const EXIT_GRACE_MS = 1000;
const now = Date.now;
/** For durations: no step of the clock touches it. */
const elapsedMs = () => performance.now();

const logger = pipelineLogger(WORKER_SERVICE);
const meter = new Meter(ALWAYS_PUBLISHED);
const troubles = new MerchantTroubles();
const clock = new ClockWatch({ now, elapsedMs });
const publisher = new Publisher({
  meter,
  troubles,
  namespace: METRICS_NAMESPACE,
  service: WORKER_SERVICE,
  print: (line) => void process.stdout.write(`${line}\n`),
  log: (message, details) => logger.info(message, details),
  // CloudWatch puts a metric where its stamp says: that a clock is wrong must show at the time when it is.
  now: () => (clock.isWrong ? now() - clock.skewMs : now()),
});
const count = (metric: string, by?: number) => meter.count(metric, by);

async function main(): Promise<void> {
  // Before anything can fail: a crash loop must show.
  count(METRICS.workerStarted);
  publisher.publish();
  const env = readWorkerEnvironment();
  const masterKeys = parseMasterKeys(env.masterKeys);
  const guard = new AddressGuard(env.allowDestinations, env.refuseDestinations);
  const connection = { region: env.region };
  const limits = WORKER_LIMITS;
  const dynamodb = boundedClient(DynamoDBClient, limits, connection, clock.dynamodb);
  const sqs = boundedClient(SQSClient, limits, connection, clock.sqs);
  const traces = new TraceSender();
  const kms = boundedClient(KMSClient, limits, connection);
  const warn = (message: string, details: Readonly<Record<string, unknown>>) => logger.warn(message, details);
  const fellBack = (operation: string, reason: unknown) => {
    count(METRICS.leftToSdk);
    logger.debug("a call is left to the SDK", { operation, error: errorFields(reason) });
  };
  const toTable = new LeanService({
    service: "dynamodb",
    client: dynamodb,
    limits,
    dates: clock.dynamodb,
    fellBack,
    now,
  });
  const toQueue = new LeanService({ service: "sqs", client: sqs, limits, dates: clock.sqs, fellBack, now });
  const table = new TransactionsTable(dynamodb, env.transactionsTable, toTable.call);
  const queue = new MessageQueue(sqs, env.confirmationsQueueUrl, toQueue);
  const ordered = new MessageQueue(sqs, env.orderedQueueUrl, toQueue);
  const secrets = new ImportedSecrets({ kms, keyArn: env.importedSecretsKeyArn, nowMs: elapsedMs });
  // Another key each time: one that is throttled says nothing about its table.
  const probe = () => {
    const key = `probe ${randomUUID()}`;
    return Promise.all([table.read([key]), probeSide(key)]);
  };
  const breaker = new DependencyBreaker<MessageQueue>({
    probe,
    now: elapsedMs,
    changed: (mode, details) =>
      warn(mode === "unavailable" ? "a table cannot be read" : "the tables can be read again", details),
  });
  const side = {
    env,
    breaker,
    masterKeys,
    guard,
    dynamodb,
    toTable: toTable.call,
    openSecret: secrets.open,
    count,
    warn,
    now,
    elapsedMs,
  };
  const { port: merchants, egress, gates, gatesTable, ahead, close, probe: probeSide } = merchantSide(side);
  const pauseSwitch = new PauseSwitch({ table: gatesTable, log: (message) => logger.info(message), warn });
  const debug = debugSteps(env.debugSamplePercent, WORKER_SERVICE);
  const measures = new Measures({ meter, troubles, debug, warn, hops: traces, now });
  const settings = Object.freeze({ ...confirmationSettings(env), visibilitySeconds: env.visibilitySeconds });
  const clockPort = { now, elapsedMs, isWrongAt: clock.isWrongAt, random: Math.random };
  const parts: QueuePipelineOptions = {
    ports: { merchants, telemetry: measures, clock: clockPort },
    table,
    rows: new RowReader(watchedTransactions(table, breaker), (rows) => ahead.look(rows)),
    deadLetterQueue: new MessageQueue(sqs, env.deadLetterQueueUrl),
    ordered,
    troubled: new InQueueBudget(env.inQueueFailingMax, elapsedMs),
    state: {
      isStopping: () => worker.isStopping || pauseSwitch.isPaused || clock.isWrong,
      isStopped: () => worker.isStopped,
      isOutage: () => breaker.isDown,
      pause,
    },
    settings,
  };
  const failing = new InQueueBudget(env.inQueueFailingMax, elapsedMs);
  const unordered = queuePipeline(queue, unorderedStrategy, failing, parts);
  const inOrder = queuePipeline(ordered, orderedStrategy, NO_ROOM, parts);
  const turns = new EgressTurns<MessageQueue>(egress);
  const unrecorded = () => unordered.untilRecorded.waiting + inOrder.untilRecorded.waiting;
  const control = new ReceiveControl<MessageQueue>();
  control.add({ reason: "everything paused", isHeld: () => pauseSwitch.isPaused });
  control.add({ reason: "outcomes unrecorded", isHeld: () => unrecorded() > env.window / 4 });
  control.add({
    reason: "dependency unavailable",
    isHeld: () => breaker.isDown,
    grantsOne: (queueToAsk) => breaker.grantsOne(queueToAsk),
  });
  control.add({
    reason: "egress fault",
    isHeld: () => egress.isFaulty,
    grantsOne: (queueToAsk) => turns.mayReceive(queueToAsk),
  });
  // Another task may be on a machine whose clock is right.
  control.add({ reason: "clock skew", isHeld: () => clock.isWrong, failsHealth: true });
  const pollers = new PollerLimit(loopUtilization(), elapsedMs);
  const receiving = (from: MessageQueue) => ({
    ...env,
    mostPollers: () => pollers.look(),
    queue: from,
    received: (messages: readonly ReceivedMessage[]) => {
      if (messages.length > 0) breaker.received(from);
      measures.received(messages);
    },
    isHeldOff: () => !control.mayReceive(from),
    pause,
    warn,
    elapsedMs,
  });
  const worker: Worker = new Worker({
    ...env,
    receiver: (handle) => new Receiver({ ...receiving(queue), unitsOf: (messages) => messages, handle }),
    confirm: (held) => breaker.watch(unordered.confirmation.handle(held)),
    ordered: {
      receiver: (handle) =>
        new Receiver({ ...receiving(ordered), window: env.orderedWindow, unitsOf: byGroup, handle }),
      confirm: (held) => breaker.watch(inOrder.confirmation.handle(held)),
      giveBack: (held, seconds) => inOrder.acknowledger.giveBack(held, seconds),
      onHeldBack: (messages) => count(METRICS.heldBackInOrder, messages),
      elapsedMs,
    },
    pause,
    elapsedMs,
    log: (message, details) => logger.info(message, details),
  });

  const health = await serveHealth(env.healthPort, () => control.isHealthy && worker.isHealthy());
  meter.gauge(METRICS.receivingHeld, () => control.reasons.length);
  meter.gauge(METRICS.clockSkew, () => Math.round(Math.abs(clock.skewMs)));
  meter.gauge(METRICS.dependencyUnavailable, () => (breaker.isDown ? 1 : 0));
  meter.gauge(METRICS.egressFault, () => (egress.isFaulty ? 1 : 0));
  meter.gauge(METRICS.windowInUse, () => (100 * worker.held) / (env.window + env.orderedWindow));
  meter.gauge(METRICS.circuitsOpen, () => gates.openCircuits(env.circuit.maxOpenMs, now()));
  const publish = () => {
    publisher.publish();
    measures.published();
  };
  const publishing = setInterval(publish, METRICS_EVERY_MS);
  const clockLook = new ClockLook({ clock, ask: () => askQueue(sqs, env.confirmationsQueueUrl), warn });
  const look = async () => {
    await pauseSwitch.look();
    await clockLook.look();
  };
  // Both services have said what time it is before anything is received, if they answer at all.
  await look();
  const looking = setInterval(() => void look(), PAUSE_LOOK_EVERY_MS);
  const probing = setInterval(() => void breaker.look(), BREAKER_LOOK_EVERY_MS);
  const stop = async (signal: string) => {
    logger.info("worker asked to stop", { signal });
    await worker.stop();
    clearInterval(publishing);
    clearInterval(looking);
    clearInterval(probing);
    publish();
    health.close();
    close();
    toTable.close();
    toQueue.close();
    await traces.flush();
    dynamodb.destroy();
    sqs.destroy();
    kms.destroy();
    setTimeout(() => process.exit(), EXIT_GRACE_MS).unref();
  };
  process.once("SIGTERM", () => void stop("SIGTERM"));
  process.once("SIGINT", () => void stop("SIGINT"));
  worker.start();
  logger.info("worker ready", { healthPort: health.port, window: env.window, queue: env.confirmationsQueueUrl });
}

main().catch((error: unknown) => {
  const message = error instanceof EnvironmentError ? error.message : "the worker could not start";
  logError((text, details) => logger.critical(text, details), message, error);
  process.exitCode = 1;
});
