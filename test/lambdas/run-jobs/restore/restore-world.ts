/**
 * Restores over DynamoDB Local: a table with its stream, a copy of it as a backup, a journal and manifests in memory.
 * Whatever writes may be killed, before or after it was carried out.
 */
import {
  CreateTableCommand,
  DeleteItemCommand,
  PutItemCommand,
  ScanCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
} from "@aws-sdk/client-dynamodb";
import { BatchExecuteStatementCommand } from "@aws-sdk/client-dynamodb";
import { DynamoDBStreamsClient } from "@aws-sdk/client-dynamodb-streams";
import type { S3Client } from "@aws-sdk/client-s3";
import { EvidenceStore } from "../../../../core/aws/evidence-store.ts";
import { JobStore } from "../../../../core/aws/job-store.ts";
import { JournalFiles } from "../../../../core/aws/journal-files.ts";
import { listJobs } from "../../../../core/aws/list-jobs.ts";
import { ManifestLines } from "../../../../core/aws/manifest-lines.ts";
import { scanRows } from "../../../../core/aws/scan-rows.ts";
import { shardPage } from "../../../../core/aws/stream-pages.ts";
import { SurveyStore } from "../../../../core/aws/survey-store.ts";
import { TransactionsTable } from "../../../../core/aws/transactions-table.ts";
import { type Job, jobRow } from "../../../../core/jobs/job.ts";
import { type PartId, partMessage, partsOf, passOf } from "../../../../core/jobs/part.ts";
import {
  type DecisionSpec,
  decisionCountsOf,
  isDecision,
  restoreCountsOf,
  type RestorePlanSpec,
  restoreSpecOf,
} from "../../../../core/jobs/restore/spec.ts";
import { type JournalEntry, journalLine } from "../../../../core/journal/journal-entry.ts";
import { journalFile } from "../../../../core/journal/journal-file.ts";
import { journalKey, type JournalFileName } from "../../../../core/journal/journal-key.ts";
import { JournalLines } from "../../../../core/journal/journal-lines.ts";
import { SOURCES } from "../../../../core/restore/evidence.ts";
import type { AttributeMap } from "../../../../core/transaction/attribute-value.ts";
import { handlePart } from "../../../../lambdas/run-jobs/frame/handle-part.ts";
import { restoreWork, saidOfRestore } from "../../../../lambdas/run-jobs/restore/restore-work.ts";
import { REGION } from "../../../../local/machine.ts";
import { startDynamoDbLocal } from "../../../support/dynamodb-local.ts";
import { createJobsTable } from "../../../support/jobs-table.ts";
import { MemoryBucket } from "../../../support/memory-bucket.ts";

export class Killed extends Error {}

const BACKUP = "Transactions-restored";
const ROW_KEYS = { dueShards: 2, merchantShards: 2, leaseMs: 900_000 };
const PARTS = 3;
const WRITES = [
  PutItemCommand,
  UpdateItemCommand,
  TransactWriteItemsCommand,
  BatchExecuteStatementCommand,
  UpdateTimeToLiveCommand,
] as const;

