import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { RateLimiter, type RateLimiterOptions, slotsFor } from "../../../../core/delivery/admission/rate-limiter.ts";
import { FakeClock } from "../../../support/fake-clock.ts";
import { BoundedWaitQueue } from "../../../../core/delivery/admission/bounded-wait-queue.ts";
import { MemoryMerchantHealth } from "../../../support/memory-merchant-health.ts";
import { NO_WAIT_QUEUE } from "../../../support/worker-harness.ts";

/** Some tasks that share one health row and one clock. */
function tasks(count: number) {
  const clock = new FakeClock();
  const healthTable = new MemoryMerchantHealth();
  let writes = 0;
  const limiters = Array.from(
    { length: count },
    () =>
      new RateLimiter({
        take: (...tokens) => {
          writes += 1;
          return healthTable.takeTokens(...tokens);
        },
        room: NO_WAIT_QUEUE,
        now: clock.now,
      }),
  );
  return { clock, limiters, healthTable, writes: () => writes };
}

function sharing(healthTable: MemoryMerchantHealth, clock: FakeClock): RateLimiterOptions {
  return { take: (...tokens) => healthTable.takeTokens(...tokens), room: NO_WAIT_QUEUE, now: clock.now };
}

/** Calls of one burst, on a clock that goes on when all of them wait. */
async function burst(calls: number, window: number, rate: number) {
  const { clock, healthTable } = tasks(0);
  const waking: { readonly at: number; readonly wake: () => void }[] = [];
  const pause = (ms: number) => new Promise<void>((wake) => waking.push({ at: clock.now() + ms, wake }));
  const limiter = new RateLimiter({ ...sharing(healthTable, clock), room: new BoundedWaitQueue({ window, pause }) });
  const began = clock.now();
  const ends = Array.from({ length: calls }, async (_, index) => {
    const isLet = await limiter.take(`m-${index % 2}`, rate);
    return { isLet, afterMs: clock.now() - began };
  });
  const state = { isOver: false };
  const all = Promise.all(ends).finally(() => {
    state.isOver = true;
  });
  while (!state.isOver) {
    for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
    clock.advance(10);
    for (const one of waking.splice(0))
      if (one.at <= clock.now()) one.wake();
      else waking.push(one);
  }
  return all;
}

