/** An export from index to file against DynamoDB Local: whoever is killed, each transaction is in it once, in order. */
import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { JobStore } from "../../../../core/aws/job-store.ts";
import { exportKey } from "../../../../core/imports/file-keys.ts";
import { exportTotals, readExports } from "../../../../core/jobs/export/entry.ts";
import type { ExportSpec } from "../../../../core/jobs/export/spec.ts";
import { type Job, jobRow } from "../../../../core/jobs/job.ts";
import { partsOf } from "../../../../core/jobs/part.ts";
import { progressOf } from "../../../../core/jobs/progress.ts";
import type { AttributeMap } from "../../../../core/transaction/attribute-value.ts";
import { merchantKeyFor } from "../../../../core/transaction/row/index-keys.ts";
import { exportWork } from "../../../../lambdas/run-jobs/export/export-work.ts";
import { conclude } from "../../../../lambdas/run-jobs/frame/conclude.ts";
import { runPart } from "../../../../lambdas/run-jobs/frame/run-part.ts";
import { seededRandom } from "../../../../local/demo/seeded-random.ts";
import { type DynamoDbLocal, startDynamoDbLocal } from "../../../support/dynamodb-local.ts";
import { patienceMs } from "../../../support/machine-speed.ts";
import { Killed, Reaper } from "../../../support/reaper.ts";
import { createApiTables } from "../../confirmations-api/api-tables.ts";
import { KeptExports } from "./kept-exports.ts";

const JOBS = "Jobs";
const SHARDS = 3;
const HOLD_MS = 30_000;
const FROM = Date.parse("2026-11-20T00:00:00Z");
const TO = Date.parse("2026-11-24T00:00:00Z");

let dynamodb: DynamoDbLocal;
beforeAll(async () => {
  dynamodb = await startDynamoDbLocal();
  await createApiTables(dynamodb.client);
}, patienceMs(60_000));
afterAll(() => dynamodb.stop());

function rowOf(merchantId: string, transactionId: string, occurredAt: string, more: AttributeMap = {}): AttributeMap {
  return {
    transactionId: { S: transactionId },
    version: { N: "1" },
    merchantId: { S: merchantId },
    outcome: { S: "APPROVED" },
    amount: { S: "12.50" },
    currency: { S: "EUR" },
    occurredAt: { S: occurredAt },
    merchantKey: { S: merchantKeyFor(merchantId, occurredAt, transactionId, SHARDS) },
    ...more,
  };
}

const BATCH = 25;

async function put(rows: readonly AttributeMap[]): Promise<void> {
  for (let from = 0; from < rows.length; from += BATCH) await dynamodb.change(rows.slice(from, from + BATCH), []);
}

let exports = 0;

async function world(
  spec: Partial<ExportSpec> & Pick<ExportSpec, "merchantId">,
  bounds: { readonly partBytes?: number; readonly mostParts?: number; readonly ratePerSecond?: number } = {},
) {
  const { client, table } = dynamodb;
  const clock = { now: 1_000_000 };
  const now = () => (clock.now += 1);
  const jobId = `export-${(exports += 1)}`;
  const whole: ExportSpec = { from: FROM, to: TO, format: "jsonl", ...spec };
  const { ratePerSecond = 1_000_000, ...sizes } = bounds;
  const job: Job = {
    jobId,
    kind: "export",
    state: "running",
    asked: { spec: whole, reason: "r", requestedBy: "ada", ratePerSecond, asOf: 0, createdAt: 1, parts: 1 },
    startedAt: 1,
  };
  await client.send(new PutItemCommand({ TableName: JOBS, Item: jobRow(job) as never }));
  const files = new KeptExports();
  const reaper = new Reaper();
  const store = new JobStore(client, JOBS, now);
  const pause = async (ms: number) => void (clock.now += ms);
  let paidUntil = clock.now;
  const work = exportWork({
    client,
    table: reaper.over(table),
    merchantShards: SHARDS,
    files: reaper.over(files),
    allow: async (asked, count) => {
      paidUntil = Math.max(paidUntil, clock.now - 500);
      const most = Math.floor(((clock.now - paidUntil) / 1000) * asked.asked.ratePerSecond);
      const allowed = Math.min(count, most);
      paidUntil += (allowed * 1000) / asked.asked.ratePerSecond;
      return allowed;
    },
    now,
    pause,
    ...sizes,
  });
  const [id] = partsOf(jobId, "run", 1);
  const runOne = async (): Promise<void> => {
    if (id === undefined) return;
    const times = { sliceMs: 15_000, holdMs: HOLD_MS, leftMs: () => Number.POSITIVE_INFINITY };
    const ran = await runPart(id, work, { now, pause, store: reaper.over(store), ...times });
    if (ran.kind === "done") await conclude(id, work, { store, now });
  };
  const found = async (): Promise<Job> => (await store.job(jobId)) as Job;
  return {
    jobId,
    clock,
    files,
    reaper,
    store,
    runOne,
    job: found,
    runAll: async (): Promise<void> => {
      while ((await found()).doneAt === undefined) await runOne();
    },
    counts: async () => progressOf(await found(), store, (entries) => exportTotals(readExports(entries))),
    text: () => files.files.get(exportKey(jobId, whole.format))?.toString(),
    ids: (): string[] =>
      (files.files.get(exportKey(jobId, whole.format))?.toString() ?? "")
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => (JSON.parse(line) as { readonly transactionId: string }).transactionId),
  };
}

