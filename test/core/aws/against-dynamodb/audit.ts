/**
 * What the audit asks of DynamoDB, against DynamoDB Local: scans, putting back, and the conditions of its own table.
 */
import { CreateTableCommand } from "@aws-sdk/client-dynamodb";
import { beforeAll, describe, expect, it } from "@jest/globals";
import { putBackStatement, relistStatement } from "../../../../core/aws/audit-statements.ts";
import { AuditStore } from "../../../../core/aws/audit-store.ts";
import { ManifestRecords, type NewestManifest } from "../../../../core/aws/manifest-records.ts";
import { merchantDayPage } from "../../../../core/aws/merchant-day.ts";
import { scanPage, type Scanned } from "../../../../core/aws/scan-page.ts";
import { tableSize } from "../../../../core/aws/table-size.ts";
import type { AttributeMap } from "../../../../core/transaction/attribute-value.ts";
import type { Run } from "../../../../core/audit/audit-run.ts";
import type { DynamoDbLocal } from "../../../support/dynamodb-local.ts";
import { type Changes, number, text, transactionRow } from "../../../support/rows.ts";

const TABLE = "Transactions";
const AUDITS = "Audits";
const terminal: Changes = { confirmationState: text("CONFIRMED"), stateVersion: number(1) };
const failed: Changes = {
  confirmationState: text("FAILED"),
  stateVersion: number(1),
  failure: { M: { code: text("expired") } },
};
const amongFailed: Changes = { failedKey: text("m-1#0"), failedAt: text("expired#2026-11-22T10:00:00.000Z") };
const listed: Changes = { merchantKey: text("scan#2026-11-22#0") };
const due: Changes = { dueKey: text("T#9"), dueAt: number(50) };

let dynamodb: DynamoDbLocal;

/** Ids of the given prefix that the segments of a scan answer, all together. */
async function scanned(what: Scanned, prefix: string, segments = 3): Promise<string[]> {
  const ids: string[] = [];
  for (let segment = 0; segment < segments; segment += 1) {
    let from: AttributeMap | undefined;
    do {
      const page = await scanPage(dynamodb.client, TABLE, what, { segment, segments, ...(from && { from }) });
      ids.push(...page.entries.map(({ transactionId }) => transactionId?.S ?? ""));
      from = page.next;
    } while (from !== undefined);
  }
  return ids.filter((id) => id.startsWith(prefix)).toSorted();
}

async function putAll(rows: Readonly<Record<string, Changes>>): Promise<void> {
  for (const [id, changes] of Object.entries(rows))
    await dynamodb.put(transactionRow({ transactionId: text(id), ...changes }));
}

