/** Redeliveries as jobs: what is found, sent, skipped and counted, whoever is killed meanwhile. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { patienceMs } from "../../../support/machine-speed.ts";
import { number, text } from "../../../support/rows.ts";
import { until } from "../../../support/until.ts";
import { redeliveryWorld, type RedeliveryWorld, START } from "./redelivery-world.ts";

let world: RedeliveryWorld;
let merchants = 0;
let merchantId = "";
beforeAll(async () => {
  world = await redeliveryWorld();
}, patienceMs(60_000));
afterAll(() => world[Symbol.asyncDispose]());
beforeEach(async () => {
  world.reset();
  world.clock.now = START;
  merchantId = `m-${(merchants += 1)}`;
  await world.merchant(merchantId);
});

const ids = (count: number, prefix = merchantId) => Array.from({ length: count }, (_, index) => `${prefix}-t${index}`);
const once = (all: readonly string[], generation = 1) => all.map((id) => `${id}/${generation}`).toSorted();

describe("a redelivery by filter", () => {
  it("counts first, and then sends what was counted, each once", async () => {
    const all = ids(130);
    await world.rows(all, merchantId);
    await world.failed(ids(3, `${merchantId}-f`), merchantId, "attempts_exhausted");
    const jobId = await world.job({ merchantId, state: "CONFIRMED" }, { state: "counting" });

    const { state, counted } = await world.run(jobId, "count");
    expect([state, counted?.totals["new"], world.queue.length]).toEqual(["counted", 130, 0]);
    expect(counted?.sample).toHaveLength(20);

    await world.store.change(jobId, "counted", { state: "running", startedAt: START });
    const ran = await world.run(jobId);
    expect(ran.state).toBe("done");
    expect(ran.counts).toMatchObject({ matched: 130, sent: 130, delivered: 130, skipped: 0, skippedBy: {} });
    expect(world.called.toSorted()).toEqual(once(all));
  });

  it("finds failed ones of a reason and a time, of every merchant, and opens them again", async () => {
    const other = `${merchantId}-other`;
    await world.merchant(other);
    await world.failed(ids(5), merchantId, "url_missing", START - 5000);
    await world.failed(ids(5, other), other, "url_missing", START - 5000);
    await world.failed(ids(2, `${merchantId}-old`), merchantId, "url_missing", START - 90_000);
    await world.failed(ids(2, `${merchantId}-why`), merchantId, "expired", START - 5000);
    const jobId = await world.job({ state: "FAILED", reason: "url_missing", from: START - 10_000, to: START });

    const { state, counts } = await world.run(jobId);

    expect(state).toBe("done");
    expect(counts).toMatchObject({ matched: 10, sent: 10, delivered: 10 });
    expect(world.called.toSorted()).toEqual(once([...ids(5), ...ids(5, other)]));
    expect(await world.releaseOf(`${merchantId}-t0`)).toBe(1);
  });

  it("finds failed ones of live merchants alone, of the sandbox alone, or of all for a program before", async () => {
    const dev = `${merchantId}-dev`;
    await world.merchant(dev, { environment: text("sandbox") });
    const spec = { state: "FAILED", reason: "url_port_not_allowed" } as const;
    for (const [environment, expected] of [
      ["live", ids(3)],
      ["sandbox", ids(2, dev)],
      [undefined, [...ids(3), ...ids(2, dev)]],
    ] as const) {
      world.called = [];
      await world.failed(ids(3), merchantId, "url_port_not_allowed");
      await world.failed(ids(2, dev), dev, "url_port_not_allowed");
      const { state, counts } = await world.run(
        await world.job(environment === undefined ? spec : { ...spec, environment }),
      );
      expect([state, counts.matched, counts.delivered]).toEqual(["done", expected.length, expected.length]);
      expect(world.called.toSorted()).toEqual(once(expected));
    }
  });

  it("leaves alone what came to its end after it was asked for", async () => {
    await world.rows(ids(4), merchantId, { settledAt: number(START + 1000) });
    const { counts } = await world.run(await world.job({ merchantId }));
    expect(counts).toMatchObject({ matched: 0, sent: 0 });
  });

  it("counts as changed what was counted and is another now", async () => {
    const all = ids(6);
    await world.rows(all, merchantId);
    const jobId = await world.job({ merchantId }, { state: "counting" });
    await world.run(jobId, "count");
    await world.rows(all.slice(0, 2), merchantId, { version: number(2) });
    await world.store.change(jobId, "counted", { state: "running", startedAt: START });
    const { counts } = await world.run(jobId);
    expect(counts).toMatchObject({ matched: 6, sent: 4, skipped: 2, skippedBy: { changed: 2 } });
  });
});

describe("a redelivery beside live traffic", () => {
  it("reads a row to find it, to send it and for what came of it, however long others are before it", async () => {
    const all = ids(60);
    await world.rows(all, merchantId);
    world.allowed = 2;
    const { counts } = await world.run(await world.job({ merchantId }));
    expect(counts).toMatchObject({ sent: 60, delivered: 60 });
    expect(Math.max(...all.map((id) => world.reads.get(id) ?? 0))).toBeLessThanOrEqual(4);
  });

  it("has one of an ordered group on its way at a time, in each of its batches", async () => {
    const all = ids(8);
    await world.rows(all, merchantId, { orderingKey: text("k") });
    let most = 0;
    world.outcome = () => {
      most = Math.max(most, world.handling);
      return "delivered";
    };
    const { counts } = await world.run(await world.job({ transactionIds: all }));
    expect(counts).toMatchObject({ sent: 8, delivered: 8 });
    expect(most).toBe(1);
  });

  it("has many of other groups, and of none, on their way meanwhile", async () => {
    const [first = "", second = "", ...rest] = ids(8);
    await world.rows([first], merchantId, { orderingKey: text("a") });
    await world.rows([second], merchantId, { orderingKey: text("b") });
    await world.rows(rest, merchantId);
    let most = 0;
    world.outcome = () => {
      most = Math.max(most, world.handling);
      return "delivered";
    };
    await world.run(await world.job({ transactionIds: [first, second, ...rest] }));
    expect(most).toBe(8);
  });
});

describe("a redelivery by id", () => {
  it("says of each that is skipped why", async () => {
    await world.merchant(`${merchantId}-gone`, { deletedAt: number(1) });
    const one = (name: string) => `${merchantId}-${name}`;
    await world.rows([one("fine")], merchantId);
    await world.rows([one("pending")], merchantId, { confirmationState: text("PENDING") });
    await world.failed([one("past")], merchantId, "version_lowered");
    await world.rows([one("deleted")], `${merchantId}-gone`);
    await world.rows([one("unknown")], `${merchantId}-nobody`);
    const transactionIds = ["fine", "pending", "past", "deleted", "unknown", "none"].map(one);
    const counting = await world.job({ transactionIds }, { state: "counting" });
    expect((await world.run(counting, "count")).counted).toMatchObject({ totals: { new: 1 }, sample: [one("fine")] });

    const { counts } = await world.run(await world.job({ transactionIds }));

    expect(counts).toMatchObject({ matched: 6, sent: 1, delivered: 1, skipped: 5 });
    expect(counts.skippedBy).toEqual({
      pending: 1,
      past_mending: 1,
      merchant_deleted: 1,
      merchant_unknown: 1,
      not_found: 1,
    });
  });

  it("takes another merchant's for none, where it is one merchant's alone", async () => {
    const [mine = "", foreign = ""] = ids(2);
    await world.rows([mine], merchantId);
    await world.rows([foreign], "somebody");
    const { counts } = await world.run(await world.job({ transactionIds: [mine, foreign] }, {}, { merchantId }));
    expect(counts).toMatchObject({ sent: 1, skippedBy: { not_found: 1 } });
  });

  it("leaves one to the job that is sending it, and takes it once that one is over", async () => {
    const transactionIds = ids(1);
    await world.rows(transactionIds, merchantId);
    const first = await world.job({ transactionIds });
    const [id = ""] = transactionIds;
    await world.dynamodb.put({
      ...(await world.dynamodb.get(id)),
      redelivery: { M: { jobId: text(first), version: number(1), generation: number(1), markedAt: number(1) } },
    });
    const second = await world.run(await world.job({ transactionIds }));
    expect(second.counts).toMatchObject({ sent: 0, skippedBy: { taken: 1 } });
    await world.store.change(first, "running", { state: "canceled" });
    world.clock.now += 10_000;
    const third = await world.run(await world.job({ transactionIds }));
    expect(third.counts).toMatchObject({ sent: 1, delivered: 1 });
  });
});

describe("a confirmed one", () => {
  it("is tried again a few times where the failure may pass, as a further generation each time", async () => {
    const transactionIds = ids(2);
    await world.rows(transactionIds, merchantId);
    const [never = "", later = ""] = transactionIds;
    world.outcome = (id, generation) => (id === later && generation === 3 ? "delivered" : "status_5xx");
    const { counts } = await world.run(await world.job({ transactionIds }));
    expect(counts).toMatchObject({ sent: 2, delivered: 1, failed: 1 });
    expect(world.called.toSorted()).toEqual([
      ...[1, 2, 3, 4].map((generation) => `${never}/${generation}`),
      ...[1, 2, 3].map((generation) => `${later}/${generation}`),
    ]);
  });

  it("is not tried again where a person has to mend it", async () => {
    await world.rows(ids(1), merchantId);
    world.outcome = () => "status_4xx";
    const { counts } = await world.run(await world.job({ merchantId }));
    expect(counts).toMatchObject({ sent: 1, failed: 1 });
    expect(world.called).toEqual(once(ids(1)));
  });

  it("that was turned away waits for as long as that takes, and no failure is counted", async () => {
    await world.rows(ids(1), merchantId);
    world.outcome = (_, generation) => (generation < 12 ? "turned_away" : "delivered");
    const { counts } = await world.run(await world.job({ merchantId }));
    expect(counts).toMatchObject({ sent: 1, delivered: 1, failed: 0 });
    expect(world.called).toEqual(once(ids(1), 12));
  });

  it("whose message is lost gets another, which SQS does not take for the one before, and is called once", async () => {
    const transactionIds = ids(2);
    await world.rows(transactionIds, merchantId);
    world.losesMessages = true;
    const running = world.run(await world.job({ transactionIds }));
    await until(() => world.sent.length >= 6);
    world.losesMessages = false;
    expect((await running).counts).toMatchObject({ sent: 2, delivered: 2 });
    expect(world.called.toSorted()).toEqual(once(transactionIds));
    expect(new Set(world.sent.map(({ deduplicationId }) => deduplicationId)).size).toBe(world.sent.length);
  });

  it("whose version is raised while it is sent is superseded", async () => {
    const [id = ""] = ids(1);
    await world.rows([id], merchantId);
    world.outcome = () => {
      throw new Error("not called");
    };
    const jobId = await world.job({ merchantId });
    const running = world.run(jobId);
    const end = Date.now() + patienceMs(20_000);
    // Each turn: a moment later it is handled.
    while (world.queue.length === 0 && Date.now() < end) await new Promise(setImmediate);
    world.queue.length = 0;
    await world.rows([id], merchantId, { version: number(2), confirmationState: text("PENDING") });
    expect((await running).counts).toMatchObject({ sent: 1, superseded: 1 });
  });
});

describe("a redelivery whose invocation is killed", () => {
  it.each([false, true])(
    "at whatever write or send, carried out: %s, sends each once and adds up",
    async (isCarriedOut) => {
      for (let at = 1, isReached = true; isReached; at += 1) {
        world.reset();
        world.clock.now = START;
        const ofThis = `${merchantId}-${isCarriedOut}-${at}`;
        await world.merchant(ofThis);
        const all = ids(4, ofThis);
        const failed = ids(2, `${ofThis}-f`);
        await world.rows(all, ofThis);
        await world.failed(failed, ofThis, "attempts_exhausted");
        world.allowed = 2;
        world.kill = { at, isCarriedOut };
        const { state, counts } = await world.run(
          await world.job({ transactionIds: [...all, ...failed] }, {}, { merchantId: ofThis }),
        );
        isReached = world.acts() >= at;
        expect({ at, state, counts }).toMatchObject({
          at,
          state: "done",
          counts: { matched: 6, sent: 6, delivered: 6, skipped: 0 },
        });
        expect(world.called.toSorted()).toEqual([...once(all), ...once(failed)].toSorted());
      }
    },
    patienceMs(180_000),
  );
});
