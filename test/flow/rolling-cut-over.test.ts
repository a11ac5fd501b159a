/**
 * What the old system confirms, while a deployment rolls or is rolled back: worker, stream function, `release-due` and
 * audit of the build before there were modes, over rows that this build left to the old system, or that it confirmed.
 * Counted from outside: nobody is called for them, and nothing of them is lost.
 */
import { PutItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { noteElsewhere } from "../../core/aws/note-elsewhere.ts";
import { TransactionsTable } from "../../core/aws/transactions-table.ts";
import { writeMirror } from "../../core/merchant/mirror.ts";
import { writeSwitches } from "../../core/merchant/modes.ts";
import { FUNCTION_NAMES } from "../../core/settings/names.ts";
import { encodeMessage } from "../../core/transaction/message.ts";
import { ATTRIBUTES } from "../../core/transaction/row/attributes.ts";
import { confirmedByOf } from "../../core/transaction/row/confirmed-by.ts";
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

/** The last one that knows no modes of merchants. */
const BEFORE = "376dbff7825ef7644512715a012ffc49c229d9d6";
const SETTINGS = {
  dueShards: 2,
  merchantShards: 2,
  canary: { enabled: false },
  // Long: this very process responds as the merchants, and may get little of a busy machine.
  delivery: { deadlineMs: 20_000, allowDestinations: ["127.0.0.1:1024-65535"] },
  retry: { scheduleSeconds: [1], inQueueMaxSeconds: 1 },
  worker: { stopTimeoutSeconds: 10 },
};
const IN_SHADOW = 20;
const MIRRORED = 5;
const DAY = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);

let pipeline: Pipeline;
let earlier: AssemblyBefore | undefined;
let builds: Builds;
/** Whose stream function and audit run. */
let functionsOf: BuildName = "this";
let sent = 0;

async function start(): Promise<void> {
  earlier = await assemblyBefore(BEFORE, SETTINGS);
  const ofBuilds = new Set<string>([FUNCTION_NAMES.streamTransactions, FUNCTION_NAMES.auditTransactions]);
  pipeline = await Pipeline.start(SETTINGS, {
    invocation: async (name, event, invoke) =>
      functionsOf === "before" && ofBuilds.has(name) ? builds.before.functions.invoke(name, event) : invoke(event),
  });
  builds = await bothBuilds(pipeline, await earlier.assembly);
}

async function stop(): Promise<void> {
  await stopBuilds(builds);
  await pipeline?.stop();
  await earlier?.[Symbol.asyncDispose]();
}

async function merchant(merchantId: string, more: Row = {}): Promise<void> {
  pipeline.merchant.respond(`/${merchantId}`, () => 200);
  const Item = {
    merchantId: { S: merchantId },
    confirmationUrl: { S: pipeline.merchant.url(`/${merchantId}`) },
    ...more,
  };
  await pipeline.dynamodb.send(new PutItemCommand({ TableName: pipeline.stack.merchantsTable, Item }));
}

const transaction = (id: string, merchantId: string): Row =>
  transactionRow(id, merchantId, { occurredAt: { S: `${DAY}T10:00:00Z` } });
