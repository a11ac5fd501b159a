/**
 * `npm run demo -- --cutover`: an old system, as cron jobs are, beside the pipeline. Both are told every transaction of
 * fifty merchants, which are switched one after the other meanwhile, some of them back. What merchants accepted, and
 * from whom, is counted where it arrives. In the end the old system's log is imported, and the status must come to the
 * same.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { boundedClient } from "../../../core/aws/bounded-client.ts";
import { LOCAL_LIMITS } from "../../../core/aws/call-limits.ts";
import { errorLine } from "../../../core/errors/error-fields.ts";
import { rowKeySettings } from "../../../core/settings/row-key-settings.ts";
import { fakeRow, putParameters } from "../../../core/transaction/fake-transaction.ts";
import type { LocalStack } from "../../local-stack.ts";
import { CHECKOUT } from "../../checkout.ts";
import { startLocalStack } from "../../stack.ts";
import { DemoApi, failed } from "../demo-api.ts";
import type { DemoOptions } from "../options.ts";
import type { ProgressBar } from "../progress.ts";
import { seededRandom } from "../seeded-random.ts";
import { cutoverSettings } from "../settings.ts";
import { freshStateDirectory } from "../state-directory.ts";
import { waitUntil } from "../wait-until.ts";
import { CutoverLedger } from "./cutover-ledger.ts";
import { CutoverMerchants } from "./cutover-merchants.ts";
import { agrees, type CutoverReport, isProved, type StatusTotals } from "./cutover-report.ts";
import { logFile, OldSystem } from "./old-system.ts";
import { Operator } from "./operator.ts";
import { type CutoverPlan, planCutover, type PlannedVersion } from "./plan-cutover.ts";

/** Of the old system: from the end of one run to the next. */
const CRON_MS = 2000;
/** The producer writes what is due, this often and so many at once. */
const WRITE_EVERY_MS = 20;
const WRITES_AT_ONCE = 50;
const LOOK_EVERY_MS = 500;
/** After the last transaction, until the account is taken whatever is missing. */
const BASE_TIMEOUT_MS = 120_000;
const TIMEOUT_EACH_MS = 20;

/** @returns undefined where it was interrupted */
export async function runCutover(
  options: DemoOptions,
  progress: ProgressBar,
  interruption: AbortSignal,
): Promise<CutoverReport | undefined> {
  const stateDirectory = await freshStateDirectory("demo");
  const ledger = new CutoverLedger();
  const merchants = new CutoverMerchants(ledger, seededRandom(options.seed));
  const port = await merchants.listen();
  let stack: LocalStack | undefined;
  let report: CutoverReport | undefined;
  try {
    const plan = planCutover(options.transactions, options.seed);
    progress.note(`Starting the stack and ${plan.merchants.length} merchants; seed ${options.seed}.`);
    stack = await startLocalStack({
      ...CHECKOUT,
      stateDirectory: stateDirectory.path,
      fresh: true,
      settings: cutoverSettings(port, options.delivery, options.transport),
    });
    const broken = stack.broken.then((error): never => {
      throw error;
    });
    const urlOf = (merchantId: string) => `http://127.0.0.1:${port}/${merchantId}`;
    report = await Promise.race([
      cutOver({ options, plan, stack, ledger, progress, urlOf, isStopped: () => interruption.aborted }),
      broken,
    ]);
    return report;
  } finally {
    progress.clear();
    const ended = await Promise.allSettled([stack?.stop(), merchants.stop()]);
    if (interruption.aborted || (report !== undefined && isProved(report))) await stateDirectory.remove();
    else progress.note(`The logs of this run are in ${stateDirectory.path}/logs until the next one.`);
    for (const end of ended)
      if (end.status === "rejected") progress.note(`Not everything ended well: ${errorLine(end.reason)}`);
  }
}

interface Running {
  readonly options: DemoOptions;
  readonly plan: CutoverPlan;
  readonly stack: LocalStack;
  readonly ledger: CutoverLedger;
  readonly progress: ProgressBar;
  readonly urlOf: (merchantId: string) => string;
  readonly isStopped: () => boolean;
}

