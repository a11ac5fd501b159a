import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { AttemptOutcome } from "../../../core/retry/next-step.ts";
import { EgressMonitor, type EgressMonitorOptions } from "../../../core/delivery/egress-monitor.ts";
import { TimedClock } from "../../support/timed-clock.ts";

const unreachable: AttemptOutcome = { kind: "failed", class: "connection", error: "its network cannot be reached" };
const refused: AttemptOutcome = { ...unreachable, error: "nothing listens there", hasNoListener: true };
const silent: AttemptOutcome = { kind: "failed", class: "timeout", error: "no complete answer" };
const delivered: AttemptOutcome = { kind: "delivered", status: 200 };
const origin = (site: number): string => `https://merchant-${site}.example`;
/** For which a verdict is held. */
const HOLD_MS = 2000;

type Verdict = "held" | "ours" | "theirs";

/** A monitor and calls that take a millisecond unless a test says otherwise. */
function watching(options: Partial<EgressMonitorOptions> = {}) {
  const clock = new TimedClock();
  const changes: string[] = [];
  const changed = (mode: string, { because }: Readonly<Record<string, unknown>>) =>
    void changes.push(because === undefined ? mode : `${mode}: ${because as string}`);
  const monitor = new EgressMonitor({ now: clock.now, pause: clock.pause, changed, ...options });
  /** @returns what is thought of it now, and later */
  const end = (site: number | string, beganAt: number, outcome: AttemptOutcome): { verdict: Verdict } => {
    const isOurs = monitor.isOurs(typeof site === "string" ? site : origin(site), beganAt, outcome);
    if (typeof isOurs === "boolean") return { verdict: isOurs ? "ours" : "theirs" };
    const call: { verdict: Verdict } = { verdict: "held" };
    void isOurs.then((is) => (call.verdict = is ? "ours" : "theirs"));
    return call;
  };
  const call = async (site: number | string, outcome: AttemptOutcome, tookMs = 1): Promise<{ verdict: Verdict }> => {
    const beganAt = clock.now();
    await clock.pass(tookMs);
    return end(site, beganAt, outcome);
  };
  const connected = (site: number) => monitor.connected(origin(site), clock.now());
  /** Calls all of the sites one after the other until the time is over. @returns what is thought of them */
  const callAll = async (sites: number, outcome: AttemptOutcome, forMs: number, everyMs = 1, from = 0) => {
    const calls: { verdict: Verdict }[] = [];
    for (let made = 0; made * everyMs < forMs; made += 1)
      calls.push(await call(from + (made % sites), outcome, everyMs));
    return calls;
  };
  return { clock, changes, monitor, end, call, connected, callAll };
}

const countOf = (calls: readonly { verdict: Verdict }[], verdict: Verdict): number =>
  calls.filter((call) => call.verdict === verdict).length;

