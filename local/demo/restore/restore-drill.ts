/**
 * The body of a drill, against a stack and a fleet that are up. A backup is taken in the middle of the day, the day
 * goes on, everything is paused, the worker is killed with the last of its journal, and the table is damaged. Then the
 * restore is planned and applied by the API, as docs/operating/restore.md has it, with `run-jobs` killed on the way if
 * that is asked for; what is unknown is sent; producers submit again what no source has; and all goes on to its end.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { ConditionalCheckFailedException, DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { SQSClient } from "@aws-sdk/client-sqs";
import { boundedClient } from "../../../core/aws/bounded-client.ts";
import { LOCAL_LIMITS } from "../../../core/aws/call-limits.ts";
import { FUNCTION_NAMES, RESTORED_TABLE_SUFFIX } from "../../../core/settings/names.ts";
import { rowKeySettings } from "../../../core/settings/row-key-settings.ts";
import { putParameters } from "../../../core/transaction/fake-transaction.ts";
import type { Running } from "../complete-all.ts";
import { DemoApi, failed } from "../demo-api.ts";
import { isComplete } from "../evidence.ts";
import { Inserter } from "../insert-transactions.ts";
import { merchantFor, MERCHANTS } from "../merchants.ts";
import { type PlannedTransaction, planTransactions, rowFor } from "../plan.ts";
import { messagesIn, readDeadLetters } from "../read-dead-letters.ts";
import { TableReader } from "../read-table.ts";
import { registerMerchants } from "../register-merchants.ts";
import { resentDeliveries } from "../resent-deliveries.ts";
import { seededRandom } from "../seeded-random.ts";
import { MAX_BODY_BYTES } from "../settings.ts";
import { waitUntil } from "../wait-until.ts";
import { copyTable } from "./copy-table.ts";
import { damage } from "./damage.ts";
import { type DrillAccount, drillAccount, type DrillConditions, isWhole, type TakenCounts } from "./drill-account.ts";

export interface DrillResult extends DrillConditions {
  readonly account: DrillAccount;
  readonly isClean: boolean;
  /** Rows of the first transactions that something is wrong with, as JSON. */
  readonly exampleRows: readonly string[];
}

/** As the API shows it, as far as the drill looks. */
interface ShownRestore {
  readonly jobId: string;
  readonly state: string;
  readonly doneAt?: string;
  readonly isApplied: boolean;
  readonly isStreamWhole?: boolean;
  readonly unknownTimes?: readonly object[];
  readonly counts: TakenCounts & { readonly transactions: number };
}

interface Audit {
  readonly runId: string;
  readonly finishedAt?: number;
}

const MORNING = 0.4;
/** Part of what is confirmed by then when the backup is taken, and when the table is damaged. */
const DONE_AT_BACKUP = 0.5;
const DONE_AT_DAMAGE = 0.8;
const LOOK_EVERY_MS = 250;
/** Nothing arrives at any merchant for so long once everything is paused, and records of what did are written. */
const QUIET_MS = 3000;
const BASE_TIMEOUT_SECONDS = 600;
const SECONDS_EACH_TRANSACTION = 0.2;
const TAKES_ALL = new Set(["good", "slow", "failing-at-first", "failing-always", "gone"]);
const PAGE = 100;
const EXAMPLE_ROWS = 5;

