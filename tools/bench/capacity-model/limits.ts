/**
 * What bounds the rate, and from which rate on: for each quota of the account and each setting, the highest rate whose
 * load it still takes. Loads only grow with the rate, so that one is found by halving.
 */
import type { Settings } from "../../../core/settings/settings.ts";
import { PARTITION_WRITES_PER_SECOND } from "../../../lib/cost/per-million/quantities.ts";
import { QUOTAS, STREAM } from "../../simulate/aws/quotas.ts";
import {
  FARGATE_VCPUS,
  LAMBDA_AT_ONCE,
  LAMBDA_REQUESTS_EACH,
  QUEUE_CALLS_ELSEWHERE,
  TABLE_READS,
  TABLE_WRITES,
  TRACE_SEGMENTS,
} from "./account-quotas.ts";
import { inFlightAt, type Load, loadAt } from "./load.ts";

/** Merchants' mean time of a response that the table calculates with, beside which faster ones do not bind. */
export const SLOW_RESPONSE_MS = 1000;
/** Part of all confirmations that are the largest merchant's; the simulation's is as large. */
export const LARGE_SHARE = 0.3;
/** Rates are looked for up to here. */
const MOST = 1_000_000;

export interface Limit {
  readonly what: string;
  readonly limit: number;
  readonly loadOf: (ratePerSecond: number) => number;
  /** Quota to have raised, or setting to change. */
  readonly raisedBy: string;
  readonly beyond: string;
}

export function limitsOf(settings: Settings): readonly Limit[] {
  const by = (pick: (load: Load) => number) => (ratePerSecond: number) => pick(loadAt(ratePerSecond, settings));
  const queue = (regions: string, limit: number): Limit => ({
    what: `SQS: sends, deletes (${regions})`,
    limit,
    loadOf: by(({ queuedApart }) => queuedApart),
    raisedBy: "Service Quotas, `sqs`",
    beyond: "sends are throttled, the stream falls behind",
  });
  return [
    {
      what: "parts of the audit of the table",
      limit: settings.audit.segments,
      loadOf: by(({ auditParts }) => auditParts),
      raisedBy: "`audit.segments`, `audit.tableEveryHours`, `retention.settledDays`",
      beyond: "the audit is late, an alarm says so",
    },
    {
      what: "Fargate: vCPUs",
      limit: FARGATE_VCPUS.default,
      loadOf: by(({ vcpus }) => vcpus),
      raisedBy: asked(FARGATE_VCPUS.code),
      beyond: "no more tasks start, the queue grows",
    },
    {
      what: "merchant index: writes for one merchant with 30 % of all",
      limit: settings.merchantShards * PARTITION_WRITES_PER_SECOND,
      loadOf: (ratePerSecond) => ratePerSecond * LARGE_SHARE,
      raisedBy: "`merchantShards`, up to 64",
      beyond: "writes of its rows are throttled",
    },
    {
      what: "Lambda: invocations",
      limit: STREAM.executionsAtOnce * LAMBDA_REQUESTS_EACH,
      loadOf: by(({ executionsOld }) => executionsOld),
      raisedBy: asked(LAMBDA_AT_ONCE.code),
      beyond: "invocations wait, which fills batches: later, not fewer",
    },
    {
      what: "Lambda: executions at once",
      limit: STREAM.executionsAtOnce,
      loadOf: by(({ atOnceOld }) => atOnceOld),
      raisedBy: asked(LAMBDA_AT_ONCE.code),
      beyond: "the same",
    },
    {
      what: "X-Ray: segments",
      limit: TRACE_SEGMENTS.default,
      loadOf: by(({ traceSegments }) => traceSegments),
      raisedBy: "no; `tracing.share`, `tracing.reservoirPerSecond`",
      beyond: "traces have holes; confirmations do not notice",
    },
    {
      what: "table: reads, while an audit runs",
      limit: TABLE_READS.default,
      loadOf: by(({ readsWithAudit }) => readsWithAudit),
      raisedBy: `${asked(TABLE_READS.code)}; \`audit.segments\``,
      beyond: "reads are throttled, tasks wait",
    },
    {
      what: "table of gates, of merchants: reads, 10,000 merchants",
      limit: TABLE_READS.default,
      loadOf: by(({ healthReads }) => healthReads),
      raisedBy: asked(TABLE_READS.code),
      beyond: "messages stay in the queue until they are read",
    },
    {
      what: "table, and due index: writes",
      limit: settings.tableWriteQuota,
      loadOf: by(({ tableWrites }) => tableWrites),
      raisedBy: `${asked(TABLE_WRITES.code)}, then \`tableWriteQuota\``,
      beyond: "producers and records are throttled",
    },
    {
      what: "due index: writes of its shards",
      limit: settings.dueShards * PARTITION_WRITES_PER_SECOND,
      loadOf: by(({ dueIndexWrites }) => dueIndexWrites),
      raisedBy: "`dueShards`, up to 256",
      beyond: "the same; synthesis warns",
    },
    queue("N. Virginia, Oregon, Ireland", QUOTAS.queueCallsPerSecond),
    ...QUEUE_CALLS_ELSEWHERE.map(([regions, limit]) => queue(regions, limit)),
    {
      what: "SQS: in flight, merchants that take 1 s",
      limit: QUOTAS.inFlightMessages,
      loadOf: (ratePerSecond) => inFlightAt(ratePerSecond, SLOW_RESPONSE_MS),
      raisedBy: "not documented; a second queue",
      beyond: "receives bring nothing, without an error",
    },
    {
      what: "SQS: in flight, windows of all tasks full",
      limit: QUOTAS.inFlightMessages,
      loadOf: by(({ tasks }) => tasks * settings.worker.window),
      raisedBy: "`worker.window` down, or `worker.ratePerTask` up",
      beyond: "slow merchants of all tasks may use up what is in flight",
    },
  ];
}

function asked(code: string | undefined): string {
  return code === undefined ? "no" : `\`${code}\``;
}

/** @returns the highest whole rate that the limit takes, `MOST` or above as undefined */
export function bindsAt({ limit, loadOf }: Pick<Limit, "limit" | "loadOf">): number | undefined {
  if (loadOf(MOST) <= limit) return undefined;
  let taken = 0;
  let refused = MOST;
  while (refused - taken > 1) {
    const middle = Math.floor((taken + refused) / 2);
    if (loadOf(middle) <= limit) taken = middle;
    else refused = middle;
  }
  return taken;
}