describe("a loss of all connections", () => {
  it("at 2,000 calls a second is seen within a second, and nothing is held against any merchant", async () => {
    const { monitor, callAll, changes, clock } = watching();
    await callAll(1000, delivered, 5000, 0.5);
    const calls = await callAll(1000, unreachable, 1000, 0.5);
    expect(monitor.isFaulty).toBe(true);
    await clock.pass(HOLD_MS);
    expect(countOf(calls, "ours")).toBe(2000);
    expect(changes).toEqual(["faulty"]);
  });

  it("at two calls a second is seen with the first call after five sites, and held against none", async () => {
    const { monitor, callAll, clock } = watching();
    await callAll(20, delivered, 30_000, 400);
    const calls = await callAll(20, unreachable, 3500, 400);
    expect(monitor.isFaulty).toBe(true);
    await clock.pass(HOLD_MS);
    expect(countOf(calls, "ours")).toBe(calls.length);
  });

  it("that was there from the start of the task is seen as well", async () => {
    const { monitor, callAll, clock } = watching();
    const calls = await callAll(1000, unreachable, 1000);
    await clock.pass(HOLD_MS);
    expect([countOf(calls, "ours"), monitor.isFaulty]).toEqual([1000, true]);
  });

  it("in which packets vanish spares whatever was called since", async () => {
    const { clock, end, call } = watching();
    await call(0, delivered);
    await clock.pass(1);
    const beganAt = clock.now();
    await clock.pass(10_000);
    const calls = Array.from({ length: 100 }, (_, site) => end(site, beganAt, silent));
    await clock.pass(HOLD_MS);
    expect(countOf(calls, "ours")).toBe(100);
  });

  it("that begins while answers are on their way is seen though they come", async () => {
    const { clock, call, end, monitor } = watching();
    await call(0, delivered);
    const beganAt = clock.now();
    await clock.pass(1);
    const calls = [];
    for (let site = 1; site <= 10; site += 1) {
      calls.push(await call(site, unreachable));
      end(100 + site, beganAt, delivered);
    }
    await clock.pass(500);
    expect(monitor.isFaulty).toBe(true);
    end(200, beganAt, delivered);
    expect([monitor.isFaulty, countOf(calls, "ours")]).toEqual([true, 10]);
  });

  it("is over with the first connection that was begun since", async () => {
    const { monitor, callAll, call, changes } = watching();
    await callAll(50, unreachable, 1000);
    monitor.reached(origin(7));
    expect(monitor.isFaulty).toBe(false);
    expect(changes).toEqual(["faulty", "normal: reached"]);
    expect((await call(1, unreachable)).verdict).toBe("held");
  });

  it("is over with any response, a failing status too", async () => {
    const { monitor, callAll, call } = watching();
    await callAll(50, unreachable, 1000);
    const responded = await call(1, { kind: "failed", class: "status_5xx", status: 500, error: "500" });
    expect([responded.verdict, monitor.isFaulty]).toEqual(["theirs", false]);
  });

  it("spares what began before its end and times out after it", async () => {
    const { callAll, call, clock, end } = watching();
    await callAll(50, unreachable, 1000);
    const beganAt = clock.now();
    await call(1, delivered);
    await clock.pass(5000);
    expect(end(2, beganAt, silent).verdict).toBe("ours");
  });

  it("lasts as long as it lasts, though each site is then unreachable for long", async () => {
    const { monitor, callAll, clock } = watching();
    await callAll(30, delivered, 1000);
    await callAll(30, unreachable, 1000);
    const calls = await callAll(30, unreachable, 3_600_000, 3000);
    await clock.pass(HOLD_MS);
    expect([countOf(calls, "ours"), monitor.isFaulty]).toEqual([calls.length, true]);
  });

  it("is seen again when it comes back, though each site was unreachable for an hour before", async () => {
    const { monitor, callAll, call } = watching();
    await callAll(30, unreachable, 3_600_000, 3000);
    await call(0, delivered);
    expect(monitor.isFaulty).toBe(false);
    await callAll(30, unreachable, 1000);
    expect(monitor.isFaulty).toBe(true);
  });

  it("that lets one in twenty through is none of the merchants' either", async () => {
    const { callAll, call, clock } = watching();
    const calls = [];
    for (let round = 0; round < 100; round += 1) {
      calls.push(...(await callAll(19, unreachable, 19)));
      await call(100 + round, delivered);
    }
    await clock.pass(HOLD_MS);
    expect(countOf(calls, "theirs")).toBeLessThan(100 * 19 * 0.5);
  });

  it("is forgotten when nothing was called for a minute, which is no evidence that it is over", async () => {
    const { clock, monitor, callAll, changes } = watching();
    await callAll(30, unreachable, 1000);
    await clock.pass(60_001);
    expect(monitor.isFaulty).toBe(false);
    expect(changes).toEqual(["faulty", "normal: quiet"]);
  });
});

describe("a loss that is over before a call has reached its deadline", () => {
  it("is held against nobody: nothing that began in it was answered", async () => {
    const { clock, call, end } = watching();
    for (let made = 0; made < 100; made += 1) await call(made % 20, delivered, 30);
    const lost: { readonly site: number; readonly beganAt: number }[] = [];
    for (let made = 0; made < 45; made += 1) {
      lost.push({ site: made % 20, beganAt: clock.now() });
      await clock.pass(33);
    }
    const calls = [];
    for (const { site, beganAt } of lost) {
      while (clock.now() < beganAt + 2000) await call(20 + (clock.now() % 7), delivered, 30);
      calls.push(end(site, beganAt, silent));
    }
    await clock.pass(HOLD_MS);
    expect(countOf(calls, "ours")).toBe(45);
  });
});

