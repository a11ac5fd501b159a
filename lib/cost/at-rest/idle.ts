/**
 * What each program uses while nothing is to be confirmed but the canary: milliseconds and log bytes of a run, and the
 * metrics that it publishes. Measured on this machine; a function that a template has and this does not is refused.
 *
 * Measured: `npm start -- --settings` with the canary, 64 due shards and the deployment's times of `release-due`, in
 * its logs after it had come to rest. To the lines that a program prints Lambda adds three (`START`, `END`, `REPORT`).
 * A call of AWS takes longer there than on this machine: `NETWORK_MS` is added for each round trip of a run.
 */
import { DELIVERY_METRICS_ALWAYS } from "../../../core/settings/published-metrics.ts";
import { DEPLOYMENT_FUNCTION_NAMES, FUNCTION_NAMES, METRICS, WORKER_SERVICE } from "../../../core/settings/names.ts";

export interface Idle {
  /** Milliseconds of a run; billed by memory. */
  readonly ms: number;
  /** Of what a run prints. */
  readonly logBytes: number;
  /** Published again and again at rest, each a metric that is billed. */
  readonly metrics: readonly string[];
}

/** A function's three lines of its own for each invocation, as Lambda writes them for an active trace. */
export const PLATFORM_LOG_BYTES = 370;
/**
 * Reads of one shard in a minute: a look asks for parked, pending and ordered rows, and before it rests a run asks once
 * more for each; an empty query costs half a read.
 */
export const LOOK_READS = 6 * 0.5;
/** Of a run, eventually consistent: which jobs are open. */
export const JOB_LOOK_READS = 0.5;
/** What one canary uses beside runs of functions. */
export const A_CANARY = {
  /** Insert (3), record (2), and what the reference merchant remembers. */
  writes: 6,
  /** The worker reads row, merchant and health, the canary its row, the merchant itself. */
  reads: 5,
  /** One each to send, receive and delete; a poll that brings something is one more poll. */
  queueRequests: 3,
  /** The insert and the record come one after the other. */
  streamRuns: 2,
} as const;
const NONE: Idle = { ms: 0, logBytes: 0, metrics: [] };

export const IDLE: Readonly<Record<string, Idle>> = {
  [FUNCTION_NAMES.releaseDue]: { ms: 300, logBytes: 290, metrics: [METRICS.released, METRICS.deadLetteredPipeline] },
  [FUNCTION_NAMES.canary]: { ms: 60, logBytes: 620, metrics: [METRICS.canaryConfirmed, METRICS.canaryLatency] },
  [FUNCTION_NAMES.streamTransactions]: {
    ms: 40,
    logBytes: 260,
    metrics: [METRICS.received, METRICS.batchFill, METRICS.enqueued],
  },
  /** Assumed: as `stream-transactions`, with a call of SNS in the place of one of SQS, and one line. */
  [FUNCTION_NAMES.publishEvents]: { ms: 40, logBytes: 180, metrics: [METRICS.eventsPublished] },
  [FUNCTION_NAMES.confirmationWebhook]: { ms: 40, logBytes: 780, metrics: [METRICS.referenceReceived] },
  [FUNCTION_NAMES.auditTransactions]: {
    ms: 1500,
    logBytes: 1000,
    metrics: [METRICS.lost, METRICS.found, METRICS.auditRepaired, METRICS.auditPostponed],
  },
  /** In the place of the worker: a run for each canary, most of it the reference merchant's time. */
  [FUNCTION_NAMES.confirmationTransactions]: {
    ms: 300,
    logBytes: 900,
    metrics: [...DELIVERY_METRICS_ALWAYS, METRICS.commitToConfirmed],
  },
  /** Assumed: seven calls one after the other, and a line. */
  [DEPLOYMENT_FUNCTION_NAMES.deploymentGuard]: { ms: 700, logBytes: 600, metrics: [] },
  [FUNCTION_NAMES.signingKeys]: NONE,
  [FUNCTION_NAMES.receiveAcknowledgements]: NONE,
  [FUNCTION_NAMES.receiveReceipts]: NONE,
  [FUNCTION_NAMES.confirmationsApi]: NONE,
  [FUNCTION_NAMES.merchantSecrets]: NONE,
  [FUNCTION_NAMES.apiAuthorizer]: NONE,
  [FUNCTION_NAMES.auditLogChain]: NONE,
  [FUNCTION_NAMES.runJobs]: NONE,
  [FUNCTION_NAMES.importTransactions]: NONE,
  [FUNCTION_NAMES.insertFakeTransactions]: NONE,
  /** The worker's log bytes are those of a publication, each ten seconds. */
  [WORKER_SERVICE]: {
    ms: 0,
    logBytes: 870,
    metrics: [
      ...DELIVERY_METRICS_ALWAYS,
      METRICS.receivingHeld,
      METRICS.clockSkew,
      METRICS.dependencyUnavailable,
      METRICS.egressFault,
      METRICS.windowInUse,
      METRICS.circuitsOpen,
      METRICS.connectionsOpened,
      METRICS.batchFill,
      METRICS.queueAge,
      METRICS.webhookLatency,
      METRICS.commitToConfirmed,
    ],
  },
};
