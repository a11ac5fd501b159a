/** Messages of parts: a job that cannot be done any more comes to its end. */
import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { JobStore } from "../../../../core/aws/job-store.ts";
import { type Job, jobRow } from "../../../../core/jobs/job.ts";
import { NEW_PART, type PartId, partMessage, partsOf } from "../../../../core/jobs/part.ts";
import { handlePart } from "../../../../lambdas/run-jobs/frame/handle-part.ts";
import { resyncWork } from "../../../../lambdas/run-jobs/resync/resync-work.ts";
import { type DynamoDbLocal, startDynamoDbLocal } from "../../../support/dynamodb-local.ts";
import { createJobsTable } from "../../../support/jobs-table.ts";
import { patienceMs } from "../../../support/machine-speed.ts";
import { countingKind } from "./counting-kind.ts";

const TABLE = "Jobs";
let dynamodb: DynamoDbLocal;
beforeAll(async () => {
  dynamodb = await startDynamoDbLocal();
  await createJobsTable(dynamodb.client, TABLE);
}, patienceMs(60_000));
afterAll(() => dynamodb.stop());

it("ends a dry run that was canceled only once nobody holds its first part any more", async () => {
  let at = 1_000_000;
  const now = () => at;
  const store = new JobStore(dynamodb.client, TABLE, now);
  const asked = { spec: {}, reason: "r", requestedBy: "a", ratePerSecond: 5, asOf: 1, createdAt: 1, parts: 2 };
  const job: Job = { jobId: "canceled-1", kind: "restore", state: "canceled", asked };
  await dynamodb.client.send(new PutItemCommand({ TableName: TABLE, Item: jobRow(job) as never }));
  const [first, second] = partsOf("canceled-1", "count", 2) as [PartId, PartId];
  await store.savePart(first, { ...NEW_PART, step: 1, heldUntil: at + 5000 });
  const sent: (readonly [readonly PartId[], number])[] = [];
  let concluded = 0;
  const none = countingKind(0).work;
  const restore = {
    ...none,
    concluding: async () => {
      concluded += 1;
      return undefined;
    },
  };
  const options = {
    store,
    works: { resync: none, redelivery: none, import: none, export: none, restore },
    send: async (ids: readonly PartId[], afterMs: number) => void sent.push([ids, afterMs]),
    now,
    pause: async () => {},
    leftMs: () => Number.POSITIVE_INFINITY,
    log: () => {},
    warn: () => {},
    saidOf: () => ({}),
  };
  await handlePart(partMessage(second), options);
  await handlePart(partMessage(first), options);
  expect([concluded, sent]).toEqual([0, [[[first], 5000]]]);
  at += 5001;
  await handlePart(partMessage(first), options);
  expect([concluded, (await store.job("canceled-1"))?.doneAt]).toEqual([1, at]);
});

it("ends a resync under which events were turned off: nothing is read or published, and it is canceled", async () => {
  const now = () => 1_000_000;
  const store = new JobStore(dynamodb.client, TABLE, now);
  const denied = () => Promise.reject(new Error("AccessDenied"));
  const resync = resyncWork({
    scan: denied,
    table: { read: denied },
    topic: { publish: denied },
    source: "/pipelines/acme",
    isOff: true,
    allow: denied,
    now,
  });
  const asked = {
    spec: { since: 1 },
    reason: "r",
    requestedBy: "a",
    ratePerSecond: 5,
    asOf: 1,
    createdAt: 1,
    parts: 3,
  };
  const job: Job = { jobId: "resync-1", kind: "resync", state: "running", asked, startedAt: 1 };
  await dynamodb.client.send(new PutItemCommand({ TableName: TABLE, Item: jobRow(job) as never }));
  const parts = partsOf("resync-1", "run", 3);
  await store.saveBoth(
    { ...parts[1]!, batch: 0 },
    { ...NEW_PART, step: 1, batches: 1, open: [0] },
    { step: 1, entries: JSON.stringify([["t-1", 0]]), wakeAt: 0 },
  );
  const sent: PartId[] = [];
  const warned: unknown[] = [];
  const options = {
    store,
    works: {
      resync,
      redelivery: countingKind(0).work,
      import: countingKind(0).work,
      export: countingKind(0).work,
      restore: countingKind(0).work,
    },
    send: async (ids: readonly PartId[]) => void sent.push(...ids),
    now,
    pause: async () => {},
    leftMs: () => Number.POSITIVE_INFINITY,
    log: () => {},
    warn: (message: string, details: unknown) => void warned.push([message, details]),
    saidOf: () => ({}),
  };
  // Of the other parts the messages were lost.
  await handlePart(partMessage(parts[0]!), options);
  for (let id = sent.shift(); id !== undefined; id = sent.shift()) await handlePart(partMessage(id), options);
  expect(await store.job("resync-1")).toMatchObject({ state: "canceled", totals: { skipped: 1 }, doneAt: now() });
  expect(warned).toEqual([["job canceled", { jobId: "resync-1", kind: "resync", reason: "events are off" }]]);
});