describe("an export", () => {
  it("has what occurred from its beginning on and before its end, oldest first, of its merchant alone", async () => {
    const times = [
      "2026-11-19T23:59:59.999Z",
      "2026-11-20T00:00:00Z",
      "2026-11-20T02:30:00+02:30",
      "2026-11-22T10:00:00Z",
      "2026-11-23T23:59:59.999Z",
      "2026-11-24T00:00:00Z",
    ];
    await put(times.map((time, index) => rowOf("a", `a-${index}`, time)));
    await put([rowOf("b", "b-1", "2026-11-22T10:00:00Z")]);
    const { runAll, ids, counts, text } = await world({ merchantId: "a" });
    await runAll();
    expect(ids()).toEqual(["a-1", "a-2", "a-3", "a-4"]);
    expect(await counts()).toEqual({ rows: 4, bytes: Buffer.byteLength(text() ?? "") });
  });

  it("of nothing is a file all the same", async () => {
    const { runAll, text, counts } = await world({ merchantId: "nobody", format: "csv" });
    await runAll();
    expect(text()).toMatch(/^\uFEFFtransactionId,[^\n]*\r\n$/);
    expect((await counts())["rows"] ?? 0).toBe(0);
    const lines = await world({ merchantId: "nobody" });
    await lines.runAll();
    expect(lines.text()).toBe("");
  });

  it("has those of one state, as they are", async () => {
    const state = { confirmationState: { S: "CONFIRMED" }, stateVersion: { N: "1" } };
    await put([rowOf("s", "s-1", "2026-11-22T10:00:00Z"), rowOf("s", "s-2", "2026-11-22T10:00:00Z", state)]);
    for (const [wanted, expected] of [["CONFIRMED", ["s-2"]] as const, ["PENDING", ["s-1"]] as const]) {
      const { runAll, ids } = await world({ merchantId: "s", state: wanted });
      await runAll();
      expect(ids()).toEqual(expected);
    }
  });

  it("holds no more than a part at a time, whatever there is, and is in order", async () => {
    await put(
      Array.from({ length: 900 }, (_, index) =>
        rowOf("m", `m-${index}`, new Date(FROM + ((index * 7919) % 900) * 300_000).toISOString(), {
          payload: { M: { text: { S: "x".repeat(index % 50) } } },
        }),
      ),
    );
    const { runAll, files, text, counts } = await world({ merchantId: "m", format: "csv" }, { partBytes: 20_000 });
    await runAll();
    const lines = (text() ?? "").trimEnd().split("\r\n").slice(1);
    expect(lines.length).toBe(900);
    const times = lines.map((line) => line.split(",")[5] ?? "");
    expect(times).toEqual(times.toSorted());
    // What is put at once: a part, and the page of rows that filled it.
    expect(files.largest).toBeLessThan(60_000);
    expect(await counts()).toEqual({ rows: 900, bytes: Buffer.byteLength(text() ?? "") });
  });

  it(
    "that is killed at twenty random moments has each transaction once, in order",
    async () => {
      await put(
        Array.from({ length: 400 }, (_, index) =>
          rowOf("k", `k-${String(index).padStart(3, "0")}`, new Date(FROM + index * 600_000).toISOString()),
        ),
      );
      const random = seededRandom(11);
      const { runOne, ids, clock, reaper, job, counts, text } = await world(
        { merchantId: "k" },
        { partBytes: 5000, ratePerSecond: 5 },
      );
      let kills = 0;
      while ((await job()).doneAt === undefined) {
        if (kills < 20) reaper.in(1 + Math.floor(random() * 20), random() < 0.5);
        else reaper.never();
        try {
          await runOne();
        } catch (error) {
          if (!(error instanceof Killed)) throw error;
          kills += 1;
          clock.now += HOLD_MS + 1;
        }
      }
      expect(kills).toBe(20);
      expect(ids()).toEqual(Array.from({ length: 400 }, (_, index) => `k-${String(index).padStart(3, "0")}`));
      expect(await counts()).toEqual({ rows: 400, bytes: Buffer.byteLength(text() ?? "") });
    },
    patienceMs(60_000),
  );

  it("begins anew where the bucket has lost what was there of its file", async () => {
    const { runOne, runAll, ids, files, job, store, jobId } = await world(
      { merchantId: "k" },
      { partBytes: 5000, ratePerSecond: 20 },
    );
    await runOne();
    expect((await job()).doneAt).toBeUndefined();
    expect(files.uploads.size).toBe(1);
    files.uploads.clear();
    await store.change(jobId, "running", { state: "running" });
    await runAll();
    expect(ids().length).toBe(400);
    expect(new Set(ids()).size).toBe(400);
  });

  it("that is canceled has no file, and leaves nothing of one", async () => {
    const { runOne, runAll, files, store, jobId, job } = await world(
      { merchantId: "k" },
      { partBytes: 5000, ratePerSecond: 20 },
    );
    await runOne();
    await store.change(jobId, "running", { state: "canceled" });
    await runAll();
    expect(await job()).toMatchObject({ state: "canceled", doneAt: expect.any(Number) });
    expect([files.files.size, files.uploads.size]).toEqual([0, 0]);
  });

  it("ends, and says so, where it comes to more than a file may have", async () => {
    const { runAll, files, job } = await world({ merchantId: "k" }, { partBytes: 5000, mostParts: 3 });
    await runAll();
    expect(await job()).toMatchObject({ state: "done", totals: { tooLarge: 1 } });
    expect([files.files.size, files.uploads.size]).toEqual([0, 0]);
  });
});
