/**
 * Dollars for what is used in a second, by item: the one place where usage becomes money, for `npm run cost`, where a
 * second is worked out, and for the simulation, where it is counted.
 */
import { PRICES_USD } from "../../../core/settings/prices.ts";
import { PUBLISH_EVERY_MS } from "../../../core/settings/worker-rhythm.ts";
import { GB, MILLION } from "../cost-item.ts";
import { BATCHES, CALL_BYTES, LOG_BYTES, QUEUE_BYTES, ROUND_TRIP_MS } from "./quantities.ts";
import { type CallerRuns, callerUsd } from "./small-account.ts";
import { streamRuns, type StreamMapping } from "./stream-runs.ts";

/** What was used in one second. */
export interface SecondUsed {
  /** Write units, of the table and its indexes. */
  readonly writes: number;
  readonly reads: number;
  readonly changes: number;
  /** Messages that were put on the queue by the stream. */
  readonly messages: number;
  /** The same by `release-due`. */
  readonly released: number;
  /** Executions of `release-due` that run, be it to wait for their next look. */
  readonly releaseRuns: number;
  /** Messages that each running task received. */
  readonly receivedByTask: readonly number[];
  /** Tasks that are paid for. */
  readonly tasks: number;
  readonly calls: number;
  /** Of `confirmation-transactions`, where there are no tasks. */
  readonly caller?: CallerRuns;
  /** Capacity units that are paid for, where capacity is provisioned. */
  readonly provisioned?: { readonly writes: number; readonly reads: number };
}

/** How the stack is laid out, as far as a second's cost depends on it. */
export interface Layout {
  readonly stream: StreamMapping;
  /** Of the second reader of the stream, where there are events. */
  readonly events?: StreamMapping;
  /** Of the stream. */
  readonly shards: number;
  readonly task: { readonly vcpu: number; readonly gb: number };
  readonly releaseMemoryGb: number;
  /** Part of transactions that are traced, and of runs of the stream's function. */
  readonly traced: { readonly transactions: number; readonly streamRuns: number };
  /** That a task prints with each publication of its metrics, if all labels are counted. @default none */
  readonly campaignLines?: number;
  /** Whether tasks reach SQS by an endpoint, and not through the NAT gateways. */
  readonly hasQueueEndpoint: boolean;
  /** Whether merchants are called through NAT gateways. */
  readonly hasNat: boolean;
}

export type ByItem = Readonly<Record<string, number>>;

const HOUR_SECONDS = 3600;
const EVENTS_A_MESSAGE = 2;
const PUBLICATIONS_A_SECOND = 1000 / PUBLISH_EVERY_MS;

export function secondByItem(layout: Layout, used: SecondUsed): ByItem {
  const stream = streamRuns(layout.stream, layout.shards, used.changes, used.messages);
  // An insert and a record are a step each.
  const events =
    layout.events && streamRuns(layout.events, layout.shards, used.changes, used.messages * EVENTS_A_MESSAGE);
  const received = used.receivedByTask.reduce((sum, count) => sum + workerCalls(count), 0);
  const handled = used.receivedByTask.reduce((sum, count) => sum + count, 0);
  const { caller } = used;
  const { task, traced, hasQueueEndpoint, hasNat, campaignLines = 0 } = layout;
  const taskHour = task.vcpu * PRICES_USD.perVcpuHour + task.gb * PRICES_USD.perTaskGbHour;
  const outGb = (used.calls * CALL_BYTES.out) / GB;
  const natGb = hasNat ? outGb + (used.calls * CALL_BYTES.in) / GB : 0;
  const queueGb = (handled * QUEUE_BYTES) / GB;
  const traces = used.messages * traced.transactions + stream.runs * traced.streamRuns;
  const logBytes =
    (stream.runs + (events?.runs ?? 0)) * LOG_BYTES.execution +
    used.tasks * (LOG_BYTES.taskSecond + campaignLines * LOG_BYTES.campaignLine * PUBLICATIONS_A_SECOND) +
    (caller?.logBytes ?? 0);
  const queueCalls = stream.queueCalls + received + used.released / BATCHES.messages + (caller?.queueCalls ?? 0);
  return {
    ...capacityByItem(used),
    "Queue requests": (queueCalls * PRICES_USD.perMillionQueueRequests) / MILLION,
    "stream-transactions":
      (stream.runs * PRICES_USD.perMillionInvocations) / MILLION + stream.gbSeconds * PRICES_USD.perLambdaGbSecond,
    ...(events !== undefined && {
      "publish-events":
        (events.runs * PRICES_USD.perMillionInvocations) / MILLION + events.gbSeconds * PRICES_USD.perLambdaGbSecond,
      Events: (events.queueCalls * PRICES_USD.perMillionPublications) / MILLION,
    }),
    "release-due": used.releaseRuns * layout.releaseMemoryGb * PRICES_USD.perLambdaGbSecond,
    "confirmation-transactions": caller === undefined ? 0 : callerUsd(caller),
    Fargate: (used.tasks * taskHour) / HOUR_SECONDS,
    "To merchants": outGb * PRICES_USD.perInternetOutGb + natGb * PRICES_USD.perNatGb,
    "To the queue": queueGb * (hasQueueEndpoint ? PRICES_USD.perEndpointGb : PRICES_USD.perNatGb),
    Traces: (traces * PRICES_USD.perMillionTraces) / MILLION,
    Logs: (logBytes * PRICES_USD.perLogGb) / GB,
  };
}

/** On demand what is used is paid, provisioned what is there. */
function capacityByItem({ writes, reads, provisioned }: SecondUsed): ByItem {
  if (provisioned === undefined)
    return {
      "Table writes": (writes * PRICES_USD.perMillionWrites) / MILLION,
      "Table reads": (reads * PRICES_USD.perMillionReads) / MILLION,
    };
  return {
    "Table writes": (provisioned.writes * PRICES_USD.perWriteCapacityHour) / HOUR_SECONDS,
    "Table reads": (provisioned.reads * PRICES_USD.perReadCapacityHour) / HOUR_SECONDS,
  };
}

/**
 * Receives and deletes of one task in a second. One poller always asks, as often as responses come back, and gets what
 * is there; a full batch makes more of them. Deletes leave when the one before is back, or when there are ten.
 */
export function workerCalls(messages: number): number {
  const batched = (perSecond: number) => Math.max(messages / BATCHES.messages, Math.min(messages, perSecond));
  const longPolls = 2 / BATCHES.longPollSeconds;
  return Math.max(longPolls, batched(1000 / ROUND_TRIP_MS.receive)) + batched(1000 / ROUND_TRIP_MS.delete);
}

export function addByItem(sum: ByItem, more: ByItem): ByItem {
  const names = [...new Set([...Object.keys(sum), ...Object.keys(more)])];
  return Object.fromEntries(names.map((name) => [name, (sum[name] ?? 0) + (more[name] ?? 0)]));
}
