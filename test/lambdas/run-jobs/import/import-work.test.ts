/** An import from file to end against DynamoDB Local: whoever is killed, each row is accepted or rejected once. */
import { PutItemCommand, ScanCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { beginImport, readImport } from "../../../../core/aws/import-rows.ts";
import { JobStore } from "../../../../core/aws/job-store.ts";
import { AddressGuard } from "../../../../core/delivery/address-guard.ts";
import { resultKey, uploadKey } from "../../../../core/imports/file-keys.ts";
import { Intake } from "../../../../core/intake/intake.ts";
import { IntakeMerchants } from "../../../../core/intake/intake-merchants.ts";
import { type BlockEntry, blockTotals, readBlocks } from "../../../../core/jobs/import/entry.ts";
import { importCountsOf, importSpecOf, type Upload, uploadRow } from "../../../../core/jobs/import/spec.ts";
import type { Job } from "../../../../core/jobs/job.ts";
import { type PartId, partsOf } from "../../../../core/jobs/part.ts";
import { progressOf } from "../../../../core/jobs/progress.ts";
import { fileArrived } from "../../../../lambdas/import-transactions/file-arrived.ts";
import { conclude } from "../../../../lambdas/run-jobs/frame/conclude.ts";
import type { JobWork } from "../../../../lambdas/run-jobs/frame/job-work.ts";
import { runPart } from "../../../../lambdas/run-jobs/frame/run-part.ts";
import { importWork } from "../../../../lambdas/run-jobs/import/import-work.ts";
import { seededRandom } from "../../../../local/demo/seeded-random.ts";
import { type DynamoDbLocal, startDynamoDbLocal } from "../../../support/dynamodb-local.ts";
import { patienceMs } from "../../../support/machine-speed.ts";
import { Killed, Reaper } from "../../../support/reaper.ts";
import { createApiTables } from "../../confirmations-api/api-tables.ts";
import { neverCalled } from "../../../support/strict-fake.ts";
import { KeptFiles } from "./kept-files.ts";

const JOBS = "Jobs";
const BLOCK_ROWS = 25;
const SLICE_ROWS = 10;
const HOLD_MS = 30_000;
const HEADER = "transactionId;merchantId;outcome;amount;currency;occurredAt";
const row = (id: string, amount = "12.50") => `${id};acme;APPROVED;${amount};EUR;2026-11-22T10:00:00Z`;

let dynamodb: DynamoDbLocal;
beforeAll(async () => {
  dynamodb = await startDynamoDbLocal();
  await createApiTables(dynamodb.client);
  await dynamodb.client.send(
    new PutItemCommand({
      TableName: "Merchants",
      Item: { merchantId: { S: "acme" }, confirmationUrl: { S: "https://acme.example/hook" } },
    }),
  );
}, patienceMs(60_000));
afterAll(() => dynamodb.stop());

let imports = 0;

async function world(file: string, { merchantId }: { merchantId?: string } = {}) {
  const { client, table } = dynamodb;
  const clock = { now: 1_000_000 };
  const now = () => (clock.now += 1);
  const jobId = `import-${(imports += 1)}`;
  const upload: Upload = {
    jobId,
    reason: "r",
    requestedBy: "ada",
    ratePerSecond: 100,
    createdAt: 1,
    ...(merchantId !== undefined && { merchantId }),
  };
  await client.send(new PutItemCommand({ TableName: JOBS, Item: uploadRow(upload) as never }));
  const files = new KeptFiles();
  const arrived = files.add(uploadKey(jobId), Buffer.from(file));
  const reaper = new Reaper(["pieces"]);
  const store = new JobStore(client, JOBS, now);
  const merchants = new IntakeMerchants({ client, merchantsTable: "Merchants", nowMs: Date.now });
  const rowKeys = { dueShards: 4, merchantShards: 2, leaseMs: 60_000 };
  const guard = new AddressGuard([], [], []);
  const parts = { merchants, guard, maxBodyBytes: 262_144, rowKeys, nowMs: Date.now };
  const intake = new Intake({ ...parts, table: reaper.over(table) });
  const work = importWork({
    files: reaper.over(files),
    results: reaper.over(files),
    intake,
    read: (ids) => table.read(ids),
    noteElsewhere: async () => neverCalled("noteElsewhere")(),
    noteUnknown: async () => neverCalled("noteUnknown")(),
    allow: async () => true,
    now,
    sliceRows: SLICE_ROWS,
  });
  const queue: PartId[] = [];
  const onArrival = () =>
    fileArrived(arrived, {
      files: reaper.over(files),
      read: (id) => readImport(client, JOBS, id),
      note: async () => undefined,
      begin: (job) => beginImport(client, JOBS, job),
      send: async (ids) => void queue.push(...ids),
      now,
      log: () => undefined,
      warn: () => undefined,
      blockRows: BLOCK_ROWS,
    });
  const runOne = async (id: PartId, given: JobWork<BlockEntry> = work): Promise<void> => {
    const options = { now, pause: async (ms: number) => void (clock.now += ms) };
    const ran = await runPart(id, given, {
      ...options,
      store: reaper.over(store),
      sliceMs: 15_000,
      holdMs: HOLD_MS,
      leftMs: () => Number.POSITIVE_INFINITY,
    });
    if (ran.kind === "continues") queue.push(id);
    if (ran.kind === "done") await conclude(id, given, { store, now });
  };
  const job = async (): Promise<Job> => (await store.job(jobId)) as Job;
  return {
    jobId,
    clock,
    files,
    reaper,
    store,
    queue,
    onArrival,
    runOne,
    job,
    runAll: async (): Promise<void> => {
      for (let id = queue.shift(); id !== undefined; id = queue.shift()) await runOne(id);
    },
    counts: async () => {
      const found = await job();
      return importCountsOf(found, await progressOf(found, store, (entries) => blockTotals(readBlocks(entries))));
    },
    result: async () => files.all.get(resultKey(jobId, { kind: "csv" }))?.toString() ?? "",
  };
}

async function idsIn(prefix: string): Promise<string[]> {
  const { Items = [] } = await dynamodb.client.send(new ScanCommand({ TableName: "Transactions" }));
  return Items.map((item) => item["transactionId"]?.S ?? "").filter((id) => id.startsWith(prefix));
}

/** One in ten bad, and each of some ids twice, alike and otherwise. */
function fileOf(prefix: string, rows: number): { file: string; bad: number; ids: number } {
  const lines = Array.from({ length: rows }, (_, index) => {
    if (index % 10 === 3) return row(`${prefix}-${index}`, '"12,50"');
    if (index % 50 === 7) return row(`${prefix}-${index - 1}`);
    return row(`${prefix}-${index}`);
  });
  const bad = lines.filter((line) => line.includes("12,50")).length;
  const twice = Array.from({ length: rows }, (_, index) => index).filter((index) => index % 50 === 7).length;
  return { file: [HEADER, ...lines].join("\r\n"), bad, ids: rows - bad - twice };
}

describe("an import", () => {
  it("accepts good rows, rejects bad ones, and says which in a file", async () => {
    const { file, bad, ids } = fileOf("a", 120);
    const { onArrival, runAll, counts, job, result } = await world(file);
    await onArrival();
    await runAll();
    expect(await counts()).toEqual({ rows: 120, accepted: 120 - bad, rejected: bad, skipped: 0 });
    expect(await job()).toMatchObject({ state: "done", asked: { parts: 3, requestedBy: "ada" } });
    expect((await idsIn("a-")).length).toBe(ids);
    const lines = (await result()).trimEnd().split("\r\n");
    expect(lines.length).toBe(1 + bad);
    expect(lines[1]).toMatch(/^a-3;acme;APPROVED;"12,50";EUR;[^;]+;5;field_invalid;amount;"got ""12,50""/);
  });

  it("that comes again is accepted as a whole", async () => {
    const file = [HEADER, row("b-1"), row("b-2")].join("\n");
    for (let times = 0; times < 2; times += 1) {
      const { onArrival, runAll, counts } = await world(file);
      await onArrival();
      await runAll();
      expect(await counts()).toMatchObject({ accepted: 2, rejected: 0 });
    }
  });

  it("is refused as a whole where its file cannot be read, and nothing of it is written", async () => {
    const { onArrival, job, queue } = await world(`${HEADER}\n${row("c-1")}\n\u0000`);
    await onArrival();
    const refused = await job();
    expect(refused).toMatchObject({ state: "done", doneAt: expect.any(Number) });
    expect(importSpecOf(refused).refusal).toMatchObject({ code: "file_has_nul", line: 3 });
    expect(queue).toEqual([]);
    expect(await idsIn("c-")).toEqual([]);
  });

  it("that is canceled begins nothing more, and counts what it did not look at", async () => {
    const { file } = fileOf("d", 60);
    const { onArrival, runAll, counts, store, jobId } = await world(file);
    await onArrival();
    await store.change(jobId, "running", { state: "canceled" });
    await runAll();
    expect(await counts()).toEqual({ rows: 60, accepted: 0, rejected: 0, skipped: 60 });
    expect(await idsIn("d-")).toEqual([]);
  });

  it("has the rows of its merchant alone", async () => {
    const { onArrival, runAll, counts } = await world([HEADER, row("e-1")].join("\n"), { merchantId: "other" });
    await onArrival();
    await runAll();
    expect(await counts()).toMatchObject({ accepted: 0, rejected: 1 });
  });

  it("does nothing of a file that is put in the place of its own", async () => {
    const { onArrival, files, runAll, jobId } = await world([HEADER, row("f-1")].join("\n"));
    await onArrival();
    files.add(uploadKey(jobId), Buffer.from([HEADER, row("f-2")].join("\n")));
    await expect(runAll()).rejects.toThrow("another file");
    expect(await idsIn("f-")).toEqual([]);
  });

  it(
    "that is killed at ten random moments has each row once, accepted or rejected",
    async () => {
      const random = seededRandom(7);
      const { file, bad, ids } = fileOf("k", 500);
      const { onArrival, runOne, clock, reaper, queue, counts, job, jobId, result } = await world(file);
      let kills = 0;
      const dying = async (act: () => Promise<void>): Promise<void> => {
        if (kills < 10) reaper.in(1 + Math.floor(random() * 25), random() < 0.5);
        else reaper.never();
        try {
          await act();
        } catch (error) {
          if (!(error instanceof Killed)) throw error;
          kills += 1;
          // By then the part is nobody's, and the message comes again.
          clock.now += HOLD_MS + 1;
        }
      };
      while (queue.length === 0) await dying(onArrival);
      const { asked } = await job();
      while ((await job()).doneAt === undefined)
        for (const id of partsOf(jobId, "run", asked.parts)) await dying(() => runOne(id));
      expect(kills).toBe(10);
      expect(await counts()).toEqual({ rows: 500, accepted: 500 - bad, rejected: bad, skipped: 0 });
      expect((await idsIn("k-")).length).toBe(ids);
      const rejected = (await result()).trimEnd().split("\r\n").slice(1);
      expect(new Set(rejected.map((line) => line.split(";")[0])).size).toBe(bad);
      expect(rejected.length).toBe(bad);
    },
    patienceMs(60_000),
  );
});
