import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { serveHealth } from "../../../containers/confirmation-worker/src/health.ts";
import { InQueueBudget } from "../../../core/confirmation/in-queue-budget.ts";
import { Sequence } from "../../../containers/confirmation-worker/src/sequence/sequence.ts";
import { FakeClock } from "../../support/fake-clock.ts";

describe("the share of the queue for failing messages", () => {
  it("has room again once the waits are over", () => {
    const clock = new FakeClock();
    const budget = new InQueueBudget(2, clock.now);
    budget.add(5);
    budget.add(10);
    expect(budget.hasRoom).toBe(false);
    clock.advance(4999);
    expect(budget.hasRoom).toBe(false);
    clock.advance(1);
    expect(budget.hasRoom).toBe(true);
    budget.add(100);
    expect(budget.hasRoom).toBe(false);
  });

  it("of 0 parks every failing message", () => {
    expect(new InQueueBudget(0, () => 0).hasRoom).toBe(false);
  });
});

describe("a sequence", () => {
  it("runs each key's tasks in order, one at a time, whatever finishes when", async () => {
    const keys = fc.array(fc.constantFrom("a", "b", "c"), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(keys, fc.scheduler(), async (drawn, scheduler) => {
        const sequence = new Sequence();
        const running = new Set<string>();
        const done: number[] = [];
        const all = drawn.map((key, index) =>
          sequence.run([key], async () => {
            expect(running.has(key)).toBe(false);
            running.add(key);
            await scheduler.schedule(Promise.resolve());
            running.delete(key);
            done.push(index);
          }),
        );
        await scheduler.waitFor(Promise.all(all));
        for (const key of ["a", "b", "c"]) {
          const order = done.filter((index) => drawn[index] === key);
          expect(order).toEqual(order.toSorted((one, other) => one - other));
        }
        expect(done).toHaveLength(drawn.length);
      }),
    );
  });

  it("runs what has either of two keys in common in order, one at a time, and never stands still", async () => {
    const key = fc.constantFrom<string>("a", "b", "c", "d");
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(key, key), { maxLength: 20 }), fc.scheduler(), async (drawn, scheduler) => {
        const sequence = new Sequence();
        const running = new Set<string>();
        const done: number[] = [];
        const all = drawn.map((keys, index) =>
          sequence.run(keys, async () => {
            for (const one of new Set(keys)) {
              expect(running.has(one)).toBe(false);
              running.add(one);
            }
            await scheduler.schedule(Promise.resolve());
            for (const one of keys) running.delete(one);
            done.push(index);
          }),
        );
        await scheduler.waitFor(Promise.all(all));
        for (const one of ["a", "b", "c", "d"]) {
          const order = done.filter((index) => drawn[index]?.includes(one));
          expect(order).toEqual(order.toSorted((first, second) => first - second));
        }
        expect(done).toHaveLength(drawn.length);
      }),
    );
  });

  it("runs a lone task at once", () => {
    let hasRun = false;
    void new Sequence().run(["a"], async () => {
      hasRun = true;
    });
    expect(hasRun).toBe(true);
  });
});

describe("the health check", () => {
  it("answers 200 while healthy, 503 when not, 404 elsewhere, and never takes a webhook", async () => {
    let isHealthy = true;
    const health = await serveHealth(0, () => isHealthy);
    const statusOf = async (path: string): Promise<number> =>
      (await fetch(`http://127.0.0.1:${health.port}${path}`)).status;
    try {
      expect(await statusOf("/health")).toBe(200);
      isHealthy = false;
      expect(await statusOf("/health")).toBe(503);
      expect(await statusOf("/")).toBe(404);
      isHealthy = true;
      const webhook = await fetch(`http://127.0.0.1:${health.port}/health`, { method: "POST", body: "{}" });
      expect(webhook.status).toBe(405);
    } finally {
      health.close();
    }
  });
});