describe("connections that are refused", () => {
  it("by all sites at once are a loss like any other for a minute, and then the merchants' own", async () => {
    const { monitor, callAll, changes, clock } = watching();
    await callAll(4, delivered, 1000, 100, 50);
    await callAll(8, refused, 50_000, 1000);
    expect(monitor.isFaulty).toBe(true);
    await callAll(8, refused, 20_000, 1000);
    expect(monitor.isFaulty).toBe(false);
    const calls = await callAll(8, refused, 600_000, 1000);
    await clock.pass(HOLD_MS);
    expect(countOf(calls, "theirs")).toBe(600);
    // Which is not told as if anybody had been reached.
    expect(changes).toEqual(["faulty", "normal: refused"]);
  });

  it("are a loss for as long as it lasts where some of it is silence", async () => {
    const { monitor, callAll } = watching();
    for (let minute = 0; minute < 10; minute += 1) {
      await callAll(8, refused, 10_000, 1000);
      await callAll(8, unreachable, 50_000, 1000);
    }
    expect(monitor.isFaulty).toBe(true);
  });
});

describe("a merchant's own fault", () => {
  it("is told with the first answer to what began after it", async () => {
    const { call, clock } = watching();
    await call(1, delivered);
    const down = await call(2, refused);
    await clock.pass(1);
    expect(down.verdict).toBe("held");
    await call(1, delivered, 5);
    await clock.pass(0);
    expect(down.verdict).toBe("theirs");
  });

  it("is told by no answer to what was on its way before", async () => {
    const { call, clock, end } = watching();
    const beganAt = clock.now();
    const down = await call(2, refused);
    end(1, beganAt, delivered);
    await clock.pass(1);
    expect(down.verdict).toBe("held");
  });

  it("is told after two seconds where nobody else is called", async () => {
    const { call, clock } = watching();
    const down = await call(2, refused);
    await clock.pass(HOLD_MS - 1);
    expect(down.verdict).toBe("held");
    await clock.pass(1);
    expect(down.verdict).toBe("theirs");
  });

  it("is told at once for several that hang, while others answer all the time", async () => {
    const { call, callAll, clock, end, changes } = watching();
    await callAll(3, delivered, 1000, 100, 100);
    const beganAt = clock.now();
    for (let made = 0; made < 100; made += 1) await call(100 + (made % 3), delivered, 100);
    const calls = [1, 2, 3, 4, 5, 6, 7].map((site) => end(site, beganAt, silent));
    await clock.pass(1);
    await call(100, delivered);
    await clock.pass(0);
    expect([countOf(calls, "theirs"), changes]).toEqual([7, []]);
  });

  it.each<[string, AttemptOutcome]>([
    ["a name that is none", { ...unreachable, nameFault: "theirs" }],
    ["an address that must not be called", { kind: "failed", class: "refused", error: "private" }],
    ["an answer that began", { ...unreachable, isReached: true }],
  ])("is %s, at once", async (_, outcome) => {
    const { call, changes } = watching();
    const calls = [];
    for (let site = 0; site < 50; site += 1) calls.push(await call(site, outcome));
    expect([countOf(calls, "theirs"), changes]).toEqual([50, []]);
  });
});

describe("a probe", () => {
  it("that reaches nobody tells a loss at any rate of calls", async () => {
    const { call, clock, monitor, changes } = watching({ probe: async () => "nobody" });
    await call(1, delivered);
    await clock.pass(60_000);
    const lost = await call(2, silent, 10_000);
    await clock.pass(300);
    expect(lost.verdict).toBe("ours");
    await clock.pass(500);
    expect([monitor.isFaulty, changes]).toEqual([true, ["faulty"]]);
    await call(1, delivered);
    expect(monitor.isFaulty).toBe(false);
  });

  it("that reaches somebody tells that it is the merchant's", async () => {
    const { call, clock } = watching({ probe: async () => "reached" });
    const down = await call(2, refused);
    await clock.pass(300);
    expect(down.verdict).toBe("theirs");
  });

  it("asks none of the sites that are held, and nobody while calls show it by themselves", async () => {
    const asked: string[][] = [];
    const { call, clock } = watching({
      probe: async (except) => {
        asked.push([...except]);
        return "unknown";
      },
    });
    await call(1, refused);
    await clock.pass(1);
    await call(2, delivered);
    await clock.pass(300);
    expect(asked).toEqual([]);
    await call(3, refused);
    await call(4, refused);
    await clock.pass(300);
    expect(asked).toEqual([["merchant-3.example", "merchant-4.example"]]);
  });
});

