import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { streamRuns } from "../../../../lib/cost/per-million/stream-runs.ts";

const MAPPING = { batchSize: 100, lanes: 10, windowSeconds: 0, memoryGb: 1 };
const secondOf = (shards: number, changes: number, messages: number) => streamRuns(MAPPING, shards, changes, messages);

describe("what a second of the stream takes", () => {
  it("is a run and a call for each of a few changes, which come one by one", () => {
    const { runs, queueCalls } = secondOf(40, 2, 1);
    expect(runs).toBeCloseTo(2, 2);
    expect(queueCalls).toBeCloseTo(1, 0);
  });

  it("is full batches under load", () => {
    const { runs, queueCalls } = secondOf(1, 100_000, 50_000);
    expect([runs, queueCalls]).toEqual([1000, 5000]);
  });

  it("is never more runs than changes, nor fewer calls than full batches of ten", () => {
    const count = fc.integer({ min: 1, max: 100_000 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), count, count, (shards, one, other) => {
        const [messages, changes] = [Math.min(one, other), Math.max(one, other)];
        const { runs, queueCalls } = secondOf(shards, changes, messages);
        expect(runs).toBeLessThanOrEqual(changes * 1.001);
        expect(queueCalls).toBeGreaterThanOrEqual(messages / 10);
      }),
    );
  });

  it("is fuller batches with fewer lanes, and with a batching window", () => {
    const runs = (changed: Partial<typeof MAPPING>) => streamRuns({ ...MAPPING, ...changed }, 1000, 4000, 2000).runs;
    expect(runs({ lanes: 1 })).toBeLessThan(runs({}));
    expect(runs({ windowSeconds: 2 })).toBeLessThan(runs({}) * 0.75);
    expect(runs({ windowSeconds: 2, lanes: 1 })).toBeLessThanOrEqual(500);
  });
});
