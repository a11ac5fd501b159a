/**
 * Redeliveries while a deployment rolls: the worker, the stream function and the audit of the build before there were
 * any, beside this one's, over rows that a job sends again. Counted from outside: what merchants were sent against what
 * rows say. What a job writes and sends is written and sent here, so that each build's part comes when a test wants it.
 */
import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { markStatement } from "../../core/aws/statements/redelivery.ts";
import { TransactionsTable } from "../../core/aws/transactions-table.ts";
import { FUNCTION_NAMES } from "../../core/settings/names.ts";
import { encodeMessage } from "../../core/transaction/message.ts";
import { ATTRIBUTES } from "../../core/transaction/row/attributes.ts";
import { redeliveryMessage, redeliveryOf, redeliveryStanding } from "../../core/transaction/row/redelivery.ts";
import { patienceMs } from "../support/machine-speed.ts";
import {
  type AssemblyBefore,
  assemblyBefore,
  bothBuilds,
  type BuildName,
  type Builds,
  describeBeside,
  runWorkers,
  stopBuilds,
} from "./build-beside.ts";
import { Pipeline, type Row, transactionRow } from "./pipeline.ts";
import { runAudit } from "./run-audit.ts";
import { waitFor } from "./wait-for.ts";

/** The last one that knows no redeliveries. */
const BEFORE = "dcf6f66cfc4acb66de215fbcef1b414831f0f6b1";
const DAY = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
const SETTINGS = {
  dueShards: 2,
  merchantShards: 2,
  canary: { enabled: false },
  // Long: this very process answers as the merchants, and may get little of a busy machine.
  delivery: { deadlineMs: 20_000, allowDestinations: ["127.0.0.1:1024-65535"] },
  retry: { scheduleSeconds: [], inQueueMaxSeconds: 1 },
  circuit: { openSeconds: 1, maxOpenSeconds: 1 },
  worker: { stopTimeoutSeconds: 10 },
};

let pipeline: Pipeline;
let earlier: AssemblyBefore | undefined;
let builds: Builds;
/** Whose function handles what. */
let streamOf: (nth: number) => BuildName = () => "this";
let auditOf: BuildName = "this";
/** So that SQS takes no message for a repetition. */
let sent = 0;

async function start(): Promise<void> {
  let batches = 0;
  earlier = await assemblyBefore(BEFORE, SETTINGS);
  pipeline = await Pipeline.start(SETTINGS, {
    invocation: async (name, event, invoke) => {
      const build =
        name === FUNCTION_NAMES.auditTransactions
          ? auditOf
          : name === FUNCTION_NAMES.streamTransactions
            ? streamOf((batches += 1))
            : "this";
      return build === "this" ? invoke(event) : builds.before.functions.invoke(name, event);
    },
  });
  builds = await bothBuilds(pipeline, await earlier.assembly);
}

async function stop(): Promise<void> {
  await stopBuilds(builds);
  await pipeline?.stop();
  await earlier?.[Symbol.asyncDispose]();
}

