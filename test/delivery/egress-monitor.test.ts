import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { AttemptOutcome } from "../../core/next-step.ts";
import { EgressMonitor } from "../../delivery/egress-monitor.ts";
import { FakeClock } from "../faults/fake-clock.ts";

const unreachable: AttemptOutcome = { kind: "failed", class: "connection", error: "its network cannot be reached" };
const refused: AttemptOutcome = { ...unreachable, error: "nothing listens there", hasNoListener: true };
const silent: AttemptOutcome = { kind: "failed", class: "timeout", error: "no complete answer" };
const delivered: AttemptOutcome = { kind: "delivered", status: 200 };
const origin = (site: number): string => `https://merchant-${site}.example`;

/** A monitor and calls that take a millisecond unless a test says otherwise. */
function watching() {
  const clock = new FakeClock();
  const changes: string[] = [];
  const monitor = new EgressMonitor({ now: clock.now, changed: (mode) => void changes.push(mode) });
  const call = (site: number, outcome: AttemptOutcome, tookMs = 1): boolean => {
    const startedAt = clock.now();
    clock.advance(tookMs);
    return monitor.isOurs(origin(site), startedAt, outcome);
  };
  /** Calls all of the sites one after the other until the time is over. @returns how many were held against their merchants */
  const callAll = (sites: number, outcome: AttemptOutcome, forMs: number, everyMs = 1, from = 0): number => {
    let theirs = 0;
    for (let made = 0; made * everyMs < forMs; made += 1)
      if (!call(from + (made % sites), outcome, everyMs)) theirs += 1;
    return theirs;
  };
  return { clock, changes, monitor, call, callAll };
}

describe("a loss of all connections", () => {
  it("at 2,000 calls a second is seen within a second, and five calls are held against their merchants", () => {
    const { monitor, callAll, changes } = watching();
    callAll(1000, delivered, 10_000, 0.5);
    // The first of them was under way when the last answer came.
    expect(callAll(1000, unreachable, 1000, 0.5)).toBe(5);
    expect(monitor.isFaulty).toBe(true);
    expect(changes).toEqual(["faulty"]);
  });

  it("at two calls a second is seen with the first call after those to five sites", () => {
    const { monitor, callAll } = watching();
    callAll(20, delivered, 30_000, 500);
    expect(callAll(20, unreachable, 3500, 500)).toBe(5);
    expect(monitor.isFaulty).toBe(true);
  });

  it("that was there from the start of the task is seen as well", () => {
    const { monitor, callAll } = watching();
    expect(callAll(1000, unreachable, 1000)).toBe(4);
    expect(monitor.isFaulty).toBe(true);
  });

  it("in which packets vanish spares whatever was called since", () => {
    const { clock, monitor, call } = watching();
    call(0, delivered);
    clock.advance(1);
    const startedAt = clock.now();
    clock.advance(10_000);
    const ours = Array.from({ length: 100 }, (_, site) => monitor.isOurs(origin(site), startedAt, silent));
    expect(ours.filter((isOurs) => !isOurs)).toHaveLength(4);
  });

  it("is over with the first connection", () => {
    const { monitor, callAll, call, changes } = watching();
    callAll(50, unreachable, 1000);
    monitor.reached(origin(7));
    expect(monitor.isFaulty).toBe(false);
    expect(changes).toEqual(["faulty", "normal"]);
    expect(call(1, unreachable)).toBe(false);
  });

  it("is over with any answer, a failing status too", () => {
    const { monitor, callAll, call } = watching();
    callAll(50, unreachable, 1000);
    expect(call(1, { kind: "failed", class: "status_5xx", status: 500, error: "500" })).toBe(false);
    expect(monitor.isFaulty).toBe(false);
  });

  it("lasts as long as it lasts, though each site is then unreachable for long", () => {
    const { monitor, callAll } = watching();
    callAll(30, delivered, 1000);
    callAll(30, unreachable, 1000);
    expect(callAll(30, unreachable, 3_600_000, 3000)).toBe(0);
    expect(monitor.isFaulty).toBe(true);
  });

  it("is seen again when it comes back, though each site was unreachable for an hour before", () => {
    const { monitor, callAll, call } = watching();
    callAll(30, unreachable, 3_600_000, 3000);
    call(0, delivered);
    expect(monitor.isFaulty).toBe(false);
    callAll(30, unreachable, 1000);
    expect(monitor.isFaulty).toBe(true);
  });

  it("that lets one in twenty through is none of the merchants' either", () => {
    const { callAll, call, monitor } = watching();
    let theirs = 0;
    for (let round = 0; round < 100; round += 1) {
      theirs += callAll(19, unreachable, 19);
      call(100 + round, delivered);
    }
    expect(theirs).toBeLessThan(100 * 19 * 0.5);
    expect(monitor.isFaulty).toBe(false);
  });

  it("is forgotten when nothing was called for a minute", () => {
    const { clock, monitor, callAll, changes } = watching();
    callAll(30, unreachable, 1000);
    clock.advance(60_001);
    expect(monitor.isFaulty).toBe(false);
    expect(changes).toEqual(["faulty", "normal"]);
  });
});

describe("connections that are refused", () => {
  it("by all sites at once are a loss like any other for a minute, and then the merchants' own", () => {
    const { monitor, callAll, changes } = watching();
    callAll(4, delivered, 1000, 100, 50);
    expect(callAll(8, refused, 50_000, 1000)).toBeLessThanOrEqual(5);
    expect(monitor.isFaulty).toBe(true);
    callAll(8, refused, 20_000, 1000);
    expect(monitor.isFaulty).toBe(false);
    expect(callAll(8, refused, 600_000, 1000)).toBe(600);
    expect(changes).toEqual(["faulty", "normal"]);
  });

  it("are a loss for as long as it lasts where some of it is silence", () => {
    const { monitor, callAll } = watching();
    for (let minute = 0; minute < 10; minute += 1) {
      callAll(8, refused, 10_000, 1000);
      callAll(8, unreachable, 50_000, 1000);
    }
    expect(monitor.isFaulty).toBe(true);
  });
});