const idsOf = (prefix: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}-${index}`);
const callsTo = (merchantId: string) =>
  pipeline.merchant.deliveries.filter(({ path }) => path === `/${merchantId}`).length;

async function listed(id: string): Promise<Row> {
  await pipeline.terminalRow(id, patienceMs(60_000));
  return waitFor(`${id} is listed`, async () => {
    const row = await pipeline.row(id);
    return row[ATTRIBUTES.merchantKey] === undefined ? undefined : row;
  });
}

function audit(build: BuildName, event: Parameters<typeof runAudit>[1]): Promise<Readonly<Record<string, number>>> {
  functionsOf = build;
  return runAudit(pipeline.stack, event);
}

describeBeside(BEFORE, "what the old system confirms, beside the build before there were modes", () => {
  beforeAll(start, patienceMs(120_000));
  afterAll(stop, patienceMs(60_000));

  it(
    "is called by neither build, whatever messages of it come, and is lost to no audit",
    async () => {
      await merchant("in-shadow", { switches: writeSwitches([{ mode: "shadow" }]) as Row[string] });
      await merchant("elsewhere");
      const mirror = { url: pipeline.merchant.url("/mirror"), secretSalt: "AAAA", secretKeyVersion: "1" };
      const switches = writeSwitches([{ mode: "mirror" }]) as Row[string];
      await merchant("mirrored", { switches, mirror: writeMirror(mirror) as Row[string] });
      await runWorkers(builds, "this");
      const shadowed = idsOf("shadowed", IN_SHADOW);
      const mirrored = idsOf("mirrored", MIRRORED);
      for (const id of shadowed) await pipeline.put(transaction(id, "in-shadow"));
      for (const id of mirrored) await pipeline.put(transaction(id, "mirrored"));
      for (const id of shadowed) expect(confirmedByOf(await listed(id))?.by).toBe("shadow");
      for (const id of mirrored)
        expect(confirmedByOf(await listed(id))).toMatchObject({ by: "mirror", mirror: { result: "delivered" } });
      const ids = [...shadowed, ...mirrored];
      // Said by the old system while nobody had handled it here.
      await runWorkers(builds);
      await pipeline.put(transaction("said-1", "elsewhere"));
      await waitFor("it is in the table", async () =>
        (await pipeline.row("said-1"))[ATTRIBUTES.merchantKey] === undefined ? undefined : true,
      );
      const said = [{ transactionId: "said-1", version: 1, at: Date.now() }];
      const table = new TransactionsTable(pipeline.dynamodb, pipeline.stack.transactionsTable);
      const parts = { table, settledDays: 90, nowMs: Date.now, warn: () => undefined };
      expect(await noteElsewhere(said, "cron", parts)).toMatchObject([{ kind: "noted", isOverlap: false }]);
      const before = new Map<string, Row>();
      for (const id of [...ids, "said-1"]) before.set(id, await pipeline.row(id));

      // The deployment is rolled back: all that runs is the build before.
      functionsOf = "before";
      await runWorkers(builds, "before");
      builds.before.release();
      for (const id of [...ids, "said-1"]) {
        const message = { transactionId: id, version: 1, release: 0 };
        await pipeline.send(encodeMessage(message), id, `again-${(sent += 1)}`);
        await pipeline.send(encodeMessage({ ...message, deadLettered: true }), id, `again-${(sent += 1)}`);
      }
      await pipeline.queueIsEmpty();
      for (const audited of ["index", "table"]) {
        const totals = await audit("before", { audit: audited });
        expect(totals).toMatchObject({ found: 0, lost: 0 });
      }
      await builds.before.stopReleasing();
      for (const [id, row] of before) expect([id, await pipeline.row(id)]).toEqual([id, row]);
      expect(["in-shadow", "mirrored", "elsewhere", "mirror"].map(callsTo)).toEqual([0, 0, 0, MIRRORED]);

      // And forward again, both side by side.
      functionsOf = "this";
      await runWorkers(builds, "this", "before");
      for (const id of ids)
        await pipeline.send(encodeMessage({ transactionId: id, version: 1, release: 0 }), id, `again-${(sent += 1)}`);
      await pipeline.queueIsEmpty();
      expect(await audit("this", { audit: "table" })).toMatchObject({ found: 0, lost: 0 });
      // The build before has them as confirmed; this one tells them apart, in a further revision of the day.
      expect(await audit("before", { audit: "manifests", day: DAY })).toMatchObject({ unsettled: 0 });
      expect(await audit("this", { audit: "manifests", day: DAY })).toMatchObject({
        unsettled: 0,
        confirmedElsewhere: IN_SHADOW + MIRRORED + 1,
        written: 3,
      });
      expect(["in-shadow", "mirrored", "elsewhere", "mirror"].map(callsTo)).toEqual([0, 0, 0, MIRRORED]);
    },
    patienceMs(240_000),
  );

  it(
    "is held back from the build before by a pause, as long as nobody has handled it",
    async () => {
      await merchant("paused", { switches: writeSwitches([{ mode: "shadow" }]) as Row[string] });
      const TableName = pipeline.stack.outputs["MerchantGatesTableName"];
      const Item = { merchantId: { S: "paused" }, pausedAt: { N: String(Date.now()) } };
      await pipeline.dynamodb.send(new PutItemCommand({ TableName, Item }));
      await runWorkers(builds, "before");
      await pipeline.put(transactionRow("paused-1", "paused"));
      await waitFor("it is parked", async () =>
        (await pipeline.row("paused-1"))["waitingFor"]?.S === "paused" ? true : undefined,
      );
      await runWorkers(builds, "this");
      // Back on this build it is resumed, and `release-due` requeues what waited for it.
      await pipeline.dynamodb.send(
        new UpdateItemCommand({
          TableName,
          Key: { merchantId: { S: "paused" } },
          UpdateExpression: "REMOVE pausedAt",
        }),
      );
      expect(confirmedByOf(await pipeline.terminalRow("paused-1", patienceMs(90_000)))?.by).toBe("shadow");
      expect(callsTo("paused")).toBe(0);
    },
    patienceMs(120_000),
  );
});
