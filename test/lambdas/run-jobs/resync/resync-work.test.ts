/** Resyncs through the frame, over tables of this machine: each row once, and what was done once more is the same. */
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import type { EntryError } from "../../../../core/aws/message-queue.ts";
import { scanRows } from "../../../../core/aws/scan-rows.ts";
import type { OutgoingEvent } from "../../../../core/events/envelope.ts";
import type { Job } from "../../../../core/jobs/job.ts";
import {
  readSnapshots,
  type SnapshotEntry,
  snapshotTotals,
  writeSnapshots,
} from "../../../../core/jobs/resync/entry.ts";
import { resyncWork } from "../../../../lambdas/run-jobs/resync/resync-work.ts";
import { type DynamoDbLocal, startDynamoDbLocal } from "../../../support/dynamodb-local.ts";
import { patienceMs } from "../../../support/machine-speed.ts";
import { number, text, transactionRow } from "../../../support/rows.ts";

const PARTS = 3;
const ROWS = 250;
const SINCE = Date.parse("2026-11-22T10:00:00Z");

let dynamodb: DynamoDbLocal;
beforeAll(async () => {
  dynamodb = await startDynamoDbLocal();
  for (let index = 0; index < ROWS; index += 1)
    await dynamodb.client.send(
      new PutItemCommand({
        TableName: dynamodb.table.name,
        Item: transactionRow({
          transactionId: text(`t-${index}`),
          merchantId: text(index % 5 === 0 ? "m-2" : "m-1"),
        }) as never,
      }),
    );
}, patienceMs(60_000));
afterAll(async () => {
  await dynamodb.stop();
});

const job = (spec: object = {}, more: Partial<Job> = {}): Job => ({
  jobId: "resync-1",
  kind: "resync",
  state: "running",
  asked: {
    spec: { since: SINCE, ...spec },
    reason: "tests",
    requestedBy: "tests",
    ratePerSecond: 100,
    asOf: SINCE,
    createdAt: SINCE,
    parts: PARTS,
  },
  ...more,
});

function world(failing: (event: OutgoingEvent) => EntryError = () => undefined, allowed = Number.POSITIVE_INFINITY) {
  const published: OutgoingEvent[] = [];
  const work = resyncWork({
    scan: (place) => scanRows(dynamodb.client, dynamodb.table.name, place),
    table: dynamodb.table,
    topic: {
      publish: async (events) => {
        const errors = events.map(failing);
        published.push(...events.filter((_, index) => errors[index] === undefined));
        return errors;
      },
    },
    source: "/pipelines/acme",
    allow: async (_job, count) => Math.min(count, allowed),
    now: () => SINCE,
  });
  return { work, published };
}

async function entriesOf(work: ReturnType<typeof world>["work"], of: Job): Promise<SnapshotEntry[]> {
  const entries: SnapshotEntry[] = [];
  for (let part = 0; part < PARTS; part += 1) {
    let cursor: string | undefined;
    do {
      const found = await work.find(of, part, cursor, 40);
      entries.push(...found.entries);
      ({ cursor } = found);
    } while (cursor !== undefined);
  }
  return entries;
}