describe("a name that cannot be resolved", () => {
  const failing: AttemptOutcome = { ...unreachable, error: "SERVFAIL", nameFault: "unclear" };
  const unaskable: AttemptOutcome = { ...unreachable, error: "ECONNREFUSED", nameFault: "ours" };

  it("is ours at once, as is an egress proxy that cannot be used, though others are reached", async () => {
    const { call } = watching();
    await call(50, delivered);
    expect(await call(1, { ...unreachable, error: "PROXY_UNUSABLE", proxyFault: true })).toEqual({ verdict: "ours" });
  });

  it("is ours at once, for as long as it lasts, if no name server can be asked while others are reached", async () => {
    const { call, clock } = watching();
    const calls = [];
    for (let second = 0; second < 300; second += 1) {
      calls.push(await call(second % 8, unaskable));
      await call(50, delivered);
      await clock.pass(1000);
    }
    expect(countOf(calls, "ours")).toBe(300);
  });

  it("is a fault of ours that is not over before anybody is reached", async () => {
    const { callAll, changes } = watching();
    await callAll(8, unaskable, 300_000, 100);
    expect(changes).toEqual(["faulty"]);
  });

  it("is its merchant's where name servers answer for an unrelated name that is asked for later", async () => {
    const { call, monitor, clock } = watching();
    const ill = await call(1, failing);
    monitor.heard("www.merchant-1.example", clock.now());
    monitor.heard("merchant-2.example", clock.now() - 1);
    await clock.pass(1);
    expect(ill.verdict).toBe("held");
    monitor.heard("merchant-2.example", clock.now());
    await clock.pass(1);
    expect(ill.verdict).toBe("theirs");
  });

  it("is its merchant's where a name server answers for an unrelated name, and else ours", async () => {
    for (const isHealthy of [true, false]) {
      const asked: string[] = [];
      const { call, monitor, clock } = watching({
        isHeard: async (host) => {
          asked.push(host);
          const hasResponse = isHealthy && host !== "merchant-1.example";
          if (hasResponse) monitor.heard(host, clock.now());
          return hasResponse;
        },
      });
      monitor.heard("merchant-1.example", clock.now());
      monitor.heard("merchant-2.example", clock.now());
      monitor.heard("merchant-3.example", clock.now());
      const ill = await call(1, failing);
      await clock.pass(300);
      const asksAgain = isHealthy ? ["merchant-1.example"] : [];
      expect(asked.toSorted()).toEqual([...asksAgain, "merchant-2.example", "merchant-3.example"]);
      expect(ill.verdict).toBe(isHealthy ? "theirs" : "ours");
    }
  });

  it("is ours where the one that is answered next had failed just before: name servers are back", async () => {
    const { call, monitor, clock } = watching();
    const held = [await call(1, failing), await call(2, failing)];
    await clock.pass(1000);
    monitor.heard("merchant-2.example", clock.now());
    await clock.pass(HOLD_MS);
    expect(held[0]?.verdict).toBe("ours");
  });

  it.each([
    ["is ours where it is answered itself when it is asked once more: name servers were silent and are back", "ours"],
    ["is its merchant's where it is silent once more", "theirs"],
  ] as const)("%s", async (_, verdict) => {
    const asked: string[] = [];
    const silence = new Promise<boolean>(() => undefined);
    const { call, monitor, clock } = watching({
      isHeard: (host) => {
        asked.push(host);
        return verdict === "ours" || host !== "merchant-1.example" ? Promise.resolve(true) : silence;
      },
    });
    const held = await call(1, { ...failing, error: "no answer" }, 2004);
    monitor.heard("merchant-2.example", clock.now());
    monitor.heard("merchant-3.example", clock.now());
    expect(held.verdict).toBe("held");
    await clock.pass(HOLD_MS);
    expect(held.verdict).toBe(verdict);
    expect(asked.filter((host) => host === "merchant-1.example")).toHaveLength(1);
  });

  it("is ours where it is answered when it is asked once more, however long ago it failed before", async () => {
    const { call, monitor, clock } = watching({ isHeard: async () => true });
    const calls = [];
    for (let hour = 0; hour < 3; hour += 1) {
      calls.push(await call(1, failing));
      monitor.heard("merchant-2.example", clock.now());
      await clock.pass(3_600_000);
    }
    expect(countOf(calls, "ours")).toBe(3);
  });

  it("is ours where another began to fail with it, though that is answered already", async () => {
    const { call, end, monitor, clock } = watching();
    const beganAt = clock.now();
    await call(1, failing);
    monitor.heard("merchant-1.example", clock.now());
    await clock.pass(1000);
    const late = end(2, beganAt, failing);
    await clock.pass(1);
    monitor.heard("merchant-9.example", clock.now());
    await clock.pass(1);
    expect(late.verdict).toBe("ours");
  });

  it(
    "is ours where two sites began to fail together, whoever is answered next; one that is dead for long is " +
      "its own",
    async () => {
      const { call, monitor, clock } = watching();
      for (let second = 0; second < 10; second += 1) {
        const dead = await call(4, failing);
        monitor.heard("merchant-9.example", clock.now());
        await clock.pass(1000);
        expect(dead.verdict).toBe("theirs");
      }
      const held = [await call(1, failing), await call(2, failing), await call(4, failing)];
      monitor.heard("merchant-9.example", clock.now());
      await clock.pass(1);
      expect(held.map(({ verdict }) => verdict)).toEqual(["ours", "ours", "theirs"]);
    },
  );

  it("where no other name is known is ours for a minute only, unless unrelated ones fail with it", async () => {
    const alone = watching();
    const calls = [];
    for (let second = 0; second < 120; second += 10) {
      calls.push(await alone.call(1, failing, 0));
      await alone.clock.pass(10_000);
    }
    expect(calls.map(({ verdict }) => verdict)).toEqual([
      ...Array<Verdict>(6).fill("ours"),
      ...Array<Verdict>(6).fill("theirs"),
    ]);
    const together = watching();
    const all = await together.callAll(3, failing, 300_000, 5000);
    await together.clock.pass(HOLD_MS);
    expect(countOf(all, "ours")).toBe(60);
  });
});