export async function restoreWorld() {
  const local = await startDynamoDbLocal();
  const { client, table, credentials } = local;
  await createJobsTable(client, "Jobs");
  const turnStreamOn = () =>
    client.send(
      new UpdateTableCommand({
        TableName: table.name,
        StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" },
      }),
    );
  await turnStreamOn();
  await client.send(
    new CreateTableCommand({
      TableName: BACKUP,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [{ AttributeName: "transactionId", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "transactionId", KeyType: "HASH" }],
    }),
  );
  const endpoint = await client.config.endpoint!();
  const streams = new DynamoDBStreamsClient({
    endpoint: `${endpoint.protocol}//${endpoint.hostname}:${endpoint.port}`,
    region: REGION,
    credentials,
  });
  const bucket = new MemoryBucket();
  let jobs = 0;
  let acts = 0;
  const parts: PartId[] = [];
  const asked: string[] = [];
  const world = {
    local,
    client,
    table,
    bucket,
    /** At which write somebody is killed, and whether it was carried out. */
    kill: undefined as { readonly at: number; readonly isCarriedOut: boolean } | undefined,
    acts: () => acts,
    warnings: [] as string[],
    /** Whether DynamoDB refuses a change of the time to live. */
    isTimeToLiveLocked: false,
    isTimeToLiveOn: true,
    allowed: Number.POSITIVE_INFINITY,
    /** What was sent again with a delay, in milliseconds. */
    delays: [] as number[],
    async rowsOf(name: string): Promise<AttributeMap[]> {
      const { Items = [] } = await client.send(new ScanCommand({ TableName: name, ConsistentRead: true }));
      return Items;
    },
    async put(...rows: readonly AttributeMap[]) {
      for (let from = 0; from < rows.length; from += 25) await local.change(rows.slice(from, from + 25), []);
    },
    async remove(...ids: readonly string[]) {
      for (let from = 0; from < ids.length; from += 25) await local.change([], ids.slice(from, from + 25));
    },
    /** As it is now. */
    async backUp() {
      for (const Item of await world.rowsOf(table.name))
        await client.send(new PutItemCommand({ TableName: BACKUP, Item: Item as never }));
    },
    async clear() {
      for (const name of [table.name, BACKUP]) {
        const rows = await world.rowsOf(name);
        const ids = rows.map(({ transactionId }) => transactionId?.S ?? "");
        if (name === table.name) await world.remove(...ids);
        else
          for (const id of ids)
            await client.send(new DeleteItemCommand({ TableName: name, Key: { transactionId: { S: id } } }));
      }
      // Its changes are of the same minute as those of the test before.
      const StreamSpecification = { StreamEnabled: false };
      await client.send(new UpdateTableCommand({ TableName: table.name, StreamSpecification }));
      await turnStreamOn();
      // One that is open is not alone with the table.
      for (const id of asked.splice(0))
        await client.send(new DeleteItemCommand({ TableName: "Jobs", Key: { jobId: { S: id } } }));
      bucket.files.clear();
      parts.length = 0;
      acts = 0;
      Object.assign(world, { kill: undefined, isTimeToLiveLocked: false, isTimeToLiveOn: true });
      world.allowed = Number.POSITIVE_INFINITY;
      world.warnings.length = 0;
      world.delays.length = 0;
    },
    async journal(entries: readonly JournalEntry[], more: Partial<JournalFileName> & { readonly to: number }) {
      const name = { writer: "task-1", number: 0, everySeconds: 60, isLossy: false, ...more };
      const lines = new JournalLines();
      for (const entry of entries) lines.add(journalLine(entry), entry.at);
      bucket.put(journalKey(name), await journalFile(name, lines.take(lines.length)));
    },
    async plan(spec: Partial<RestorePlanSpec> & { readonly restoredTo: number }): Promise<string> {
      const whole = { fromTable: BACKUP, damagedAt: spec.restoredTo, sources: SOURCES, ...spec };
      return world.ask(whole, { state: "counting" });
    },
    async ask(
      spec: RestorePlanSpec | DecisionSpec,
      more: Partial<Job>,
      { createdAt = Date.now() }: { readonly createdAt?: number } = {},
    ): Promise<string> {
      const jobId = `restore-${(jobs += 1)}`;
      asked.push(jobId);
      const job: Job = {
        jobId,
        kind: "restore",
        state: "running",
        asked: {
          spec,
          reason: "r",
          requestedBy: "ada",
          ratePerSecond: 1000,
          asOf: 0,
          createdAt,
          parts: isDecision(spec) ? 1 : PARTS,
        },
        ...more,
      };
      await client.send(new PutItemCommand({ TableName: "Jobs", Item: jobRow(job) as never }));
      return jobId;
    },
    store: new JobStore(client, "Jobs", Date.now),
    evidence: new EvidenceStore(client, "Jobs", Date.now),
    async apply(jobId: string) {
      await world.store.change(jobId, "counted", { state: "running", startedAt: Date.now() });
      return world.run(jobId);
    },
    /** Messages of all parts, and what they lead to, until nothing is left; killed, the message comes again. */
    async run(jobId: string) {
      const job = await world.store.job(jobId);
      if (job === undefined) throw new Error(`no job ${jobId}`);
      parts.push(...partsOf(jobId, passOf(job), job.asked.parts));
      // As Lambda has them: side by side.
      for (let some = parts.splice(0); some.length > 0; some = parts.splice(0))
        await Promise.all(
          some.map(async (part) => {
            try {
              await handlePart(partMessage(part), options);
            } catch (error) {
              if (!(error instanceof Killed)) throw error;
              await world.forgetHold(part);
              parts.push(part);
            }
          }),
        );
      return world.see(jobId);
    },
    /** What the time does for a part whose holder was killed. */
    async forgetHold(id: PartId) {
      const part = await world.store.part(id);
      if (part.step > 0) await world.store.savePart(id, { ...part, step: part.step + 1, heldUntil: 0 });
    },
    async see(jobId: string) {
      const job = await world.store.job(jobId);
      if (job === undefined) throw new Error(`no job ${jobId}`);
      const totals = job.totals ?? job.counted?.totals ?? {};
      const counts = isDecision(restoreSpecOf(job)) ? decisionCountsOf(totals) : restoreCountsOf(totals);
      return {
        state: job.state,
        counts: counts as unknown as Record<string, number>,
        isOver: job.doneAt !== undefined,
      };
    },
    async unknown(jobId: string): Promise<readonly string[]> {
      const { transactionIds } = await world.evidence.listUnknown(jobId, 1000, undefined);
      return transactionIds.toSorted();
    },
    async [Symbol.asyncDispose]() {
      streams.destroy();
      await local.stop();
    },
  };

  /** Each write is an act. */
  const mortal = new Proxy(client, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (name !== "send") return typeof value === "function" ? value.bind(target) : value;
      return async (command: object) => {
        if (!WRITES.some((write) => command instanceof write)) return target.send(command as never);
        acts += 1;
        const isHere = world.kill?.at === acts;
        if (isHere && world.kill?.isCarriedOut !== true) throw new Killed();
        const result = await target.send(command as never);
        if (isHere) throw new Killed();
        return result as unknown;
      };
    },
  });
  // DynamoDB Local takes a change of the time to live at any time.
  const timeToLive = {
    turn: async (to: "on" | "off") => {
      if (world.isTimeToLiveOn === (to === "on")) return "as it was" as const;
      if (world.isTimeToLiveLocked) return "later" as const;
      world.isTimeToLiveOn = to === "on";
      return "changed" as const;
    },
  };
  const store = new JobStore(mortal, "Jobs", Date.now);
  const s3 = bucket as unknown as S3Client;
  const work = () =>
    restoreWork({
      dynamodb: mortal,
      streams,
      transactionsTable: table.name,
      table: new TransactionsTable(mortal, table.name),
      store,
      evidence: new EvidenceStore(mortal, "Jobs", Date.now),
      surveys: new SurveyStore(mortal, "Jobs", Date.now),
      timeToLive,
      newest: async () => (await listJobs(client, store, "restore", 20, undefined)).jobs,
      scan: (name, place) => scanRows(client, name, place),
      shardPage: (streamArn, shardId, after) =>
        shardPage(streams, { streamArn, shardId, after }, async () => undefined),
      journal: new JournalFiles(s3, "manifests"),
      manifests: new ManifestLines(s3, "manifests"),
      settledDays: 90,
      rowKeys: ROW_KEYS,
      allow: async (_job, count) => Math.min(count, world.allowed),
      now: Date.now,
      warn: (message) => world.warnings.push(message),
    });
  const options = {
    store,
    // As each execution has its own.
    get works() {
      const none = {} as never;
      return { resync: none, import: none, export: none, redelivery: none, restore: work() };
    },
    send: async (ids: readonly PartId[], afterMs: number) => {
      if (afterMs > 10_000) world.delays.push(afterMs);
      else parts.push(...ids);
    },
    now: Date.now,
    pause: (ms: number) => new Promise((resolve) => setTimeout(resolve, Math.min(ms, 5))),
    leftMs: () => 30_000,
    log: () => undefined,
    warn: (message: string) => void world.warnings.push(message),
    saidOf: saidOfRestore,
  };
  return world;
}

export type RestoreWorld = Awaited<ReturnType<typeof restoreWorld>>;
