/** Parts of jobs against DynamoDB Local: whoever is killed between any two writes, the counts add up. */
import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { JobStore } from "../../../../core/aws/job-store.ts";
import { type Job, jobRow, type JobState } from "../../../../core/jobs/job.ts";
import { type Pass, partsOf } from "../../../../core/jobs/part.ts";
import { conclude } from "../../../../lambdas/run-jobs/frame/conclude.ts";
import { type Ran, runPart } from "../../../../lambdas/run-jobs/frame/run-part.ts";
import { type DynamoDbLocal, startDynamoDbLocal } from "../../../support/dynamodb-local.ts";
import { createJobsTable } from "../../../support/jobs-table.ts";
import { patienceMs } from "../../../support/machine-speed.ts";
import { type CountingKind, countingKind } from "./counting-kind.ts";

const TABLE = "Jobs";
const HOLD_MS = 30_000;
const ENTRIES = 35;
let dynamodb: DynamoDbLocal;
beforeAll(async () => {
  dynamodb = await startDynamoDbLocal();
  await createJobsTable(dynamodb.client, TABLE);
}, patienceMs(60_000));
afterAll(() => dynamodb.stop());

let jobs = 0;

async function world({
  state = "running",
  parts = 1,
  allowed,
}: { state?: JobState; parts?: number; allowed?: number } = {}) {
  const clock = { now: 1_000_000 };
  const now = () => clock.now;
  const jobId = `job-${(jobs += 1)}`;
  const asked = { spec: {}, reason: "r", requestedBy: "ada", ratePerSecond: 5, asOf: 1, createdAt: 1, parts };
  const job: Job = { jobId, kind: "redelivery", state, asked };
  await dynamodb.client.send(new PutItemCommand({ TableName: TABLE, Item: jobRow(job) as never }));
  const store = new JobStore(dynamodb.client, TABLE, now);
  const kind = countingKind(ENTRIES, allowed, now);
  const options = {
    store,
    now,
    pause: async (ms: number) => void (clock.now += ms),
    sliceMs: 15_000,
    holdMs: HOLD_MS,
    leftMs: () => Number.POSITIVE_INFINITY,
  };
  const pass: Pass = state === "counting" ? "count" : "run";
  const ids = partsOf(jobId, pass, parts);
  /** A message of each part, until none goes on. */
  const runAll = async (over: Partial<typeof options> = {}): Promise<void> => {
    for (const id of ids) {
      let ran: Ran;
      do ran = await runPart(id, kind.work, { ...options, ...over });
      while (ran.kind === "continues");
      if (ran.kind === "done") await conclude(id, kind.work, options);
    }
  };
  return { clock, jobId, store, kind, options, ids, runAll };
}

class Killed extends Error {}

function bound(store: JobStore, name: string | symbol): unknown {
  const member = Reflect.get(store, name) as unknown;
  return typeof member === "function" ? member.bind(store) : member;
}

/** Ends whoever writes at the nth write, before it or after it. */
function killing(store: JobStore, nth: number, isCarriedOut: boolean): { store: JobStore; isReached: () => boolean } {
  let writes = 0;
  const WRITES = new Set(["savePart", "saveBatch", "saveBoth"]);
  const killed = new Proxy(store, {
    get(target, name) {
      const method = Reflect.get(target, name) as unknown;
      if (typeof method !== "function") return method;
      return async (...args: unknown[]) => {
        if (!WRITES.has(String(name))) return (method as (...all: unknown[]) => unknown).apply(target, args);
        writes += 1;
        if (writes === nth && !isCarriedOut) throw new Killed();
        const result = await (method as (...all: unknown[]) => Promise<unknown>).apply(target, args);
        if (writes === nth) throw new Killed();
        return result;
      };
    },
  });
  return { store: killed, isReached: () => writes >= nth };
}

function expectAllBegun({ begun }: CountingKind, most: number): void {
  expect([...begun.keys()].toSorted((one, other) => one - other)).toEqual(
    Array.from({ length: ENTRIES }, (_, index) => index),
  );
  for (const times of begun.values()) expect(times).toBeLessThanOrEqual(most);
}

