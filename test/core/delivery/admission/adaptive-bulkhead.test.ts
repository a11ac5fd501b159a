import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import {
  AdaptiveBulkhead,
  type BulkheadKey,
  type CallEnd,
} from "../../../../core/delivery/admission/adaptive-bulkhead.ts";
import { FakeClock } from "../../../support/fake-clock.ts";

const WINDOW = 512;
const lane = (merchantId: string, origin = `https://${merchantId}.example`): BulkheadKey => ({ merchantId, origin });

function bulkheadOf(window: number, clock = new FakeClock()): AdaptiveBulkhead {
  return new AdaptiveBulkhead(window, clock.now, () => true);
}

/** Lets in as many as there is room for. */
function fill(bulkhead: AdaptiveBulkhead, key: BulkheadKey, ownLimit?: number): number {
  let entered = 0;
  while (bulkhead.tryEnter(key, ownLimit)) entered += 1;
  return entered;
}

function end(bulkhead: AdaptiveBulkhead, key: BulkheadKey, count: number, how: CallEnd): void {
  for (let index = 0; index < count; index += 1) bulkhead.leave(key, how);
}

describe("the room of a merchant", () => {
  it("counts calls that are held against its own limit, and leaves what they took to others", () => {
    const bulkhead = bulkheadOf(WINDOW);
    const calls = Array.from({ length: 16 }, () => lane("a"));
    for (const call of calls) expect(bulkhead.tryEnter(call)).toBe(true);
    for (const call of calls) bulkhead.hold(call);
    expect(bulkhead.inFlight).toBe(0);
    expect(bulkhead.tryEnter(lane("a"))).toBe(false);
    expect(fill(bulkhead, lane("b"))).toBe(16);

    for (const call of calls) bulkhead.learn(call, "not made");
    expect(bulkhead.tryEnter(lane("a"))).toBe(true);
  });

  it("shrinks once it shows that calls that were held had no response", () => {
    const bulkhead = bulkheadOf(WINDOW);
    const call = lane("a");
    bulkhead.tryEnter(call);
    bulkhead.hold(call);
    bulkhead.learn(call, "no response");
    expect(fill(bulkhead, lane("a"))).toBe(8);
  });

  it("grows by about half with each round of quick responses while it is used", () => {
    const bulkhead = bulkheadOf(WINDOW);
    const first = fill(bulkhead, lane("a"));
    end(bulkhead, lane("a"), first, "quick response");
    const second = fill(bulkhead, lane("a"));
    expect(first).toBe(16);
    expect(second).toBeGreaterThanOrEqual(1.3 * first);
  });

  it("does not grow with slow responses, nor while it is not used", () => {
    const bulkhead = bulkheadOf(WINDOW);
    end(bulkhead, lane("a"), fill(bulkhead, lane("a")), "slow response");
    for (let call = 0; call < 100; call += 1) {
      bulkhead.tryEnter(lane("a"));
      bulkhead.leave(lane("a"), "quick response");
    }
    expect(fill(bulkhead, lane("a"))).toBe(16);
  });

  it("halves with each time-out down to one, and grows again with quick responses", () => {
    const bulkhead = bulkheadOf(WINDOW);
    end(bulkhead, lane("a"), fill(bulkhead, lane("a")), "no response");
    expect(fill(bulkhead, lane("a"))).toBe(1);
    bulkhead.leave(lane("a"), "quick response");
    expect(fill(bulkhead, lane("a"))).toBe(2);
  });

  it("is remembered while it is not a new one's, and while calls are in flight, however many others are called", () => {
    const bulkhead = bulkheadOf(WINDOW);
    end(bulkhead, lane("failing"), fill(bulkhead, lane("failing")), "no response");
    const busy = fill(bulkhead, lane("busy"));
    for (let other = 0; other < 20_000; other += 1) {
      expect(bulkhead.tryEnter(lane(`other-${other}`))).toBe(true);
      bulkhead.leave(lane(`other-${other}`), "quick response");
    }
    expect(fill(bulkhead, lane("busy"))).toBe(0);
    end(bulkhead, lane("busy"), busy, "not made");
    expect(fill(bulkhead, lane("failing"))).toBe(1);
    expect(bulkhead.inFlight).toBe(1);
  });

  it("behind one origin is shared by all that are called there, however many origins come and go", () => {
    const bulkhead = bulkheadOf(64);
    const shared = lane("a", "https://platform.example");
    let entered = fill(bulkhead, shared);
    for (let other = 0; other < 10_000; other += 1) {
      expect(bulkhead.tryEnter(lane(`other-${other}`))).toBe(true);
      bulkhead.leave(lane(`other-${other}`), "quick response");
    }

    for (let merchant = 0; merchant < 100; merchant += 1)
      entered += fill(bulkhead, lane(`m-${merchant}`, "https://platform.example"));
    expect(entered).toBe(32);
  });

  it("is never more than the merchant allows", () => {
    expect(fill(bulkheadOf(WINDOW), lane("a"), 3)).toBe(3);
  });

  it("at one origin does not take from its room at another", () => {
    const bulkhead = bulkheadOf(WINDOW);
    end(bulkhead, lane("a"), fill(bulkhead, lane("a")), "no response");
    expect(fill(bulkhead, lane("a", "https://other.example"))).toBe(16);
  });
});

