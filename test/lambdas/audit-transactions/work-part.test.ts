import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { type Work, workPart, type Worked } from "../../../lambdas/audit-transactions/runs/work-part.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import { MemoryRuns } from "./memory-runs.ts";

const MESSAGE = { kind: "table", runId: "r", part: 0 } as const;
const STEPS = 40;

interface Sum {
  readonly next: number;
  readonly sum: number;
}

/** Adds up the numbers below forty, one a step, at some seconds each. */
function adding(clock: FakeClock, stepMs = 4000): Work<Sum> {
  return {
    initial: { next: 0, sum: 0 },
    step: async ({ next, sum }) => {
      clock.advance(stepMs);
      return { state: { next: next + 1, sum: sum + next }, isDone: next + 1 === STEPS };
    },
  };
}

/** One invocation that is given so many milliseconds. */
function invoke(store: MemoryRuns, clock: FakeClock, givenMs: number, work = adding(clock)): Promise<Worked> {
  const endsAt = clock.now() + givenMs;
  return workPart(MESSAGE, work, { store, now: clock.now, remainingMs: () => endsAt - clock.now() });
}

const stateOf = (store: MemoryRuns): Sum => JSON.parse(store.saved.get("r 0")?.state ?? "{}") as Sum;

describe("a part", () => {
  it("comes to the same totals, however short its invocations are cut", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 300_000 }), { minLength: 1 }), async (times) => {
        const [store, clock] = [new MemoryRuns(), new FakeClock()];
        let worked: Worked = "continues";
        for (let turn = 0; worked === "continues"; turn += 1)
          worked = await invoke(store, clock, times[turn % times.length] ?? 1);
        expect([worked, stateOf(store).sum]).toEqual(["done", (STEPS * (STEPS - 1)) / 2]);
      }),
    );
  });

  it("ends while there is time to save, and asks for another message", async () => {
    const [store, clock] = [new MemoryRuns(), new FakeClock()];
    expect(await invoke(store, clock, 140_000)).toBe("continues");
    expect(stateOf(store).next).toBe(6);
  });

  it("goes on from some seconds before it crashed", async () => {
    const [store, clock] = [new MemoryRuns(), new FakeClock()];
    const { initial, step } = adding(clock);
    const crashing: Work<Sum> = {
      initial,
      step: (state) => (state.next === 20 ? Promise.reject(new Error("crash")) : step(state)),
    };
    await expect(invoke(store, clock, 3_600_000, crashing)).rejects.toThrow("crash");
    expect(stateOf(store).next).toBe(18);
    expect(await invoke(store, clock, 3_600_000)).toBe("done");
    expect(stateOf(store).sum).toBe((STEPS * (STEPS - 1)) / 2);
  });

  it("is left to whoever saved first when two work on it", async () => {
    const [store, clock] = [new MemoryRuns(), new FakeClock()];
    const { initial, step } = adding(clock);
    let other: Promise<Worked> | undefined;
    const overtaken: Work<Sum> = {
      initial,
      step: async (state) => {
        other ??= invoke(store, new FakeClock(), 3_600_000);
        await other;
        return step(state);
      },
    };
    expect(await invoke(store, clock, 3_600_000, overtaken)).toBe("overtaken");
    expect(await other).toBe("done");
    expect(stateOf(store).sum).toBe((STEPS * (STEPS - 1)) / 2);
  });

  it("that is done is not worked on again", async () => {
    const [store, clock] = [new MemoryRuns(), new FakeClock()];
    store.done("r", 0, {});
    expect(await invoke(store, clock, 3_600_000)).toBe("done");
    expect(clock.now()).toBe(new FakeClock().now());
  });
});