export async function restoreDrill(running: Running): Promise<DrillResult> {
  const { options, progress, interruption, fleet, stack, confirmationUrls } = running;
  const { seed, killWorker, restoreDrill: { without } = { without: [] } } = options;
  const connection = { region: stack.region, credentials: stack.credentials };
  const client = boundedClient(DynamoDBClient, LOCAL_LIMITS, { ...connection, endpoint: stack.endpoints.dynamodb });
  const sqs = boundedClient(SQSClient, LOCAL_LIMITS, {
    ...connection,
    endpoint: stack.endpoints.sqs,
    useQueueUrlAsEndpoint: true,
  });
  const table = new TableReader(client, stack.transactionsTable);
  const api = await DemoApi.on(stack);
  await fleet.trust(
    await registerMerchants({ client, stack, merchants: MERCHANTS, confirmationUrls }),
    stack.outputs["AcknowledgementUrl"],
  );
  const plan = planTransactions(options.transactions, seed).map(withMerchantThatTakesAll);
  const startMs = Date.now();
  const untilMs = startMs + (BASE_TIMEOUT_SECONDS + plan.length * SECONDS_EACH_TRANSACTION) * 1000;
  const isStopped = () => interruption.aborted;
  const until = async (what: string, condition: () => Promise<boolean>): Promise<void> => {
    if (!(await waitUntil(condition, { everyMs: LOOK_EVERY_MS, untilMs, isStopped })) && !isStopped())
      throw failed(`Waited in vain until ${what}`);
  };
  const settings = rowKeySettings(stack.settings);
  const random = seededRandom(seed);
  const inserter = new Inserter({
    client,
    tableName: stack.transactionsTable,
    settings,
    maxBodyBytes: MAX_BODY_BYTES,
    confirmationUrls,
    random,
    nowMs: Date.now,
    sleep,
    isStopped,
  });
  const confirmed = async (share: number, of: number) => (await fleet.counts()).confirmed >= share * of;

  const noon = Math.ceil(plan.length * MORNING);
  progress.note(`Morning: ${noon} transactions.`);
  await inserter.insert(plan.slice(0, noon));
  await until("the morning was confirmed", () => confirmed(DONE_AT_BACKUP, noon));
  const fromTable = `${stack.transactionsTable}${RESTORED_TABLE_SUFFIX}`;
  progress.note(`Noon: a backup to ${fromTable}, while ${plan.length - noon} more come.`);
  const afternoon = inserter.insert(plan.slice(noon));
  const restoredTo = await copyTable(client, stack.transactionsTable, fromTable);
  await afternoon;
  await until("the afternoon was confirmed", () => confirmed(DONE_AT_DAMAGE, plan.length));
  if (without.includes("journal") && !without.includes("manifests")) await writeManifests(running, until);

  progress.note("Everything is paused, the worker killed, and the table damaged.");
  await api.act("pause");
  let seen = { deliveries: -1, atMs: Date.now() };
  await until("nothing arrived at any merchant", async () => {
    const { deliveries } = await fleet.counts();
    if (deliveries !== seen.deliveries || (await fleet.open(Date.now())) > 0) seen = { deliveries, atMs: Date.now() };
    return Date.now() - seen.atMs >= QUIET_MS;
  });
  await stack.worker.kill("SIGKILL");
  const before = await fleet.ledger();
  const damagedAt = Date.now();
  const harm = await damage(client, stack.transactionsTable, random, without.includes("table"));
  await until("the stream was read", async () => (await stack.counters()).streamBacklog === 0);

  progress.note("The restore is planned.");
  const kills = { left: killWorker ? 1 : 0 };
  const followed = async (jobId: string, isOver: (restore: ShownRestore) => boolean): Promise<ShownRestore> => {
    let restore = await api.get<ShownRestore>(`restores/${jobId}`);
    await until(`the restore went on from ${restore.state}`, async () => {
      restore = await api.get<ShownRestore>(`restores/${jobId}`);
      if (kills.left > 0 && restore.counts.transactions > 0)
        kills.left -= Math.min(1, await stack.endInvocations(FUNCTION_NAMES.runJobs));
      return isOver(restore);
    });
    return restore;
  };
  const asked = await api.post<ShownRestore>("restores", {
    fromTable,
    restoredTo: new Date(restoredTo).toISOString(),
    damagedAt: new Date(damagedAt).toISOString(),
    without: without.filter((source) => source !== "table"),
    reason: "a drill",
  });
  const { jobId } = asked;
  const planned = await followed(jobId, ({ state }) => state === "counted");
  progress.note(`${planned.counts.transactions} are compared; it is applied.`);
  kills.left = killWorker ? 1 : 0;
  await api.act(`restores/${jobId}/apply`);
  const applied = await followed(jobId, ({ isApplied }) => isApplied);
  const unknown = await undecidedOf(api, jobId);
  progress.note(`${unknown.length} are unknown; they are sent.`);
  const decision = await api.act<ShownRestore>(`restores/${jobId}/decisions`, { decision: "send", reason: "a drill" });
  await followed(decision.jobId, ({ doneAt }) => doneAt !== undefined);
  const submittedAgain = await submitAgain();
  progress.note(`${submittedAgain.length} are submitted again; everything goes on.`);
  await api.act("resume");

  await until("all was over", async () => {
    if ((await table.withoutOutcome()) > 0) return false;
    const rows = await table.rows();
    progress.show({
      inserted: rows.length,
      terminal: rows.filter(isComplete).length,
      total: plan.length,
      deliveries: (await fleet.counts()).deliveries,
      kills: killWorker ? 3 : 1,
    });
    return rows.every((row) => isComplete(row));
  });
  const queues = [stack.confirmationsQueueUrl, stack.orderedQueueUrl];
  await until("the queues were empty", async () =>
    (await Promise.all(queues.map((url) => messagesIn(sqs, url)))).every((left) => left === 0),
  );
  await until(
    "the time to live was on again",
    async () => (await api.get<ShownRestore>(`restores/${jobId}`)).doneAt !== undefined,
  );

  const rows = await table.rows();
  const deliveries = await fleet.ledger();
  const isStreamWhole = applied.isStreamWhole === true;
  // What came after the backup and was confirmed in a time that no source has is in no list but the producers' own.
  const areMissingUnknown = (applied.unknownTimes?.length ?? 0) > 0;
  const { account, suspects } = drillAccount({
    inserted: inserter.inserted,
    deliveries,
    rows,
    deadLetters: await readDeadLetters(sqs, stack.deadLetterQueueUrl),
    taken: applied.counts,
    damaged: harm.deleted + harm.overwritten + harm["version lowered"],
    lastBefore: before.at(-1)?.sequence ?? 0,
    listed: new Set([...unknown, ...(areMissingUnknown ? submittedAgain : [])]),
    submittedAgain: submittedAgain.length,
    resent: resentDeliveries(rows, deliveries),
    seconds: Math.round((Date.now() - startMs) / 1000),
  });
  const exampleRows = await Promise.all(suspects.slice(0, EXAMPLE_ROWS).map((id) => table.rowText(id)));
  return { account, isStreamWhole, isClean: isWhole(account, { isStreamWhole }), exampleRows };

  /** As a producer does that is asked to: the table refuses what it has. @returns ids of what it took */
  async function submitAgain(): Promise<string[]> {
    const taken: string[] = [];
    for (const transaction of plan) {
      if (isStopped()) break;
      const version = transaction.versions;
      const confirmationUrl = confirmationUrls[transaction.merchantId] ?? "";
      const nowMs = Date.now();
      const row = rowFor({ transaction, version, confirmationUrl, settings, maxBodyBytes: MAX_BODY_BYTES, nowMs });
      try {
        await client.send(new PutItemCommand(putParameters(stack.transactionsTable, row)));
        taken.push(transaction.transactionId);
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      }
    }
    return taken;
  }
}