async function cutOver(running: Running): Promise<CutoverReport | undefined> {
  const { options, plan, stack, ledger, progress, urlOf, isStopped } = running;
  const api = await DemoApi.on(stack);
  const operator = new Operator({ api, urlOf, isStopped });
  const old = new OldSystem({ readSwitches: () => operator.readSwitches(), urlOf, nowMs: Date.now });
  await operator.register(plan.merchants);

  const beganMs = Date.now();
  const over = new AbortController();
  const cronJob = runCron(old, () => over.signal.aborted || isStopped());
  const producing = produce(running, old, beganMs);
  await Promise.race([cronJob, Promise.all([producing, operator.switchAll(plan.merchants, beganMs)])]);

  const untilMs = Date.now() + BASE_TIMEOUT_MS + options.transactions * TIMEOUT_EACH_MS;
  const waiting = { everyMs: LOOK_EVERY_MS, untilMs, isStopped };
  const isConfirmed = async () => old.waiting === 0 && ledger.account(plan.versions).neither === 0;
  await Promise.race([cronJob, waitUntil(isConfirmed, waiting)]);
  over.abort();
  await cronJob;
  if (isStopped()) return undefined;

  await importLog(api, old, isStopped);
  let status: StatusTotals | undefined;
  await waitUntil(async () => {
    status = await statusOf(api, plan);
    return status.underway === 0;
  }, waiting);
  progress.clear();
  if (status === undefined || isStopped()) return undefined;
  const account = ledger.account(plan.versions);
  return {
    transactions: options.transactions,
    merchants: plan.merchants.length,
    switches: operator.switches,
    switchedBack: operator.switchedBack,
    ...account,
    againstTheRule: status.againstTheRule,
    statusAgrees: agrees(account, options.transactions, status),
    seconds: Math.round((Date.now() - beganMs) / 1000),
    seed: options.seed,
  };
}

async function runCron(old: OldSystem, isOver: () => boolean): Promise<void> {
  while (!isOver()) {
    await old.run();
    await sleep(CRON_MS);
  }
}

/** Writes each version to the table, and tells the old system of it. */
async function produce({ plan, stack, ledger, progress, isStopped }: Running, old: OldSystem, beganMs: number) {
  const client = boundedClient(DynamoDBClient, LOCAL_LIMITS, {
    region: stack.region,
    credentials: stack.credentials,
    endpoint: stack.endpoints.dynamodb,
  });
  const settings = rowKeySettings(stack.settings);
  const write = async ({ transactionId, version, merchantId, amountCents, isLast, lateMs }: PlannedVersion) => {
    const nowMs = Date.now();
    const occurredAt = new Date(nowMs - lateMs);
    const row = fakeRow({ transactionId, version, merchantId, amountCents, isLast, occurredAt }, settings, nowMs);
    await client.send(new PutItemCommand(putParameters(stack.transactionsTable, row)));
    old.told({ transactionId, version, merchantId, occurredAt: occurredAt.toISOString() });
  };
  const { versions } = plan;
  for (let next = 0; next < versions.length && !isStopped();) {
    const dueMs = Date.now() - beganMs;
    const due = versions.slice(next, next + WRITES_AT_ONCE).filter(({ writtenAt }) => writtenAt <= dueMs);
    // Two versions of one transaction are a second apart in the plan, but not where the machine was behind.
    const ids = due.map(({ transactionId }) => transactionId);
    const alone = due.filter(({ transactionId }, index) => ids.indexOf(transactionId) === index);
    const again = due.filter((version) => !alone.includes(version));
    await Promise.all(alone.map(write));
    for (const version of again) await write(version);
    next += due.length;
    const { confirmed, fromPipeline } = ledger.counts;
    const total = versions.length;
    progress.show({ inserted: next, terminal: confirmed, total, deliveries: fromPipeline, kills: 0 });
    if (due.length < WRITES_AT_ONCE) await sleep(WRITE_EVERY_MS);
  }
}

async function importLog(api: DemoApi, old: OldSystem, isStopped: () => boolean): Promise<void> {
  const file = new Blob([logFile(old.log)]);
  const asked = { fileName: "old-system.csv", reason: "npm run demo", of: "confirmations", ratePerSecond: 10_000 };
  const jobId = await api.upload(asked, file);
  while (!isStopped()) {
    const { state, doneAt } = await api.get<{ state: string; doneAt?: string }>(`imports/${jobId}`);
    if (state === "refused") throw failed("The old system's log was refused");
    if (doneAt !== undefined) return;
    await sleep(LOOK_EVERY_MS);
  }
}

async function statusOf(api: DemoApi, { merchants }: CutoverPlan): Promise<StatusTotals> {
  const totals = {
    transactions: 0,
    confirmedByPipeline: 0,
    confirmedByOldSystem: 0,
    both: 0,
    neither: 0,
    underway: 0,
    againstTheRule: 0,
  };
  const names = Object.keys(totals) as (keyof StatusTotals)[];
  for (const { merchantId } of merchants) {
    let cursor: string | undefined;
    do {
      const query = cursor === undefined ? "" : `?cursor=${encodeURIComponent(cursor)}`;
      const page: { counts: StatusTotals; nextCursor?: string } = await api.get(
        `merchants/${merchantId}/cutover${query}`,
      );
      for (const name of names) totals[name] += page.counts[name];
      cursor = page.nextCursor;
    } while (cursor !== undefined);
  }
  return totals;
}
