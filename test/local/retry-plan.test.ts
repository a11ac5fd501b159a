import { describe, expect, it } from "@jest/globals";
import {
  backoffMs,
  type Batch,
  type BatchRecord,
  type InvocationOutcome,
  type MappingRules,
  planRetry,
} from "../../local/stream/retry-plan.ts";

const NOW = 1_000_000;
const rules: MappingRules = {
  reportsItemFailures: true,
  bisectsOnError: true,
  maxRetryAttempts: -1,
  maxRecordAgeSeconds: -1,
};
const failed: InvocationOutcome = { kind: "failed" };

function batch(sequence: string, failures = 0, createdAt = NOW): Batch<BatchRecord> {
  return { records: sequence.split("").map((sequenceNumber) => ({ sequenceNumber, createdAt })), failures };
}

function answered(...itemIdentifiers: string[]): InvocationOutcome {
  return {
    kind: "answered",
    value: { batchItemFailures: itemIdentifiers.map((itemIdentifier) => ({ itemIdentifier })) },
  };
}

function plan(of: Batch<BatchRecord>, outcome: InvocationOutcome, other: Partial<MappingRules> = {}): string {
  const { retry, quarantined } = planRetry(of, outcome, { ...rules, ...other }, NOW);
  const again = retry.map(({ records, failures }) => `${sequenceOf(records)}:${failures}`);
  return `${again.join(" ")}|${sequenceOf(quarantined)}`;
}

function sequenceOf(records: readonly BatchRecord[]): string {
  return records.map(({ sequenceNumber }) => sequenceNumber).join("");
}

describe("after an invocation of a mapping", () => {
  it("that went well nothing comes again", () => {
    expect(plan(batch("abcd"), answered())).toBe("|");
    expect(plan(batch("abcd"), { kind: "answered", value: null })).toBe("|");
  });

  it("that reports failures, the lowest and everything after it comes again", () => {
    expect(plan(batch("abcd"), answered("c", "b"))).toBe("bcd:1|");
  });

  it("that reports what is not of the batch, all of it comes again", () => {
    expect(plan(batch("abcd"), answered("x"))).toBe("abcd:1|");
    expect(plan(batch("abcd"), answered("b", ""))).toBe("abcd:1|");
  });

  it("reported failures count only where the mapping says so", () => {
    expect(plan(batch("ab"), answered("a"), { reportsItemFailures: false })).toBe("|");
  });

  it("that failed, the batch is split without counting as a retry", () => {
    expect(plan(batch("abcde", 2), failed)).toBe("abc:2 de:2|");
  });

  it("that failed with one record, or without bisecting, it comes again whole", () => {
    expect(plan(batch("a", 2), failed)).toBe("a:3|");
    expect(plan(batch("abc"), failed, { bisectsOnError: false })).toBe("abc:1|");
  });

  it("a batch that got ahead starts to count anew", () => {
    expect(plan(batch("abc", 7), answered("b"))).toBe("bc:1|");
    expect(plan(batch("abc", 7), answered("a"))).toBe("abc:8|");
  });

  it("records that were tried too often are quarantined", () => {
    expect(plan(batch("a", 2), failed, { maxRetryAttempts: 2 })).toBe("|a");
    expect(plan(batch("a", 1), failed, { maxRetryAttempts: 2 })).toBe("a:2|");
  });

  it("records that are too old are quarantined, the others of their batch are not", () => {
    const old = batch("a", 0, NOW - 61_000).records;
    const mixed: Batch<BatchRecord> = { records: [...old, ...batch("b").records], failures: 0 };
    expect(plan(mixed, answered("a"), { maxRecordAgeSeconds: 60 })).toBe("b:1|a");
  });

  it("waits grow up to a limit", () => {
    const waits = [0, 1, 2, 3, 50].map(backoffMs);
    expect(waits).toEqual([0, 100, 200, 400, 5000]);
  });
});
