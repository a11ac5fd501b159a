import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { streamCost } from "../../../../tools/simulate/aws/stream.ts";

describe("what a second of the stream takes", () => {
  it("is an execution and a call for each of a few changes, which come one by one", () => {
    const { executions, queueCalls } = streamCost(40, 2, 1);
    expect(executions).toBeCloseTo(2, 2);
    expect(queueCalls).toBeCloseTo(1, 0);
  });

  it("is full batches under load", () => {
    const { executions, queueCalls } = streamCost(1, 100_000, 50_000);
    expect([executions, queueCalls]).toEqual([1000, 5000]);
  });

  it("is never more executions than changes, nor fewer calls than full batches of ten", () => {
    const count = fc.integer({ min: 1, max: 100_000 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), count, count, (shards, one, other) => {
        const [messages, changes] = [Math.min(one, other), Math.max(one, other)];
        const { executions, queueCalls } = streamCost(shards, changes, messages);
        expect(executions).toBeLessThanOrEqual(changes * 1.001);
        expect(queueCalls).toBeGreaterThanOrEqual(messages / 10);
      }),
    );
  });
});
