/**
 * Redeliveries over DynamoDB Local: rows of every kind, a queue in memory, and a worker that does with a message what
 * the real one's writes do. Whatever writes or sends may be killed.
 */
import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { JobStore } from "../../../../core/aws/job-store.ts";
import type { OutgoingMessage } from "../../../../core/aws/queue-requests.ts";
import { redeliveredStatement } from "../../../../core/aws/statements/redelivery.ts";
import { reopenStatement } from "../../../../core/aws/statements/requeue.ts";
import { type Job, jobRow } from "../../../../core/jobs/job.ts";
import { type PartId, partMessage, partsOf } from "../../../../core/jobs/part.ts";
import { countsOf, type RedeliverySpec } from "../../../../core/jobs/redelivery/spec.ts";
import { parseMessage } from "../../../../core/transaction/message.ts";
import { isOutstanding, redeliveryOf } from "../../../../core/transaction/row/redelivery.ts";
import { rowStateOf, stateOf } from "../../../../core/transaction/row/row-state.ts";
import { handlePart } from "../../../../lambdas/run-jobs/frame/handle-part.ts";
import { redeliveryWork, saidOf } from "../../../../lambdas/run-jobs/redelivery/redelivery-work.ts";
import { Surroundings } from "../../../../lambdas/run-jobs/redelivery/surroundings.ts";
import { startDynamoDbLocal } from "../../../support/dynamodb-local.ts";
import { createApiTables } from "../../confirmations-api/api-tables.ts";
import { type Changes, number, text, transactionRow } from "../../../support/rows.ts";

export class Killed extends Error {}

export const START = Date.UTC(2026, 10, 22, 12);
const SHARDS = 2;

