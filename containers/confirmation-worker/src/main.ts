/** The confirmation worker: wires its parts together and runs until SIGTERM. */
import { setTimeout as pause } from "node:timers/promises";
import { Logger } from "@aws-lambda-powertools/logger";
import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { KMSClient } from "@aws-sdk/client-kms";
import { SQSClient } from "@aws-sdk/client-sqs";
import { GatesTable } from "../../../aws/gates-table.ts";
import { ImportedSecrets } from "../../../aws/imported-secrets.ts";
import { leanDynamodb, leanSqs } from "../../../aws/lean/lean-services.ts";
import { MerchantsTable } from "../../../aws/merchants-table.ts";
import { MessageQueue } from "../../../aws/message-queue.ts";
import { TransactionsTable } from "../../../aws/transactions-table.ts";
import { EnvironmentError } from "../../../core/environment.ts";
import { METRICS, METRICS_NAMESPACE, WORKER_SERVICE } from "../../../core/names.ts";
import { parseMasterKeys } from "../../../core/signature.ts";
import { AddressGuard } from "../../../delivery/address-guard.ts";
import { attempt } from "../../../delivery/attempt.ts";
import { EgressMonitor } from "../../../delivery/egress-monitor.ts";
import { AdaptiveBulkhead } from "../../../delivery/gate/adaptive-bulkhead.ts";
import { GateDirectory } from "../../../delivery/gate/gate-directory.ts";
import { MerchantGate } from "../../../delivery/gate/merchant-gate.ts";
import { OwnSlowness } from "../../../delivery/gate/own-slowness.ts";
import { RateLimiter } from "../../../delivery/gate/rate-limiter.ts";
import { WaitingRoom } from "../../../delivery/gate/waiting-room.ts";
import { guardedConnector } from "../../../delivery/guarded-connector.ts";
import { MerchantDirectory } from "../../../delivery/merchant-directory.ts";
import { CachingResolver } from "../../../delivery/name-resolver.ts";
import { Origins } from "../../../delivery/origins.ts";
import { prepareCall } from "../../../delivery/prepare.ts";
import { EgressTurns } from "./egress-turns.ts";
import { readWorkerEnvironment } from "./environment.ts";
import { serveHealth } from "./health.ts";
import { InQueueBudget } from "./confirmation/in-queue-budget.ts";
import { intakeFrom, type IntakeOptions } from "./intake.ts";
import { byGroup } from "./ordered-group.ts";
import { PauseSwitch } from "./pause-switch.ts";
import { Receiver } from "./receiver.ts";
import { RowReader } from "./row-reader.ts";
import { Worker } from "./worker.ts";

const MAX_ORIGINS = 1000;
const METRICS_EVERY_MS = 10_000;
/** Published even if 0: what alarms calculate with must not be missing. */
const ALWAYS_PUBLISHED = [METRICS.confirmed, METRICS.deadLetteredMerchant];
const PAUSE_LOOK_EVERY_MS = 2000;
/** Left for open handles to close once everything is let go of. */
const EXIT_GRACE_MS = 1000;
const now = Date.now;

/** Counted here and published as sums: a metric line for each message would cost more than the message. */
const counters = new Map<string, number>();
const logger = new Logger({ serviceName: WORKER_SERVICE });
const metrics = new Metrics({ namespace: METRICS_NAMESPACE, serviceName: WORKER_SERVICE });

