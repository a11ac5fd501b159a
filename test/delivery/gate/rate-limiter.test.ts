import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { RateLimiter, slotsFor } from "../../../delivery/gate/rate-limiter.ts";
import { FakeClock } from "../../faults/fake-clock.ts";
import { MemoryGates } from "../../faults/memory-gates.ts";

/** Some tasks that share one gate and one clock. */
function tasks(count: number) {
  const clock = new FakeClock();
  const gates = new MemoryGates();
  let writes = 0;
  const limiters = Array.from(
    { length: count },
    () =>
      new RateLimiter({
        take: (...tokens) => {
          writes += 1;
          return gates.takeTokens(...tokens);
        },
        now: clock.now,
      }),
  );
  return { clock, limiters, gates, writes: () => writes };
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
    const { limiters, gates } = tasks(1);
    gates.isDown = true;
    await expect(limiters[0]?.take("m-1", 10)).rejects.toThrow("down");
  });

  it("uses the tokens that it got, however late they come from a slow table", async () => {
    const { clock, gates } = tasks(0);
    const limiter = new RateLimiter({
      take: async (...tokens) => {
        clock.advance(350);
        return gates.takeTokens(...tokens);
      },
      now: clock.now,
    });
    expect(await limiter.take("m-1", 10)).toBe(true);
  });

  it("of a task whose clock is a little behind is none of its own: it gets what the others left", async () => {
    const { clock, gates } = tasks(0);
    const [ahead, behind] = [5000, 0].map(
      (skewMs) =>
        new RateLimiter({ take: (...tokens) => gates.takeTokens(...tokens), now: () => clock.now() + skewMs }),
    );
    expect([await ahead?.take("m-1", 1), await behind?.take("m-1", 1)]).toEqual([true, false]);
  });

  it("is not used up for hours by a task whose clock was wrong", async () => {
    const { clock, gates } = tasks(0);
    const wrong = new RateLimiter({
      take: (...tokens) => gates.takeTokens(...tokens),
      now: () => clock.now() + 3_600_000,
    });
    await wrong.take("m-1", 1);
    const right = new RateLimiter({ take: (...tokens) => gates.takeTokens(...tokens), now: clock.now });
    expect(await right.take("m-1", 1)).toBe(true);
  });
});
