/**
 * A redelivery by filter on the stack of this machine: counted, started, its function killed half-way, paused, resumed.
 * Live traffic of another merchant is timed before it, while it is counted, and alone and beside it in turn.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { boundedClient } from "../../../core/aws/bounded-client.ts";
import { LOCAL_LIMITS } from "../../../core/aws/call-limits.ts";
import { FUNCTION_NAMES } from "../../../core/settings/names.ts";
import { rowKeySettings } from "../../../core/settings/row-key-settings.ts";
import { registerMerchants } from "../../../local/demo/register-merchants.ts";
import { demoSettings } from "../../../local/demo/settings.ts";
import { CHECKOUT } from "../../../local/checkout.ts";
import { startLocalStack } from "../../../local/stack.ts";
import type { BenchOptions } from "../cost/options.ts";
import { putConfirmedRows } from "./confirmed-rows.ts";
import { CountingMerchant } from "./counting-merchant.ts";
import { alternate } from "./alternate.ts";
import { latencyOf, type LiveLatency, LiveTraffic } from "./live-traffic.ts";
import { RedeliveryClient, type ShownRedelivery } from "./redelivery-client.ts";

export interface RedeliveryReport {
  /** What the dry run counted. */
  readonly counted: number;
  readonly countSeconds: number;
  readonly sent: number;
  readonly delivered: number;
  readonly failed: number;
  readonly skipped: number;
  /** Transactions that the merchant got, and those of them that it got more than once by the job. */
  readonly received: number;
  readonly receivedTwice: number;
  /** Calls that did not say that they are redeliveries; expected to be none. */
  readonly unsaid: number;
  readonly sendSeconds: number;
  readonly sentPerSecond: number;
  readonly invocationsKilled: number;
  /** Before all of it, while it is counted, and once it is not paused any more in turn. */
  readonly liveBefore: LiveLatency;
  readonly liveBesideCount: LiveLatency;
  readonly liveBesideRest: LiveLatency;
  /** In turn; a ratio is of these. */
  readonly liveAlone: LiveLatency;
  readonly liveBeside: LiveLatency;
  readonly liveP50Ratio: number;
  readonly liveP99Ratio: number;
}

const AGAIN = "again";
const LIVE = "live";
const LIVE_PER_SECOND = 20;

const WINDOW_MS = 15_000;
const SMOKE_WINDOW_MS = 500;
/** Alternations at most, and the part of the rows up to which there are any: the rest is for kill and pause. */
const WINDOWS = 10;
const ALTERNATES_UP_TO = 0.4;
const COUNTED_WITHIN_MS = 600_000;
const MS_A_ROW = 100;