describe("a rate limit", () => {
  it("lets through what it says over all tasks together, whatever they ask for", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 1, max: 4 }), async (rate, count) => {
        const { clock, limiters } = tasks(count);
        const SECONDS = 3;
        let through = 0;
        for (let ms = 0; ms < SECONDS * 1000; ms += 20) {
          const asked = limiters.flatMap((limiter) => Array.from({ length: 15 }, () => limiter.take("m-1", rate)));
          through += (await Promise.all(asked)).filter(Boolean).length;
          clock.advance(20);
        }
        expect(through).toBeLessThanOrEqual(rate * SECONDS + 2 * slotsFor(rate).tokens);
        expect(through).toBeGreaterThanOrEqual(0.9 * Math.min(rate, 15 * 50) * SECONDS - 1);
      }),
      { numRuns: 15 },
    );
  });

  it("makes up the rate of whole tokens", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), (rate) => {
        const { tokens, slotMs } = slotsFor(rate);
        expect(Number.isInteger(tokens)).toBe(true);
        expect((tokens * 1000) / slotMs).toBeCloseTo(rate);
      }),
    );
  });

  it("that was lowered holds from the next slot on", async () => {
    const { clock, limiters } = tasks(1);
    const [limiter] = limiters as [RateLimiter];
    expect(await limiter.take("m-1", 100)).toBe(true);
    clock.advance(1000);
    expect([await limiter.take("m-1", 1), await limiter.take("m-1", 1)]).toEqual([true, false]);
  });

  it("asks the shared record no more once a slot is used up", async () => {
    const { limiters, writes } = tasks(1);
    const [limiter] = limiters as [RateLimiter];
    for (let call = 0; call < 100; call += 1) await limiter.take("m-1", 10);
    expect(writes()).toBeLessThanOrEqual(3);
  });

  it("turns away with an error when the record cannot be reached, so that nothing counts as tried", async () => {
    const { limiters, healthTable } = tasks(1);
    healthTable.isDown = true;
    await expect(limiters[0]?.take("m-1", 10)).rejects.toThrow("down");
  });

  it("uses the tokens that it got, however late they come from a slow table", async () => {
    const { clock, healthTable } = tasks(0);
    const limiter = new RateLimiter({
      take: async (...tokens) => {
        clock.advance(350);
        return healthTable.takeTokens(...tokens);
      },
      room: NO_WAIT_QUEUE,
      now: clock.now,
    });
    expect(await limiter.take("m-1", 10)).toBe(true);
  });

  it("of a task whose clock is a little behind is none of its own: it gets what the others left", async () => {
    const { clock, healthTable } = tasks(0);
    const [ahead, behind] = [5000, 0].map(
      (skewMs) => new RateLimiter({ ...sharing(healthTable, clock), now: () => clock.now() + skewMs }),
    );
    expect([await ahead?.take("m-1", 1), await behind?.take("m-1", 1)]).toEqual([true, false]);
  });

  it("is not used up for hours by a task whose clock was wrong", async () => {
    const { clock, healthTable } = tasks(0);
    const wrong = new RateLimiter({ ...sharing(healthTable, clock), now: () => clock.now() + 3_600_000 });
    await wrong.take("m-1", 1);
    const right = new RateLimiter(sharing(healthTable, clock));
    expect(await right.take("m-1", 1)).toBe(true);
  });

  it("is not overstepped when a slow table hands out the tokens of several slots at once", async () => {
    const { clock, healthTable } = tasks(0);
    const responses: (() => void)[] = [];
    const waits: number[] = [];
    const limiter = new RateLimiter({
      ...sharing(healthTable, clock),
      take: async (...tokens) => {
        await new Promise<void>((resolve) => responses.push(resolve));
        return healthTable.takeTokens(...tokens);
      },
      room: { wait: async (_, ms) => waits.push(ms) > 0 },
    });
    const taken: Promise<boolean>[] = [];
    for (let slot = 0; slot < 5; slot += 1) {
      taken.push(limiter.take("m-1", 5));
      clock.advance(200);
    }
    for (const respond of responses) respond();
    expect(await Promise.all(taken)).toEqual([true, true, true, true, true]);
    expect(waits).toEqual([200, 400, 600, 800]);
  });

  it("lets the tokens of one slot go together", async () => {
    const { clock, healthTable } = tasks(0);
    const waits: number[] = [];
    const limiter = new RateLimiter({
      ...sharing(healthTable, clock),
      room: { wait: async (_, ms) => waits.push(ms) < 0 },
    });
    for (let slot = 0; slot < 10; slot += 1) {
      for (let call = 0; call < 5; call += 1) expect(await limiter.take("m-1", 50)).toBe(true);
      clock.advance(100);
    }
    expect(waits).toEqual([]);
  });

  it("is planned anew when the clock was put back", async () => {
    const { clock, healthTable } = tasks(0);
    const waits: number[] = [];
    const limiter = new RateLimiter({
      ...sharing(healthTable, clock),
      room: { wait: async (_, ms) => waits.push(ms) < 0 },
    });
    await limiter.take("m-1", 5);
    clock.advance(-3_600_000);
    await limiter.take("m-1", 5);
    expect(waits.every((ms) => ms <= 1000)).toBe(true);
  });

  it("has what comes in a burst wait for the next slots, up to a second", async () => {
    const ends = await burst(2 * 30, 1000, 10);
    for (const merchant of [0, 1]) {
      const let_ = ends.filter(({ isLet }, index) => isLet && index % 2 === merchant).map(({ afterMs }) => afterMs);
      expect(let_.length).toBeGreaterThanOrEqual(9);
      expect(let_.length).toBeLessThanOrEqual(11);
      expect(Math.max(...let_)).toBeLessThanOrEqual(1100);
    }
  });
});