describe("the window of a task", () => {
  it("is never filled by merchants that hang, however many they are: a healthy one still gets in", () => {
    const bulkhead = bulkheadOf(WINDOW);
    const hanging = Array.from({ length: 2000 }, (_, index) => lane(`hangs-${index}`));
    for (const key of hanging) {
      bulkhead.tryEnter(key);
      bulkhead.leave(key, "no response");
    }
    for (const key of hanging) fill(bulkhead, key);
    expect(bulkhead.inFlight).toBeLessThanOrEqual(WINDOW / 4);
    expect(fill(bulkhead, lane("healthy"))).toBe(16);
  });

  it("is never filled by merchants that are slow, however many they are", () => {
    const bulkhead = bulkheadOf(WINDOW);
    const slow = Array.from({ length: 2000 }, (_, index) => lane(`slow-${index}`));
    for (const key of slow) {
      bulkhead.tryEnter(key);
      bulkhead.leave(key, "slow response");
    }
    for (const key of slow) fill(bulkhead, key);
    expect(bulkhead.inFlight).toBeLessThanOrEqual(WINDOW / 4);
  });

  it("is not filled by merchants that begin to hang all at once, though none has timed out yet", () => {
    const clock = new FakeClock();
    const bulkhead = bulkheadOf(WINDOW, clock);
    for (let ms = 0; ms < 10_000; ms += 100) {
      for (let index = 0; index < 15; index += 1) bulkhead.tryEnter(lane(`hangs-${(ms / 100 + index * 7) % 100}`));
      clock.advance(100);
    }
    expect(fill(bulkhead, lane("healthy"))).toBe(16);
  });

  it("has room again for a merchant that was silent with its first response", () => {
    const clock = new FakeClock();
    const bulkhead = bulkheadOf(WINDOW, clock);
    const silent = Array.from({ length: 9 }, (_, index) => lane(`silent-${index}`));
    for (const key of silent) fill(bulkhead, key);
    clock.advance(1000);
    for (const key of silent) expect(bulkhead.tryEnter(key)).toBe(false);
    bulkhead.leave(lane("silent-0"), "quick response");
    bulkhead.leave(lane("silent-1"), "not made");
    expect([bulkhead.tryEnter(lane("silent-0")), bulkhead.tryEnter(lane("silent-1"))]).toEqual([true, false]);
  });

  it("is shared more evenly the fuller it is", () => {
    const bulkhead = bulkheadOf(40);
    expect(fill(bulkhead, lane("a"))).toBe(8);
    expect(fill(bulkhead, lane("b"))).toBe(6);
    expect(fill(bulkhead, lane("c"))).toBeGreaterThanOrEqual(4);
  });

  it("is taken up to a half by merchants behind one origin", () => {
    const bulkhead = bulkheadOf(64);
    let entered = 0;
    for (let merchant = 0; merchant < 100; merchant += 1)
      entered += fill(bulkhead, lane(`m-${merchant}`, "https://platform.example"));
    expect(entered).toBe(32);
  });

  it("is counted right whatever comes and goes", () => {
    const ends = fc.constantFrom<CallEnd>("quick response", "slow response", "no response", "not made");
    const steps = fc.array(fc.record({ merchant: fc.constantFrom("a", "b", "c"), isEnter: fc.boolean(), end: ends }));
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 40 }), (played, window) => {
        const bulkhead = bulkheadOf(window);
        const inside: BulkheadKey[] = [];
        for (const { merchant, isEnter, end: how } of played) {
          if (isEnter) {
            if (bulkhead.tryEnter(lane(merchant))) inside.push(lane(merchant));
          } else {
            const key = inside.pop();
            if (key !== undefined) bulkhead.leave(key, how);
          }
          expect(bulkhead.inFlight).toBe(inside.length);
          expect(inside.length).toBeLessThanOrEqual(window);
        }
        for (const key of inside) bulkhead.leave(key, "quick response");
        expect(bulkhead.tryEnter(lane("a"))).toBe(true);
      }),
    );
  });
});