export async function redeliveryWorld() {
  const dynamodb = await startDynamoDbLocal();
  const { client, table } = dynamodb;
  await createApiTables(client);
  const clock = { now: START };
  const now = () => clock.now;
  const queue: OutgoingMessage[] = [];
  const parts: PartId[] = [];
  let jobs = 0;
  let acts = 0;
  const world = {
    dynamodb,
    clock,
    queue,
    /** Calls of merchants, as `id/generation`. */
    called: [] as string[],
    /** What comes of a call. */
    outcome: (_transactionId: string, _generation: number): string => "delivered",
    allowed: Number.POSITIVE_INFINITY,
    /** Messages that are handled together. */
    handling: 0,
    /** All messages, handled or lost. */
    sent: [] as OutgoingMessage[],
    losesMessages: false,
    /** Whether messages of parts are lost. */
    losesParts: false,
    parts,
    /** How often rows were read, by id. */
    reads: new Map<string, number>(),
    /** At which act (a write or a send) somebody is killed, and whether it was carried out. */
    kill: undefined as { readonly at: number; readonly isCarriedOut: boolean } | undefined,
    acts: () => acts,
    reset() {
      acts = 0;
      queue.length = 0;
      parts.length = 0;
      world.called = [];
      world.kill = undefined;
      world.losesParts = false;
      world.losesMessages = false;
      world.sent.length = 0;
      world.reads.clear();
      world.allowed = Number.POSITIVE_INFINITY;
      world.outcome = () => "delivered";
    },
    async merchant(merchantId: string, changes: Changes = {}) {
      const Item = { merchantId: text(merchantId), ...changes } as never;
      await client.send(new PutItemCommand({ TableName: "Merchants", Item }));
    },
    async rows(ids: readonly string[], merchantId: string, changes: Changes = {}) {
      for (let from = 0; from < ids.length; from += 25)
        await dynamodb.change(
          ids.slice(from, from + 25).map((id, index) =>
            transactionRow({
              transactionId: text(id),
              merchantId: text(merchantId),
              merchantKey: text(`${merchantId}#2026-11-22#${(from + index) % SHARDS}`),
              confirmationState: text("CONFIRMED"),
              stateVersion: number(1),
              settledAt: number(START - 60_000),
              ...changes,
            }),
          ),
          [],
        );
    },
    async failed(ids: readonly string[], merchantId: string, code: string, failedAt = START - 60_000) {
      await world.rows(ids, merchantId, {
        confirmationState: text("FAILED"),
        settledAt: number(failedAt),
        failure: { M: { code: text(code), fault: text("merchant"), reason: text("r") } },
        failedKey: text(`${merchantId}#0`),
        failedAt: text(`${code}#${new Date(failedAt).toISOString()}`),
      });
    },
    async job(spec: RedeliverySpec, more: Partial<Job> = {}, asked: Partial<Job["asked"]> = {}): Promise<string> {
      const jobId = `job-${(jobs += 1)}`;
      const { merchantId } = spec;
      const job: Job = {
        jobId,
        kind: "redelivery",
        state: "running",
        asked: {
          spec,
          reason: "r",
          requestedBy: "ada",
          ratePerSecond: 1000,
          asOf: START,
          createdAt: START,
          parts: spec.transactionIds === undefined ? SHARDS : 1,
          ...(merchantId !== undefined && { merchantId }),
          ...asked,
        },
        ...more,
      };
      await client.send(new PutItemCommand({ TableName: "Jobs", Item: jobRow(job) as never }));
      return jobId;
    },
    store: new JobStore(client, "Jobs", now),
    /** Messages of all parts, and what they lead to, until nothing is left; killed, the message comes again. */
    async run(jobId: string, pass: PartId["pass"] = "run") {
      clock.now = Math.max(clock.now, START + 10_000);
      const job = await world.store.job(jobId);
      parts.push(...partsOf(jobId, pass, job?.asked.parts ?? 1));
      return world.goOn(jobId);
    },
    /** With the messages of parts that are there. */
    async goOn(jobId: string) {
      for (let part = parts.shift(); part !== undefined; part = parts.shift()) {
        try {
          await handlePart(partMessage(part), options);
        } catch (error) {
          if (!(error instanceof Killed)) throw error;
          clock.now += 60_000;
          parts.push(part);
        }
      }
      const { state, counted, totals = {} } = (await world.store.job(jobId)) ?? {};
      return { state, counted, counts: countsOf(totals) };
    },
    /** Handles what is in the queue. */
    async work() {
      const messages = queue.splice(0);
      world.sent.push(...messages);
      if (world.losesMessages) return;
      world.handling = messages.length;
      for (const { body } of messages) {
        const parsed = parseMessage(body);
        if (parsed.kind !== "message" || parsed.message.redelivery === undefined) throw new Error(`sent: ${body}`);
        const { transactionId, redelivery, version, release } = parsed.message;
        const row = await dynamodb.get(transactionId);
        const mark = row && redeliveryOf(row);
        if (row === undefined || mark === undefined || !isOutstanding(row, mark)) continue;
        if (mark.jobId !== redelivery.jobId || mark.generation !== redelivery.generation) continue;
        const target = { transactionId, version, release };
        if (stateOf(row) === "FAILED") {
          await table.write([reopenStatement(table.name, target, "P#0", clock.now)]);
          const open = (await dynamodb.get(transactionId)) ?? {};
          world.called.push(`${transactionId}/${mark.generation}`);
          await dynamodb.put({ ...open, confirmationState: text("CONFIRMED"), settledAt: number(clock.now) });
          continue;
        }
        const result = world.outcome(transactionId, mark.generation);
        if (result !== "turned_away") world.called.push(`${transactionId}/${mark.generation}`);
        await table.write([redeliveredStatement(table.name, target, mark, { result, at: clock.now })]);
      }
    },
    releaseOf: async (transactionId: string) => rowStateOf((await dynamodb.get(transactionId)) ?? {}).release,
    [Symbol.asyncDispose]: () => dynamodb.stop(),
  };

  /** Each write and each send is an act. */
  function mortal<Args extends unknown[], Result>(act: (...args: Args) => Promise<Result>) {
    return async (...args: Args): Promise<Result> => {
      acts += 1;
      const isHere = world.kill?.at === acts;
      if (isHere && world.kill?.isCarriedOut !== true) throw new Killed();
      const result = await act(...args);
      if (isHere) throw new Killed();
      return result;
    };
  }

  const { store } = world;
  const sender = {
    send: mortal(async (messages: readonly OutgoingMessage[]) => {
      queue.push(...messages);
      return messages.map(() => undefined);
    }),
  };
  const options = {
    store: new Proxy(store, {
      get(target, name) {
        const method: unknown = Reflect.get(target, name);
        if (typeof method !== "function") return method;
        const bound = (method as (...args: unknown[]) => Promise<unknown>).bind(target);
        return ["savePart", "saveBatch", "saveBoth", "change"].includes(String(name)) ? mortal(bound) : bound;
      },
    }),
    works: {
      resync: {} as never,
      import: {} as never,
      export: {} as never,
      restore: {} as never,
      redelivery: redeliveryWork({
        client,
        table: {
          name: table.name,
          read: (ids: readonly string[]) => {
            for (const id of ids) world.reads.set(id, (world.reads.get(id) ?? 0) + 1);
            return table.read(ids);
          },
          write: mortal((statements: Parameters<typeof table.write>[0]) => table.write(statements)),
        },
        merchantsTable: "Merchants",
        merchantShards: SHARDS,
        settledDays: 30,
        senders: { confirmations: sender, ordered: sender, order: "transaction" as const },
        surroundings: new Surroundings(client, "Merchants", store, now),
        allow: async (_job: Job, count: number) => Math.min(count, world.allowed),
        now,
      }),
    },
    send: async (ids: readonly PartId[], afterMs: number) => {
      clock.now += afterMs;
      if (!world.losesParts) parts.push(...ids);
    },
    now,
    pause: async (ms: number) => {
      clock.now += ms;
      await world.work();
    },
    leftMs: () => Number.POSITIVE_INFINITY,
    log: () => undefined,
    warn: () => undefined,
    saidOf,
  };
  return world;
}

export type RedeliveryWorld = Awaited<ReturnType<typeof redeliveryWorld>>;
