/**
 * A redelivery by filter on the stack of this machine: counted, started, its function killed half-way, paused, resumed.
 * Live traffic of another merchant goes on before it and beside it, and is timed in both.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { boundedClient } from "../../../core/aws/bounded-client.ts";
import { LOCAL_LIMITS } from "../../../core/aws/call-limits.ts";
import { DEFAULT_RATE } from "../../../core/jobs/redelivery/spec.ts";
import { FUNCTION_NAMES } from "../../../core/settings/names.ts";
import { rowKeySettings } from "../../../core/settings/row-key-settings.ts";
import { registerMerchants } from "../../../local/demo/register-merchants.ts";
import { demoSettings } from "../../../local/demo/settings.ts";
import { startLocalStack } from "../../../local/stack.ts";
import type { BenchOptions } from "../cost/options.ts";
import { putConfirmedRows } from "./confirmed-rows.ts";
import { CountingMerchant } from "./counting-merchant.ts";
import { type LiveLatency, LiveTraffic } from "./live-traffic.ts";
import { RedeliveryClient } from "./redelivery-client.ts";

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
  readonly liveBefore: LiveLatency;
  readonly liveBeside: LiveLatency;
  readonly liveP99Ratio: number;
}

const AGAIN = "again";
const LIVE = "live";
const LIVE_PER_SECOND = 20;

const BEFORE_MS = 20_000;
const SMOKE_BEFORE_MS = 500;
const COUNTED_WITHIN_MS = 600_000;
const MS_A_ROW = 100;

export async function runRedelivery(
  { redelivered, smoke }: BenchOptions,
  stateDirectory: string,
  note: (line: string) => void,
): Promise<RedeliveryReport> {
  await using started = new AsyncDisposableStack();
  const [again, live] = [await CountingMerchant.start(), await CountingMerchant.start()];
  started.defer(() => [again, live].forEach((merchant) => merchant.stop()));
  const settings = demoSettings([again.port, live.port], false);
  const stack = await startLocalStack({ stateDirectory, fresh: true, load: "sustained", settings });
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
  // The first ones start programs and open connections.
  const during = (ms: number) => {
    const until = performance.now() + ms;
    return traffic.during(() => performance.now() >= until);
  };
  const ms = smoke ? SMOKE_BEFORE_MS : BEFORE_MS;
  await during(ms);
  const liveBefore = await during(ms);
  note(`Live traffic alone: p99 ${liveBefore.p99Ms.toFixed(0)} ms.`);

  const api = await RedeliveryClient.of(stack);
  const countedFrom = performance.now();
  const { jobId } = await api.ask("POST", "", {
    filter: { merchantId: AGAIN, state: "CONFIRMED" },
    reason: "bench",
    ratePerSecond: DEFAULT_RATE,
    dryRun: true,
  });
  const { count = 0 } = await api.until(jobId, "counted", COUNTED_WITHIN_MS, ({ state }) => state === "counted");
  const countSeconds = (performance.now() - countedFrom) / 1000;
  note(`The dry run counts ${count} in ${countSeconds.toFixed(1)} s.`);

  let isOver = false;
  const beside = traffic.during(() => isOver);
  const withinMs = COUNTED_WITHIN_MS + redelivered * MS_A_ROW;
  const sentFrom = performance.now();
  try {
    await api.ask("POST", `/${jobId}/start`);
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
    const liveBeside = await beside;
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
      liveBeside,
      liveP99Ratio: liveBeside.p99Ms / liveBefore.p99Ms,
    };
  } finally {
    isOver = true;
    await beside.catch(() => undefined);
  }
}