describe("no fault of ours", () => {
  it("are many merchants that are gone, while a few others answer in between", async () => {
    const { callAll, call, monitor, changes } = watching();
    await callAll(100, delivered, 10_000);
    for (let round = 0; round < 500; round += 1) {
      await callAll(4, unreachable, 4);
      await call(50 + (round % 3), delivered);
    }
    expect(monitor.isFaulty).toBe(false);
    expect(changes).toEqual([]);
  });

  it("are two hundred merchants of a provider failing in a burst while others answer within a moment", async () => {
    const { callAll, monitor, changes } = watching();
    for (let round = 0; round < 20; round += 1) {
      await callAll(200, unreachable, 400);
      await callAll(3, delivered, 3);
    }
    expect(monitor.isFaulty).toBe(false);
    expect(changes).toEqual([]);
  });

  it("are merchants that have been gone for long, even when nobody else is called for hours", async () => {
    const { clock, callAll, monitor, changes } = watching();
    for (let minute = 0; minute < 10; minute += 1) {
      await callAll(8, unreachable, 8);
      for (let site = 100; site < 110; site += 1) monitor.reached(origin(site));
      await clock.pass(10_000);
    }
    await clock.pass(3_600_000);
    await callAll(8, unreachable, 100_000, 100);
    expect(changes).toEqual([]);
  });

  it("are hanging merchants: their connections are made", async () => {
    const { clock, changes, connected, end } = watching();
    const calls = [];
    for (let round = 0; round < 20; round += 1) {
      const beganAt = clock.now();
      for (let site = 0; site < 10; site += 1) {
        await clock.pass(1);
        connected(site);
      }
      await clock.pass(10_000);
      for (let site = 0; site < 10; site += 1) calls.push(end(site, beganAt, silent));
      await clock.pass(HOLD_MS);
    }
    expect([countOf(calls, "theirs"), changes]).toEqual([200, []]);
  });

  it("is anything at fewer than five sites, however long it lasts and whatever their hosts are called", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 50 }), fc.nat(70_000)), {
          maxLength: 100,
        }),
        async (calls) => {
          const { clock, call, changes } = watching();
          const ended = [];
          for (const [site, host, waitMs] of calls)
            ended.push(await call(`https://host-${host}.merchant-${site}.example`, unreachable, waitMs));
          await clock.pass(HOLD_MS);
          expect([countOf(ended, "theirs"), changes]).toEqual([calls.length, []]);
        },
      ),
    );
  });

  it(
    "is whatever fails while at least one call in five of other sites is answered, if calls come at least " +
      "each 100 ms",
    async () => {
      const failing = fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 0, maxLength: 4 });
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.tuple(failing, fc.integer({ min: 1, max: 100 })), { maxLength: 100 }),
          async (rounds) => {
            const { call, monitor, changes } = watching();
            for (const [index, [sites, tookMs]] of rounds.entries()) {
              for (const site of sites) await call(site, unreachable, tookMs);
              await call(1000 + (index % 7), delivered, tookMs);
            }
            expect(monitor.isFaulty).toBe(false);
            expect(changes).toEqual([]);
          },
        ),
      );
    },
  );
});