async function main(): Promise<void> {
  const env = readWorkerEnvironment();
  const masterKeys = parseMasterKeys(env.masterKeys);
  const guard = new AddressGuard(env.allowDestinations, env.refuseDestinations);
  const dynamodb = new DynamoDBClient({ region: env.region });
  const sqs = new SQSClient({ region: env.region });
  const warn = (message: string, details: Readonly<Record<string, unknown>>) => logger.warn(message, details);
  const fellBack = (operation: string, reason: unknown) => {
    count(METRICS.leftToSdk);
    logger.debug("a call is left to the SDK", { operation, reason: String(reason) });
  };
  const [toTable, toQueue] = [
    leanDynamodb(dynamodb, { fellBack, now }),
    leanSqs(sqs, env.confirmationsQueueUrl, { fellBack, now }),
  ];
  const table = new TransactionsTable(dynamodb, env.transactionsTable, toTable.call);
  const queue = new MessageQueue(sqs, env.confirmationsQueueUrl, toQueue.call);
  const ordered = new MessageQueue(sqs, env.orderedQueueUrl, toQueue.call);
  const kms = new KMSClient({ region: env.region });
  const secrets = new ImportedSecrets({ kms, keyArn: env.importedSecretsKeyArn, nowMs: now });
  const merchantsTable = new MerchantsTable(dynamodb, env.merchantsTable, toTable.call);
  const merchants = new MerchantDirectory(merchantsTable, masterKeys, secrets.open, now);
  const egress = new EgressMonitor({
    now,
    changed: (mode, details) =>
      warn(mode === "faulty" ? "our own egress is at fault" : "egress is well again", details),
  });
  const origins = new Origins(
    guardedConnector(guard, new CachingResolver(env.deadlineMs, now), env.deadlineMs, now, (origin) =>
      egress.reached(origin),
    ),
    MAX_ORIGINS,
  );
  const slowness = new OwnSlowness(now);
  const stopWatching = slowness.watch();
  const gatesTable = new GatesTable(dynamodb, env.merchantGatesTable, toTable.call);
  const room = new WaitingRoom({ ...env, pause });
  const gate = new MerchantGate({
    ...env,
    slowness,
    table: gatesTable,
    gates: new GateDirectory(gatesTable, now),
    bulkhead: new AdaptiveBulkhead(env.window + env.orderedWindow, now, (tookMs) => slowness.isLate(tookMs)),
    room,
    rateLimiter: new RateLimiter({ room, take: (...tokens) => gatesTable.takeTokens(...tokens), now }),
    count,
    warn,
    now,
    random: Math.random,
  });
  const pauseSwitch = new PauseSwitch({ table: gatesTable, log: (message) => logger.info(message), warn });
  const parts: IntakeOptions = {
    ...env,
    table,
    tableName: env.transactionsTable,
    deadLetterQueue: new MessageQueue(sqs, env.deadLetterQueueUrl),
    ordered,
    rows: new RowReader(table),
    prepare: (row) => prepareCall(row, { ...env, merchants, guard }),
    call: (call) => attempt(origins, call),
    gate,
    egress,
    inQueueBudget: new InQueueBudget(env.inQueueFailingMax, now),
    count,
    warn,
    now,
    random: Math.random,
    pause,
    isStopping: () => worker.isStopping || pauseSwitch.isPaused,
    isStopped: () => worker.isStopped,
  };
  const unordered = intakeFrom(queue, false, parts);
  const inOrder = intakeFrom(ordered, true, parts);
  const turns = new EgressTurns<MessageQueue>(egress);
  const unrecorded = () => unordered.persistence.waiting + inOrder.persistence.waiting;
  const receiving = (from: MessageQueue) => ({
    ...env,
    queue: from,
    isHeldOff: () => pauseSwitch.isPaused || unrecorded() > env.window / 4 || !turns.mayReceive(from),
    pause,
    warn,
    now,
  });
  const worker: Worker = new Worker({
    ...env,
    receiver: (handle) => new Receiver({ ...receiving(queue), unitsOf: (messages) => messages, handle }),
    confirm: (held) => unordered.confirmation.handle(held),
    ordered: {
      receiver: (handle) =>
        new Receiver({ ...receiving(ordered), window: env.orderedWindow, unitsOf: byGroup, handle }),
      confirm: (held) => inOrder.confirmation.handle(held),
      giveBack: (held, seconds) => inOrder.acknowledger.giveBack(held, seconds),
      onHeldBack: (messages) => count(METRICS.heldBackInOrder, messages),
      now,
    },
    pause,
    now,
    log: (message, details) => logger.info(message, details),
  });

  const health = await serveHealth(env.healthPort, () => worker.isHealthy());
  const publish = () => {
    counters.set(METRICS.egressFault, egress.isFaulty ? 1 : 0);
    publishCounters();
  };
  const publishing = setInterval(publish, METRICS_EVERY_MS);
  await pauseSwitch.look();
  const looking = setInterval(() => void pauseSwitch.look(), PAUSE_LOOK_EVERY_MS);
  const stop = async (signal: string) => {
    logger.info("worker asked to stop", { signal });
    await worker.stop();
    clearInterval(publishing);
    clearInterval(looking);
    stopWatching();
    publish();
    health.close();
    await Promise.all([origins.close(), toTable.close(), toQueue.close()]);
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

function count(metric: string, by = 1): void {
  counters.set(metric, (counters.get(metric) ?? 0) + by);
}

function publishCounters(): void {
  for (const metric of ALWAYS_PUBLISHED) counters.set(metric, counters.get(metric) ?? 0);
  for (const [metric, sum] of counters) metrics.addMetric(metric, MetricUnit.Count, sum);
  counters.clear();
  metrics.publishStoredMetrics();
}

main().catch((error: unknown) => {
  logger.critical(error instanceof EnvironmentError ? error.message : "the worker could not start", error as Error);
  process.exitCode = 1;
});