export function describeAudit(started: () => DynamoDbLocal): void {
  beforeAll(async () => {
    dynamodb = started();
    await dynamodb.client.send(
      new CreateTableCommand({
        TableName: AUDITS,
        BillingMode: "PAY_PER_REQUEST",
        AttributeDefinitions: [{ AttributeName: "auditId", AttributeType: "S" }],
        KeySchema: [{ AttributeName: "auditId", KeyType: "HASH" }],
      }),
    );
  });

  describe("a scan of the table", () => {
    it("answers what needs a look and nothing else, each once, over all segments", async () => {
      await putAll({
        "scan-no-keys": listed,
        "scan-half-keys": { ...listed, dueKey: text("P#0") },
        "scan-older-state": { ...listed, ...terminal, version: number(2) },
        "scan-unreadable": { ...listed, version: text("x") },
        "scan-not-listed": { ...terminal, ...due },
        "scan-settled-half": { ...listed, ...terminal, dueAt: number(1) },
        "scan-ttl": { ...listed, ...due, purgeAt: number(1) },
        "scan-failed-unlisted": { ...listed, ...failed },
        "scan-confirmed-among-failed": { ...listed, ...terminal, ...amongFailed },
        "scan-due-among-failed": { ...listed, ...due, ...amongFailed },
        "scan-fine-settled": { ...listed, ...terminal, purgeAt: number(1) },
        "scan-fine-failed": { ...listed, ...failed, ...amongFailed },
        "scan-fine-due": { ...listed, ...due },
      });
      const found = await scanned("table", "scan-");
      expect(found.filter((id) => id.startsWith("scan-fine"))).toEqual([]);
      expect(found).toEqual([
        "scan-confirmed-among-failed",
        "scan-due-among-failed",
        "scan-failed-unlisted",
        "scan-half-keys",
        "scan-no-keys",
        "scan-not-listed",
        "scan-older-state",
        "scan-settled-half",
        "scan-ttl",
        "scan-unreadable",
      ]);
    });

    it("of the due index answers what is in it, with its keys", async () => {
      await putAll({ "idx-a": due, "idx-b": { dueKey: text("X"), dueAt: number(1) }, "idx-c": listed });
      expect(await scanned("index", "idx-")).toEqual(["idx-a", "idx-b"]);
      const page = await scanPage(dynamodb.client, TABLE, "index", { segment: 0, segments: 1 });
      expect(page.entries.find(({ transactionId }) => transactionId?.S === "idx-a")).toMatchObject(due);
      expect(page.readUnits).toBeGreaterThan(0);
    });
  });

  describe("a row that is put back", () => {
    const run = async (id: string, changes: Changes, seen: Changes = changes) => {
      await putAll({ [id]: changes });
      const row = transactionRow({ transactionId: text(id), ...seen });
      const [result] = await dynamodb.table.write([putBackStatement(TABLE, row, "P#1", 99)]);
      return { kind: result?.kind, row: await dynamodb.get(id) };
    };

    it.each<[string, Changes]>([
      ["without keys", { purgeAt: number(1), unheardReleases: number(3) }],
      ["in a place that nobody reads", { dueKey: text("X".repeat(1500)), dueAt: number(1) }],
      ["with a version that cannot be read", { version: { M: { a: number(1) } } }],
    ])("is due, and keeps for what it was: %s", async (name, changes) => {
      const { kind, row } = await run(`back ${name}`, changes);
      expect(kind).toBe("written");
      expect(row).toMatchObject({ dueKey: text("P#1"), dueAt: number(99) });
      expect(row).not.toHaveProperty("purgeAt");
      expect(row).not.toHaveProperty("unheardReleases");
      expect(row?.["auditedVersion"]).toEqual(changes["version"] === undefined ? number(1) : undefined);
    });

    it("counts its unacknowledged requeues on when it was put back at this version before", async () => {
      const { row } = await run("back again", { auditedVersion: number(1), unheardReleases: number(3) });
      expect(row?.["unheardReleases"]).toEqual(number(3));
    });

    it.each<[string, Changes]>([
      ["settled", terminal],
      ["parked", { confirmationState: text("SCHEDULED"), stateVersion: number(1), ...due }],
      ["raised", { version: number(2) }],
      ["repaired", due],
    ])("stays as it is when it was %s meanwhile", async (name, changes) => {
      const { kind, row } = await run(`back not ${name}`, changes, {});
      expect(kind).toBe("condition failed");
      expect(row).not.toHaveProperty("auditedVersion");
    });
  });

  it("a row moves to its place in the merchant index, where its merchant's day finds it", async () => {
    await putAll({ misfiled: { merchantKey: text("wrong#2026-11-22#0") } });
    const row = (await dynamodb.get("misfiled")) ?? {};
    const statement = relistStatement(TABLE, row, "right#2026-11-22#0");
    expect(await dynamodb.table.write([statement])).toEqual([{ kind: "written" }]);
    expect(await dynamodb.table.write([statement])).toEqual([{ kind: "condition failed" }]);
    const page = await merchantDayPage(dynamodb.client, TABLE, "right#2026-11-22#0", 10, undefined);
    expect(page).toEqual({ transactionIds: ["misfiled"] });
  });

  it("the size of a table and of its due index are known", async () => {
    const { items, bytes } = await tableSize(dynamodb.client, TABLE);
    expect(items).toBeGreaterThan(0);
    expect(bytes).toBeGreaterThan(0);
    expect((await tableSize(dynamodb.client, AUDITS)).dueIndexBytes).toBe(0);
  });

  describe("the store of runs", () => {
    const run: Run = { kind: "table", runId: "r-1", parts: 2, startedAt: 1 };

    it("has one run of a kind at a time, and finishes it once", async () => {
      const store = new AuditStore(dynamodb.client, AUDITS);
      expect(await store.current("table")).toBeUndefined();
      expect([await store.start(run, undefined), await store.start(run, undefined)]).toEqual([true, false]);
      const finished = { ...run, finishedAt: 5, totals: { lost: 0 } };
      expect([await store.finish(finished), await store.finish(finished)]).toEqual([true, false]);
      const next = { ...run, runId: "r-2" };
      expect([await store.start(next, finished), await store.start(next, finished)]).toEqual([true, false]);
      expect(await store.finish(finished)).toBe(false);
      expect(await store.current("table")).toEqual(next);
    });

    it("takes each step of a part from one invocation only", async () => {
      const store = new AuditStore(dynamodb.client, AUDITS);
      const progress = (step: number) => ({ step, isDone: false, savedAt: 1, state: `"${step}"` });
      expect(await store.progress("r-1", 0)).toBeUndefined();
      expect([await store.save("r-1", 0, progress(1)), await store.save("r-1", 0, progress(1))]).toEqual([true, false]);
      expect([await store.save("r-1", 0, progress(2)), await store.save("r-1", 0, progress(2))]).toEqual([true, false]);
      expect(await store.progress("r-1", 0)).toEqual(progress(2));
    });
  });

  it("the record of manifests lets one follow another, and none twice", async () => {
    const records = new ManifestRecords(dynamodb.client, AUDITS);
    const manifest = (sequence: number): NewestManifest => ({
      sequence,
      day: "2026-11-22",
      revision: sequence,
      sha256: "0",
      key: "k",
      file: "f",
      isStored: false,
    });
    const written = { day: "2026-11-22", revision: 1, chain: "c", files: ["lines"] };
    const write = (sequence: number) => records.write("m", manifest(sequence), written, 0);
    expect([await write(1), await write(1), await write(3), await write(2)]).toEqual([true, false, false, true]);
    await records.stored("m", manifest(1));
    expect(await records.newest("m")).toEqual(manifest(2));
    await records.stored("m", manifest(2));
    expect(await records.newest("m")).toEqual({ ...manifest(2), isStored: true });
    expect(await records.day("m", "2026-11-22")).toEqual(written);
  });
}