describe("a part of a job", () => {
  it("begins each entry once, and the job is done with counts that add up", async () => {
    const { jobId, store, kind, runAll } = await world();
    await runAll();
    expectAllBegun(kind, 1);
    expect(await store.job(jobId)).toMatchObject({
      state: "done",
      totals: { found: ENTRIES, over: ENTRIES },
      doneAt: expect.any(Number),
    });
  });

  it("counts for a dry run and begins nothing", async () => {
    const { jobId, store, kind, runAll } = await world({ state: "counting", parts: 2 });
    await runAll();
    expect(kind.begun.size).toBe(0);
    const { state, counted } = (await store.job(jobId)) ?? {};
    expect({ state, totals: counted?.totals }).toEqual({ state: "counted", totals: { found: 2 * ENTRIES } });
    expect(counted?.sample).toHaveLength(20);
  });

  it.each([false, true])(
    "adds up whatever write its invocation is killed at, carried out: %s",
    async (isCarriedOut) => {
      for (let nth = 1, isReached = true; isReached; nth += 1) {
        const { clock, jobId, store, kind, options, ids, runAll } = await world({ allowed: 4 });
        const killed = killing(store, nth, isCarriedOut);
        const dying = { ...options, store: killed.store };
        await Promise.resolve(runPart(ids[0]!, kind.work, dying)).catch((error: unknown) => {
          if (!(error instanceof Killed)) throw error;
        });
        isReached = killed.isReached();
        clock.now += HOLD_MS;
        await runAll();
        expectAllBegun(kind, 2);
        const { state, totals } = (await store.job(jobId)) ?? {};
        expect({ nth, state, totals }).toEqual({ nth, state: "done", totals: { found: ENTRIES, over: ENTRIES } });
      }
    },
    patienceMs(120_000),
  );

  it("is one invocation's at a time, and whoever comes after its time is over takes it from there", async () => {
    const { clock, jobId, store, kind, options, ids, runAll } = await world({ allowed: 4 });
    const [id] = ids;
    if (id === undefined) throw new Error("no part");
    let isAsleep = false;
    const sleeper = runPart(id, kind.work, {
      ...options,
      pause: async (ms) => {
        clock.now += ms;
        if (isAsleep) return;
        isAsleep = true;
        expect(await runPart(id, kind.work, options)).toEqual({ kind: "held" });
        clock.now += HOLD_MS;
        await runAll();
      },
    });
    expect(["overtaken", "done"]).toContain((await sleeper).kind);
    expectAllBegun(kind, 1);
    expect((await store.job(jobId))?.totals).toEqual({ found: ENTRIES, over: ENTRIES });
  });

  it("is taken by its message though it is noted at that moment as put back", async () => {
    const { jobId, store, kind, options, ids, runAll } = await world({ parts: 4 });
    const note = async (): Promise<void> => {
      for (const id of ids) {
        const part = await store.part(id);
        if (!part.isDone) await store.savePart(id, { ...part, step: part.step + 1, comesAt: options.now() + 120_000 });
      }
    };
    let isNoted = false;
    const overtaken = new Proxy(store, {
      get: (target, name) =>
        name === "savePart" && !isNoted
          ? async (...save: Parameters<JobStore["savePart"]>) => {
              isNoted = true;
              await note();
              return target.savePart(...save);
            }
          : bound(target, name),
    });
    await runAll({ store: overtaken });
    expect(isNoted).toBe(true);
    expect(await store.job(jobId)).toMatchObject({ state: "done", totals: { found: 4 * ENTRIES, over: 4 * ENTRIES } });
    expect(kind.begun.size).toBe(4 * ENTRIES);
  });

  it("is left to its next message where others write it again and again", async () => {
    const { kind, options, ids } = await world();
    const refused = new Proxy(options.store, {
      get: (target, name) => (name === "savePart" ? async () => false : bound(target, name)),
    });
    const ran = await runPart(ids[0]!, kind.work, { ...options, store: refused });
    expect(ran).toEqual({ kind: "continues", afterMs: 0 });
    expect(kind.begun.size).toBe(0);
  });

  it("stops when the job is paused, and goes on from there", async () => {
    const { jobId, store, kind, options, ids, runAll } = await world({ allowed: 2 });
    let pauses = 0;
    const paused = await runPart(ids[0]!, kind.work, {
      ...options,
      pause: async (ms) => {
        await options.pause(ms);
        if ((pauses += 1) === 3) await store.change(jobId, "running", { state: "paused" });
      },
    });
    expect(paused).toEqual({ kind: "over" });
    const before = kind.begun.size;
    expect(before).toBeLessThan(ENTRIES);
    await runAll();
    expect(kind.begun.size).toBe(before);
    await store.change(jobId, "paused", { state: "running" });
    await runAll();
    expectAllBegun(kind, 1);
    expect(await store.job(jobId)).toMatchObject({ state: "done", totals: { found: ENTRIES, over: ENTRIES } });
  });

  it("begins nothing once the job is canceled, ends what is begun, and the counts add up", async () => {
    const { jobId, store, kind, options, runAll } = await world({ allowed: 2, parts: 2 });
    let pauses = 0;
    await runAll({
      pause: async (ms) => {
        await options.pause(ms);
        if ((pauses += 1) === 3) await store.change(jobId, "running", { state: "canceled" });
      },
    });
    const job = await store.job(jobId);
    expect(job).toMatchObject({ state: "canceled", doneAt: expect.any(Number) });
    const { found = 0, over = 0, canceled = 0 } = job?.totals ?? {};
    expect(over).toBe(kind.begun.size);
    expect(over + canceled).toBe(found);
    expect(canceled).toBeGreaterThan(0);
  });

  it("sends itself on when its slice is over", async () => {
    const { kind, options, ids } = await world({ allowed: 1 });
    const ran = await runPart(ids[0]!, kind.work, { ...options, sliceMs: 1000 });
    expect(ran).toEqual({ kind: "continues", afterMs: expect.any(Number) });
    expect(kind.begun.size).toBeGreaterThan(0);
  });

  it("sends itself on before its invocation is ended, though the clock was put back meanwhile", async () => {
    const { clock, options, ids, kind } = await world({ allowed: 0 });
    let leftMs = 28_000;
    const ran = await runPart(ids[0]!, kind.work, {
      ...options,
      leftMs: () => leftMs,
      pause: async (ms) => {
        leftMs -= ms;
        clock.now -= 10_000;
      },
    });
    expect(ran.kind).toBe("continues");
    expect(leftMs).toBeGreaterThan(5000);
  });

  it.each(["counting", "running"] as const)("rests after rows that it read for nothing, %s", async (state) => {
    const { options, ids, kind } = await world({ state });
    const rests: number[] = [];
    let finds = 0;
    const sparse: typeof kind.work = {
      ...kind.work,
      find: async () => ({ entries: [], looked: 100, ...((finds += 1) < 5 && { cursor: String(finds) }) }),
    };
    const pause = async (ms: number) => void rests.push(ms);
    expect(await runPart(ids[0]!, sparse, { ...options, pause })).toEqual({ kind: "done" });
    expect([finds, rests]).toEqual([5, [50, 50, 50, 50]]);
  });

  it("does nothing for a job that is over or not there", async () => {
    const { jobId, store, kind, options, ids, runAll } = await world();
    await runAll();
    expect(await runPart(ids[0]!, kind.work, options)).toEqual({ kind: "done" });
    const done = await store.job(jobId);
    expect(await conclude(ids[0]!, kind.work, options)).toBeUndefined();
    expect(await store.job(jobId)).toEqual(done);
    const gone = partsOf("gone", "run", 1)[0]!;
    expect(await runPart(gone, kind.work, options)).toEqual({ kind: "over" });
  });
});