describe("after any past", () => {
  it("a loss is seen, is held against nobody, and is over with the first connection", async () => {
    const past = fc.array(fc.tuple(fc.nat(100), fc.boolean(), fc.integer({ min: 1, max: 3000 })), { maxLength: 100 });
    await fc.assert(
      fc.asyncProperty(
        past,
        fc.integer({ min: 5, max: 100 }),
        fc.integer({ min: 1, max: 400 }),
        async (calls, sites, everyMs) => {
          const { monitor, call, callAll, clock } = watching();
          for (const [site, isHealthy, tookMs] of calls) await call(site, isHealthy ? delivered : unreachable, tookMs);
          // Those of the past may be gone already, and say nothing: the loss shows at others.
          const lost = await callAll(sites, unreachable, 500 + 7 * everyMs, everyMs, 1000);
          expect(monitor.isFaulty).toBe(true);
          await clock.pass(0);
          expect(countOf(lost, "ours")).toBe(lost.length);
          monitor.reached(origin(1));
          expect(monitor.isFaulty).toBe(false);
        },
      ),
    );
  });
});

describe("receiving", () => {
  it("goes on while there is no fault", () => {
    const { monitor } = watching();
    expect([monitor.mayReceive(), monitor.mayReceive()]).toEqual([true, true]);
  });

  it("is for a probe every three seconds during a fault, and free again after it", async () => {
    const { clock, monitor, callAll, call } = watching();
    await callAll(10, unreachable, 1000);
    const allowed: number[] = [];
    for (let ms = 0; ms < 10_000; ms += 200) {
      await clock.pass(200);
      if (monitor.mayReceive()) allowed.push(ms);
    }
    expect(allowed).toHaveLength(3);
    await call(1, delivered);
    expect([monitor.mayReceive(), monitor.mayReceive()]).toEqual([true, true]);
  });
});

describe("calls of the sandbox", () => {
  it("tell nothing: neither their silence nor their response counts", async () => {
    const { monitor, changes, clock, callAll } = watching();
    for (let site = 0; site < 20; site += 1) {
      await clock.pass(100);
      expect(monitor.isOursByOthers(origin(site), clock.now() - 50, silent)).toBe(false);
    }
    expect([monitor.isFaulty, changes]).toEqual([false, []]);
    await callAll(20, unreachable, 1000);
    expect(monitor.isFaulty).toBe(true);
    expect(monitor.isOursByOthers(origin(99), clock.now(), delivered)).toBe(false);
    expect(monitor.isFaulty).toBe(true);
  });

  it("are spared while live ones show a fault of ours, but for what is surely theirs", async () => {
    const { monitor, clock, callAll } = watching();
    await callAll(20, unreachable, 1000);
    const verdict = (outcome: AttemptOutcome) => monitor.isOursByOthers(origin(99), clock.now(), outcome);
    expect([silent, unreachable].map(verdict)).toEqual([true, true]);
    const theirs: AttemptOutcome = { ...unreachable, kind: "failed", nameFault: "theirs" };
    expect([theirs, { ...refused, class: "refused" } as AttemptOutcome].map(verdict)).toEqual([false, false]);
  });
});