/** Merchants that accept late, or not at once, would get some twice on a day without any damage. */
function withMerchantThatTakesAll(transaction: PlannedTransaction, index: number): PlannedTransaction {
  const behaviour = MERCHANTS.find(({ merchantId }) => merchantId === transaction.merchantId)?.behaviour ?? "";
  if (TAKES_ALL.has(behaviour)) return transaction;
  return { ...transaction, merchantId: merchantFor(0, (index % PAGE) / PAGE).merchantId };
}

/** Of today, as far as it is over; as the audit does the day after. */
async function writeManifests(
  { stack, progress }: Running,
  until: (what: string, condition: () => Promise<boolean>) => Promise<void>,
): Promise<void> {
  progress.note("Manifests are written.");
  const day = new Date().toISOString().slice(0, 10);
  const { runId } = (await stack.invoke(FUNCTION_NAMES.auditTransactions, { audit: "manifests", day })) as Audit;
  await until("manifests were written", async () => {
    const audits = (await stack.invoke(FUNCTION_NAMES.auditTransactions, {
      audit: "status",
    })) as readonly (Audit | null)[];
    return audits.some((one) => one?.runId === runId && one.finishedAt !== undefined);
  });
}

async function undecidedOf(api: DemoApi, jobId: string): Promise<string[]> {
  const ids: string[] = [];
  let cursor = "";
  do {
    const page = await api.get<{ items: readonly { transactionId: string; state: string }[]; nextCursor?: string }>(
      `restores/${jobId}/undecided?limit=${PAGE}${cursor}`,
    );
    ids.push(...page.items.filter(({ state }) => state === "undecided").map(({ transactionId }) => transactionId));
    cursor = page.nextCursor === undefined ? "" : `&cursor=${encodeURIComponent(page.nextCursor)}`;
  } while (cursor !== "");
  return ids;
}