describe("a resync", () => {
  it("finds each row once, and publishes a snapshot of it, of the time that it is for", async () => {
    const { work, published } = world();
    const entries = await entriesOf(work, job());
    expect(new Set(entries.map(({ transactionId }) => transactionId)).size).toBe(ROWS);
    const { entries: done, wakeAt } = await work.advance(job(), entries.slice(0, 100), true);
    expect([snapshotTotals(done), wakeAt]).toEqual([{ published: 100 }, undefined]);
    expect(published[0]?.event).toMatchObject({
      type: "transaction.snapshot",
      id: `resync-1/${entries[0]?.transactionId}`,
      time: "2026-11-22T10:00:00.000Z",
      data: { resyncId: "resync-1", state: "PENDING", version: 1 },
    });
    expect(published[0]?.event).not.toHaveProperty("sequence");
  });

  it("of one merchant finds that one's alone, and says whom it is for", async () => {
    const { work, published } = world();
    const of = job({ merchantId: "m-2", audience: "orders" });
    const entries = await entriesOf(work, of);
    expect(entries).toHaveLength(ROWS / 5);
    await work.advance(of, entries, true);
    expect(published.every(({ attributes }) => attributes["audience"] === "orders")).toBe(true);
  });

  it("goes on after a kill from what was written down, whatever was published before it", async () => {
    const first = world();
    const written = writeSnapshots((await entriesOf(first.work, job())).slice(0, 50));
    await first.work.advance(job(), readSnapshots(written), true);
    const second = world();
    const { entries } = await second.work.advance(job(), readSnapshots(written), true);
    expect(snapshotTotals(entries)).toEqual({ published: 50 });
    expect(second.published.map(({ event }) => event)).toEqual(first.published.map(({ event }) => event));
  });

  it("publishes rows as they are since its time, though an earlier one found them for another instance", async () => {
    const put = (confirmationState: string) =>
      dynamodb.client.send(
        new PutItemCommand({
          TableName: dynamodb.table.name,
          Item: transactionRow({
            transactionId: text("t-1"),
            confirmationState: text(confirmationState),
            stateVersion: number(1),
          }) as never,
        }),
      );
    await put("PENDING");
    const [first, second] = [world(), world()];
    const found = (await entriesOf(first.work, job())).filter(({ transactionId }) => transactionId === "t-1");
    const batch = writeSnapshots(found);
    await second.work.advance(job(), readSnapshots(batch), true);
    await put("CONFIRMED");
    const next = job({ since: SINCE + 60_000 }, { jobId: "resync-2" });
    const again = await second.work.find(next, 0, undefined, 1);
    expect(again.entries).toHaveLength(1);
    await first.work.advance(next, readSnapshots(batch), true);
    expect([second.published, first.published].map(([one]) => one?.event.data)).toEqual([
      expect.objectContaining({ transactionId: "t-1", resyncId: "resync-1", state: "PENDING" }),
      expect.objectContaining({ transactionId: "t-1", resyncId: "resync-2", state: "CONFIRMED" }),
    ]);
    await put("PENDING");
  });

  it("has no snapshot of the canary's, and says how many rows it has read for what it found", async () => {
    const { work } = world();
    const Item = transactionRow({ transactionId: text("canary-1"), merchantId: text("pipeline-canary") }) as never;
    const { name: TableName } = dynamodb.table;
    await dynamodb.client.send(new PutItemCommand({ TableName, Item }));
    const ids = (await entriesOf(work, job())).map(({ transactionId }) => transactionId);
    expect([ids.length, ids.includes("canary-1")]).toEqual([ROWS, false]);
    const { entries, looked } = await work.find(job({ merchantId: "nobody" }), 0, undefined, 40);
    expect([entries, looked]).toEqual([[], 40]);
  });

  it("writes no rows down, and reads none again that it has just found", async () => {
    const { work, published } = world();
    const entries = (await entriesOf(work, job())).slice(0, 3);
    expect(JSON.parse(writeSnapshots(entries))).toEqual(entries.map(({ transactionId }) => [transactionId, 0]));
    const reading = resyncWork({
      scan: () => Promise.reject(new Error("scanned")),
      table: { read: () => Promise.reject(new Error("read")) },
      topic: { publish: async (events) => (published.push(...events), events.map(() => undefined)) },
      source: "/pipelines/acme",
      allow: async (_job, count) => count,
      now: () => SINCE,
    });
    const { entries: done } = await reading.advance(job(), entries, true);
    expect([done.map(({ status, row }) => [status, row]), published.length]).toEqual([
      entries.map(() => ["published", undefined]),
      3,
    ]);
  });

  it("publishes no more than it is allowed, and tries again what was not taken", async () => {
    const { work } = world(
      ({ event }) => (event.subject === "t-1" ? { error: "again", isRefused: false } : undefined),
      5,
    );
    const entries = ["t-1", "t-2", "t-3", "t-4", "t-5", "t-6"].map((transactionId) => ({
      transactionId,
      status: "new" as const,
    }));
    const advanced = await work.advance(job(), entries, true);
    expect(snapshotTotals(advanced.entries)).toEqual({ new: 2, published: 4 });
    expect(advanced).toMatchObject({ isBehind: true, open: 2, wakeAt: SINCE + 200 });
  });

  it("skips what is gone, and what SNS refuses", async () => {
    const { work } = world(({ event }) => (event.subject === "t-2" ? { error: "never", isRefused: true } : undefined));
    const entries = ["t-1", "t-2", "nobody"].map((transactionId) => ({ transactionId, status: "new" as const }));
    expect(snapshotTotals((await work.advance(job(), entries, true)).entries)).toEqual({ published: 1, skipped: 2 });
  });

  it("publishes nothing more once it is canceled", async () => {
    const { work, published } = world();
    const { entries } = await work.advance(job(), [{ transactionId: "t-1", status: "new" }], false);
    expect([snapshotTotals(entries), published]).toEqual([{ skipped: 1 }, []]);
  });

  it("tells of its end with how many there were, until that is taken", async () => {
    const { work, published } = world();
    await work.concluding?.(job(), { published: 240, skipped: 10 });
    expect(published[0]?.event).toMatchObject({
      type: "resync.completed",
      subject: "resync-1",
      data: { resyncId: "resync-1", transactions: 240 },
    });
    await work.concluding?.(job({ merchantId: "m-2" }), { published: 50 });
    expect(published.map(({ event, attributes }) => [event.data, attributes["merchantId"]])).toEqual([
      [{ resyncId: "resync-1", transactions: 240 }, undefined],
      [{ resyncId: "resync-1", transactions: 50, merchantId: "m-2" }, "m-2"],
    ]);
    const failing = world(() => ({ error: "down", isRefused: false }));
    await expect(failing.work.concluding?.(job(), {})).rejects.toMatchObject({ code: "RESYNC_END_UNPUBLISHED" });
    await expect(failing.work.concluding?.(job({}, { state: "canceled" }), {})).resolves.toBeUndefined();
  });
});
