/** Jobs whose messages are lost go on, whatever they were at, and those that need none get none. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { OpenJobs } from "../../../../core/aws/open-jobs.ts";
import { partsOf } from "../../../../core/jobs/part.ts";
import { putBackParts } from "../../../../lambdas/release-due/jobs/put-back-parts.ts";
import { patienceMs } from "../../../support/machine-speed.ts";
import { redeliveryWorld, type RedeliveryWorld, START } from "../../run-jobs/redelivery/redelivery-world.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const ROWS = 30;

let world: RedeliveryWorld;
let open: OpenJobs;
let merchants = 0;
let merchantId = "";
beforeAll(async () => {
  world = await redeliveryWorld();
  open = new OpenJobs(world.dynamodb.client, "Jobs");
}, patienceMs(60_000));
afterAll(() => world[Symbol.asyncDispose]());
beforeEach(async () => {
  world.reset();
  world.clock.now = START;
  merchantId = `lost-${(merchants += 1)}`;
  await world.merchant(merchantId);
  await world.rows(
    Array.from({ length: ROWS }, (_, index) => `${merchantId}-t${index}`),
    merchantId,
  );
  for (const noted of await open.all()) await open.forget(noted);
});

/** As the API does, before the job is there. */
async function job(more: Parameters<RedeliveryWorld["job"]>[1] = {}): Promise<string> {
  const jobId = await world.job({ merchantId }, more);
  await open.note(jobId, world.clock.now);
  return jobId;
}

function look(): Promise<number> {
  return putBackParts({
    open,
    store: world.store,
    send: async (ids) => void world.parts.push(...ids),
    warn: () => undefined,
    now: () => world.clock.now,
  });
}

async function openIds(): Promise<string[]> {
  return (await open.all()).map(({ jobId }) => jobId);
}

describe("a job whose messages are lost", () => {
  it("in the middle of it goes on, and each is sent once", async () => {
    const jobId = await job();
    world.allowed = 2;
    world.outcome = () => {
      world.allowed = 0;
      return "delivered";
    };
    world.losesParts = true;
    expect((await world.run(jobId)).state).toBe("running");
    expect(world.called.length).toBeLessThan(ROWS);
    world.losesParts = false;
    world.outcome = () => "delivered";
    world.allowed = 100;
    world.clock.now += MINUTE_MS;
    expect(await look()).toBe(2);
    const { state, counts } = await world.goOn(jobId);
    expect([state, counts.sent, counts.delivered]).toEqual(["done", ROWS, ROWS]);
    expect(world.called).toHaveLength(ROWS);
  });

  it.each(["counting", "running"] as const)("before anybody had one goes on: %s", async (state) => {
    const jobId = await job({ state });
    expect(await look()).toBe(0);
    world.clock.now += MINUTE_MS;
    expect(await look()).toBe(2);
    expect((await world.goOn(jobId)).state).toBe(state === "counting" ? "counted" : "done");
  });

  it("again gets them again, later, and none before", async () => {
    const jobId = await job();
    world.clock.now += MINUTE_MS;
    expect(await look()).toBe(2);
    world.parts.length = 0;
    world.clock.now += MINUTE_MS;
    expect(await look()).toBe(0);
    world.clock.now += 6 * MINUTE_MS;
    expect(await look()).toBe(2);
    expect((await world.goOn(jobId)).state).toBe("done");
  });

  it("after its parts were done and before they were added up is over", async () => {
    const jobId = await job();
    for (const id of partsOf(jobId, "run", 2)) {
      const part = await world.store.part(id);
      await world.store.savePart(id, { ...part, step: 1, isFound: true, isDone: true, totals: { sent: 3 } });
    }
    world.clock.now += MINUTE_MS;
    expect(await look()).toBe(1);
    expect(await world.goOn(jobId)).toMatchObject({ state: "done", counts: { sent: 6 } });
  });

  it("and that was canceled comes to its end", async () => {
    const jobId = await job({ startedAt: START });
    await world.store.change(jobId, "running", { state: "canceled" });
    world.clock.now += MINUTE_MS;
    await look();
    await world.goOn(jobId);
    expect(await world.store.job(jobId)).toMatchObject({ state: "canceled", doneAt: expect.any(Number) });
  });
});

describe("a job that needs none", () => {
  it("gets none while somebody has its part, or its message is on its way", async () => {
    const jobId = await job();
    const [first, second] = partsOf(jobId, "run", 2);
    world.clock.now += HOUR_MS;
    const until = world.clock.now + MINUTE_MS;
    const part = await world.store.part(first!);
    await world.store.savePart(first!, { ...part, step: 1, heldUntil: until });
    await world.store.savePart(second!, { ...part, step: 1, comesAt: until });
    expect(await look()).toBe(0);
  });

  it("is forgotten once it is over, and not while it is paused for a moment", async () => {
    const done = await job({ state: "done", doneAt: START });
    const paused = await job({ state: "paused" });
    await look();
    expect(await openIds()).toEqual([paused]);
    world.clock.now += DAY_MS;
    await look();
    expect(await openIds()).toEqual([]);
    expect(world.parts).toEqual([]);
    expect(done).not.toBe(paused);
  });

  it("is not forgotten where it is noted again meanwhile", async () => {
    const jobId = await job({ state: "paused" });
    const [noted] = await open.all();
    await open.note(jobId, START + 1);
    await open.forget(noted!);
    expect(await openIds()).toEqual([jobId]);
  });

  it("that is noted and not written yet is waited for", async () => {
    await open.note("not-there", world.clock.now);
    await look();
    expect(await openIds()).toEqual(["not-there"]);
    world.clock.now += HOUR_MS;
    await look();
    expect(await openIds()).toEqual([]);
  });
});