describe("no fault of ours", () => {
  it("are many merchants that are gone, while a few others answer in between", () => {
    const { callAll, call, monitor, changes } = watching();
    callAll(100, delivered, 10_000);
    for (let round = 0; round < 500; round += 1) {
      callAll(4, unreachable, 4);
      call(50 + (round % 3), delivered);
    }
    expect(monitor.isFaulty).toBe(false);
    expect(changes).toEqual([]);
  });

  it("are two hundred merchants of one provider that fail in a burst, while the others answer within half a second", () => {
    const { callAll, monitor, changes } = watching();
    for (let round = 0; round < 20; round += 1) {
      callAll(200, unreachable, 400);
      callAll(3, delivered, 3);
    }
    expect(monitor.isFaulty).toBe(false);
    expect(changes).toEqual([]);
  });

  it("are merchants that have been gone for long, even when nobody else is called for hours", () => {
    const { clock, callAll, monitor, changes } = watching();
    for (let minute = 0; minute < 10; minute += 1) {
      callAll(8, unreachable, 8);
      for (let site = 100; site < 110; site += 1) monitor.reached(origin(site));
      clock.advance(10_000);
    }
    clock.advance(3_600_000);
    callAll(8, unreachable, 100_000, 100);
    expect(changes).toEqual([]);
  });

  it("are hanging merchants: their connections are made", () => {
    const { clock, monitor, changes } = watching();
    for (let round = 0; round < 100; round += 1) {
      const startedAt = clock.now();
      for (let site = 0; site < 10; site += 1) {
        clock.advance(1);
        monitor.reached(origin(site));
      }
      clock.advance(10_000);
      for (let site = 0; site < 10; site += 1) monitor.isOurs(origin(site), startedAt, silent);
    }
    expect(changes).toEqual([]);
  });

  it("are answers that began and broke off", () => {
    const { call, changes } = watching();
    for (let site = 0; site < 1000; site += 1) call(site, { ...unreachable, isReached: true });
    expect(changes).toEqual([]);
  });

  it("are names that resolve to addresses which must not be called", () => {
    const { call, changes } = watching();
    for (let site = 0; site < 1000; site += 1) call(site, { kind: "failed", class: "refused", error: "private" });
    expect(changes).toEqual([]);
  });

  it("is anything at fewer than five sites, however long it lasts and whatever their hosts are called", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 50 }), fc.nat(70_000)), {
          maxLength: 200,
        }),
        (calls) => {
          const { clock, monitor, changes } = watching();
          for (const [site, host, waitMs] of calls) {
            const startedAt = clock.now();
            clock.advance(waitMs);
            const isOurs = monitor.isOurs(`https://host-${host}.merchant-${site}.example`, startedAt, unreachable);
            expect(isOurs).toBe(false);
          }
          expect(changes).toEqual([]);
        },
      ),
    );
  });

  it("is whatever fails while at least one call in five of other sites is answered, if calls come at least each 100 ms", () => {
    const failing = fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 0, maxLength: 4 });
    fc.assert(
      fc.property(fc.array(fc.tuple(failing, fc.integer({ min: 1, max: 100 })), { maxLength: 100 }), (rounds) => {
        const { call, monitor, changes } = watching();
        for (const [index, [sites, tookMs]] of rounds.entries()) {
          for (const site of sites) call(site, unreachable, tookMs);
          call(1000 + (index % 7), delivered, tookMs);
        }
        expect(monitor.isFaulty).toBe(false);
        expect(changes).toEqual([]);
      }),
    );
  });
});

describe("after any past", () => {
  it("a loss is seen, is held against few, and is over with the first connection", () => {
    const past = fc.array(fc.tuple(fc.nat(100), fc.boolean(), fc.integer({ min: 1, max: 3000 })), { maxLength: 100 });
    fc.assert(
      fc.property(past, fc.integer({ min: 5, max: 100 }), fc.integer({ min: 1, max: 500 }), (calls, sites, everyMs) => {
        const { monitor, call, callAll } = watching();
        for (const [site, isWell, tookMs] of calls) call(site, isWell ? delivered : unreachable, tookMs);
        // Those of the past may be gone already, and say nothing: the loss shows at others.
        expect(callAll(sites, unreachable, 500 + 7 * everyMs, everyMs, 1000)).toBeLessThanOrEqual(5);
        expect(monitor.isFaulty).toBe(true);
        monitor.reached(origin(1));
        expect(monitor.isFaulty).toBe(false);
      }),
    );
  });
});

describe("receiving", () => {
  it("goes on while there is no fault", () => {
    const { monitor } = watching();
    expect([monitor.mayReceive(), monitor.mayReceive()]).toEqual([true, true]);
  });

  it("is for a probe every three seconds during a fault, and free again after it", () => {
    const { clock, monitor, callAll, call } = watching();
    callAll(10, unreachable, 1000);
    const allowed: number[] = [];
    for (let ms = 0; ms < 10_000; ms += 200) {
      clock.advance(200);
      if (monitor.mayReceive()) allowed.push(ms);
    }
    expect(allowed).toHaveLength(3);
    call(1, delivered);
    expect([monitor.mayReceive(), monitor.mayReceive()]).toEqual([true, true]);
  });
});