const idsOf = (prefix: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}-${index}`);
const transaction = (id: string, merchantId: string): Row =>
  transactionRow(id, merchantId, { occurredAt: { S: `${DAY}T10:00:00Z` } });
const callsOf = (id: string) => pipeline.merchant.deliveries.filter(({ body }) => body.includes(`"${id}"`));
/** Of those, the ones that say that a job sends it again. */
const saidAgain = (id: string) => callsOf(id).filter(({ headers }) => headers["webhook-redelivery"] !== undefined);

async function merchant(merchantId: string, status: () => number): Promise<void> {
  pipeline.merchant.respond(`/${merchantId}`, status);
  await pipeline.registerMerchant({ merchantId, confirmationUrl: pipeline.merchant.url(`/${merchantId}`) });
}

async function terminal(ids: readonly string[], merchantId: string): Promise<Map<string, Row>> {
  await Promise.all(ids.map((id) => pipeline.put(transaction(id, merchantId))));
  const rows = new Map<string, Row>();
  for (const id of ids) {
    await pipeline.terminalRow(id, patienceMs(60_000));
    // The stream lists it under its merchant, be it after its merchant has it.
    const listed = async () => {
      const row = await pipeline.row(id);
      return row[ATTRIBUTES.merchantKey] === undefined ? undefined : row;
    };
    rows.set(id, await waitFor(`${id} is listed`, listed, patienceMs(60_000)));
  }
  return rows;
}

/** As a job does it: marks the row, then sends its message. */
async function sendAgain(id: string, jobId: string, generation = 1): Promise<void> {
  await mark(id, jobId, generation);
  await message(id, jobId, generation);
}

async function mark(id: string, jobId: string, generation = 1): Promise<void> {
  const table = new TransactionsTable(pipeline.dynamodb, pipeline.stack.transactionsTable);
  const row = await pipeline.row(id);
  const statement = markStatement(table.name, row, { jobId, generation, markedAt: Date.now() });
  expect(await table.write([statement])).toEqual([{ kind: "written" }]);
}

async function message(id: string, jobId: string, generation = 1): Promise<void> {
  const asked = redeliveryMessage(await pipeline.row(id), { jobId, generation });
  await pipeline.send(encodeMessage(asked), id, `redelivery-${(sent += 1)}`);
}

const standing = async (id: string, jobId: string) => redeliveryStanding(await pipeline.row(id), jobId, 1).kind;

/** The row but for the job's mark. */
function unmarked(row: Row): Row {
  return Object.fromEntries(Object.entries(row).filter(([name]) => name !== ATTRIBUTES.redelivery));
}

/** An audit by one of the builds, its parts too. */
function audit(build: BuildName, event: Parameters<typeof runAudit>[1]): Promise<Readonly<Record<string, number>>> {
  auditOf = build;
  return runAudit(pipeline.stack, event);
}

describeBeside(BEFORE, "redeliveries beside the build before them", () => {
  beforeAll(start, patienceMs(120_000));
  afterAll(stop, patienceMs(60_000));

  it(
    "are lost to neither worker, and sent to nobody without being said so, though both take their messages",
    async () => {
      await merchant("good", () => 200);
      await runWorkers(builds, "this", "before");
      const ids = idsOf("both", 30);
      const before = await terminal(ids, "good");
      for (const id of ids) await sendAgain(id, "job-both");
      // What the worker of the build before took is gone; the job sends it again.
      await waitFor(
        "each has its result",
        async () => {
          await pipeline.queueIsEmpty();
          const open: string[] = [];
          for (const id of ids) if ((await standing(id, "job-both")) !== "ended") open.push(id);
          for (const id of open) await message(id, "job-both");
          return open.length === 0 ? true : undefined;
        },
        patienceMs(90_000),
      );
      for (const id of ids) {
        const row = await pipeline.row(id);
        expect(unmarked(row)).toEqual(before.get(id));
        expect(redeliveryOf(row)?.ended).toMatchObject({ result: "delivered" });
        expect([callsOf(id).length, saidAgain(id).length]).toEqual([2, 1]);
      }
    },
    patienceMs(180_000),
  );

  it(
    "are let go by the worker before, untried, whatever became of their rows; and opened by it as dead letters are",
    async () => {
      let isUp = true;
      await merchant("changing", () => (isUp ? 200 : 400));
      await runWorkers(builds, "this");
      const [confirmed, wiped] = ["older-confirmed", "older-wiped"];
      await terminal([confirmed, wiped], "changing");
      isUp = false;
      await terminal(["older-failed"], "changing");
      isUp = true;
      await runWorkers(builds, "before");
      await mark(wiped, "job-older");
      // While its state is wiped it looks new: what an old worker gets then must not be taken for its first delivery.
      streamOf = () => "before";
      const stale = redeliveryMessage(await pipeline.row(wiped), { jobId: "job-older", generation: 1 });
      await pipeline.send(encodeMessage(stale), wiped, `redelivery-${(sent += 1)}`);
      await pipeline.put(transaction(wiped, "changing"));
      await sendAgain(confirmed, "job-older");
      await sendAgain("older-failed", "job-older");
      await waitFor("it is confirmed after all", async () =>
        (await standing("older-failed", "job-older")) === "delivered" ? true : undefined,
      );
      await waitFor("it is as it was", async () =>
        (await pipeline.row(wiped))["confirmationState"]?.S === "CONFIRMED" ? true : undefined,
      );
      await pipeline.queueIsEmpty();
      expect([callsOf(confirmed).length, callsOf(wiped).length]).toEqual([1, 1]);
      expect(await standing(confirmed, "job-older")).toBe("owed");
      // The stream function before does not know the mark; the job finds that it is gone.
      expect(await standing(wiped, "job-older")).toBe("void");

      await runWorkers(builds, "this");
      streamOf = () => "this";
      await pipeline.put(transaction(confirmed, "changing"));
      await waitFor("the mark is back", async () =>
        (await standing(confirmed, "job-older")) === "owed" ? true : undefined,
      );
      await message(confirmed, "job-older");
      await waitFor("it has its result", async () =>
        (await standing(confirmed, "job-older")) === "ended" ? true : undefined,
      );
      expect([callsOf(confirmed).length, saidAgain(confirmed).length]).toEqual([2, 1]);
      expect(callsOf(wiped)).toHaveLength(1);
    },
    patienceMs(180_000),
  );

  it(
    "change nothing that an audit of either build sees, and no manifest",
    async () => {
      let isUp = true;
      await merchant("audited", () => (isUp ? 200 : 503));
      streamOf = () => "this";
      await runWorkers(builds, "this");
      const ids = idsOf("audited", 4);
      const before = await terminal(ids, "audited");
      expect(await audit("before", { audit: "manifests", day: DAY })).toMatchObject({ unsettled: 0 });
      await mark("audited-0", "job-audited");
      await sendAgain("audited-1", "job-audited");
      await waitFor("it was delivered", async () =>
        (await standing("audited-1", "job-audited")) === "ended" ? true : undefined,
      );
      isUp = false;
      await sendAgain("audited-2", "job-audited");
      await waitFor("it failed", async () =>
        (await standing("audited-2", "job-audited")) === "ended" ? true : undefined,
      );
      for (const build of ["before", "this"] as const) {
        expect(await audit(build, { audit: "table" })).toMatchObject({ found: 0, lost: 0, repaired: 0 });
        expect(await audit(build, { audit: "index" })).toMatchObject({ found: 0, lost: 0, repaired: 0 });
        expect(await audit(build, { audit: "manifests", day: DAY })).toMatchObject({ written: 0, unsettled: 0 });
      }
      for (const id of ids) expect(unmarked(await pipeline.row(id))).toEqual(before.get(id));
      expect(redeliveryOf(await pipeline.row("audited-2"))?.ended).toMatchObject({ result: "status_5xx" });
      expect(ids.map((id) => callsOf(id).length)).toEqual([1, 2, 2, 1]);
    },
    patienceMs(240_000),
  );
});