export async function runRedelivery(
  { redelivered, redeliveryRate, smoke }: BenchOptions,
  stateDirectory: string,
  note: (line: string) => void,
): Promise<RedeliveryReport> {
  await using started = new AsyncDisposableStack();
  const [again, live] = [await CountingMerchant.start(), await CountingMerchant.start()];
  started.defer(() => [again, live].forEach((merchant) => merchant.stop()));
  const settings = demoSettings([again.port, live.port], false);
  const stack = await startLocalStack({ ...CHECKOUT, stateDirectory, fresh: true, load: "sustained", settings });
  started.defer(() => stack.stop());
  const { region, credentials, endpoints, transactionsTable: tableName } = stack;
  const client = boundedClient(DynamoDBClient, LOCAL_LIMITS, { region, credentials, endpoint: endpoints.dynamodb });
  started.defer(() => client.destroy());
  await registerMerchants({
    client,
    stack,
    merchants: [{ merchantId: AGAIN }, { merchantId: LIVE }],
    confirmationUrls: {
      [AGAIN]: `http://127.0.0.1:${again.port}/confirmations`,
      [LIVE]: `http://127.0.0.1:${live.port}/confirmations`,
    },
  });
  const rowKeys = rowKeySettings(stack.settings);
  await putConfirmedRows(client, tableName, rowKeys, AGAIN, redelivered);
  note(`${redelivered} rows are there, confirmed.`);
  const traffic = new LiveTraffic({
    client,
    tableName,
    rowKeys,
    merchantId: LIVE,
    merchant: live,
    ratePerSecond: LIVE_PER_SECOND,
  });
  const windowMs = smoke ? SMOKE_WINDOW_MS : WINDOW_MS;
  // The first ones start programs and open connections.
  await traffic.for(windowMs);
  const liveBefore = latencyOf([await traffic.for(windowMs)]);
  note(`Live traffic alone: p99 ${liveBefore.p99Ms.toFixed(0)} ms.`);

  const api = await RedeliveryClient.of(stack);
  const countedFrom = performance.now();
  const { jobId } = await api.ask("POST", "", {
    filter: { merchantId: AGAIN, state: "CONFIRMED" },
    reason: "bench",
    ratePerSecond: redeliveryRate,
    dryRun: true,
  });
  let isOver = false;
  const besideCount = traffic.during(() => isOver);
  const { count = 0 } = await api
    .until(jobId, "counted", COUNTED_WITHIN_MS, ({ state }) => state === "counted")
    .finally(() => (isOver = true));
  const countSeconds = (performance.now() - countedFrom) / 1000;
  const liveBesideCount = await besideCount;
  note(`The dry run counts ${count} in ${countSeconds.toFixed(1)} s; p99 ${liveBesideCount.p99Ms.toFixed(0)} ms.`);

  const withinMs = COUNTED_WITHIN_MS + redelivered * MS_A_ROW;
  const sentFrom = performance.now();
  await api.ask("POST", `/${jobId}/start`);
  const isEnough = ({ counts }: ShownRedelivery) => counts.sent >= redelivered * ALTERNATES_UP_TO;
  const { alone, beside } = await alternate({ api, jobId, traffic, windowMs, windows: WINDOWS, isEnough });
  const [liveAlone, liveBeside] = [latencyOf(alone), latencyOf(beside)];
  note(`Live traffic alone and beside, in turn: p99 ${liveAlone.p99Ms.toFixed(0)}, ${liveBeside.p99Ms.toFixed(0)} ms.`);
  isOver = false;
  const besideRest = traffic.during(() => isOver);
  try {
    await api.until(jobId, "half-way", withinMs, ({ counts }) => counts.sent >= redelivered / 2);
    let invocationsKilled = 0;
    while (invocationsKilled === 0) {
      if (performance.now() - sentFrom > withinMs) throw new Error(`no invocation was under way in ${withinMs} ms`);
      invocationsKilled = await stack.endInvocations(FUNCTION_NAMES.runJobs);
      await sleep(1);
    }
    note(`Half-way; killed ${invocationsKilled} invocations.`);
    await api.until(jobId, "two thirds", withinMs, ({ counts }) => counts.sent >= (redelivered * 2) / 3);
    await api.ask("POST", `/${jobId}/pause`);
    await api.ask("POST", `/${jobId}/resume`);
    const { counts } = await api.until(jobId, "done", withinMs, ({ state }) => state === "done");
    const sendSeconds = (performance.now() - sentFrom) / 1000;
    isOver = true;
    const liveBesideRest = await besideRest;
    return {
      counted: count,
      countSeconds,
      sent: counts.sent,
      delivered: counts.delivered,
      failed: counts.failed,
      skipped: counts.skipped,
      received: again.redelivered.size,
      receivedTwice: [...again.redelivered.values()].filter((times) => times > 1).length,
      unsaid: again.calledAt.size + again.unsaid,
      sendSeconds,
      sentPerSecond: counts.sent / sendSeconds,
      invocationsKilled,
      liveBefore,
      liveBesideCount,
      liveAlone,
      liveBeside,
      liveBesideRest,
      liveP50Ratio: liveBeside.p50Ms / liveAlone.p50Ms,
      liveP99Ratio: liveBeside.p99Ms / liveAlone.p99Ms,
    };
  } finally {
    isOver = true;
    await besideRest.catch(() => undefined);
  }
}
