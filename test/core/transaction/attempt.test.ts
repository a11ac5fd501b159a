import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import {
  RESPONSES_KEPT_BYTES,
  type Attempt,
  attemptsJson,
  ATTEMPTS_KEPT,
  readAttempts,
  withAttempt,
  writeAttempts,
} from "../../../core/transaction/attempt.ts";

const attempts: fc.Arbitrary<Attempt> = fc.record(
  {
    at: fc.integer({ min: 0, max: 2 ** 45 }),
    durationMs: fc.nat(),
    outcome: fc.constantFrom("delivered", "timeout", "status_5xx"),
    status: fc.integer({ min: 100, max: 599 }),
    error: fc.string(),
    retryAfterSeconds: fc.nat(),
    answer: fc.string({ maxLength: 20 }),
    resends: fc.constant(1),
  },
  { requiredKeys: ["at", "durationMs", "outcome"] },
);

describe("attempts on a row", () => {
  it("come back as they were written", () => {
    fc.assert(fc.property(fc.array(attempts), (list) => expect(readAttempts(writeAttempts(list))).toEqual(list)));
  });

  it("are the same written as JSON text", () => {
    fc.assert(
      fc.property(fc.array(attempts), (list) => expect(attemptsJson(list)).toBe(JSON.stringify(writeAttempts(list)))),
    );
  });

  it("are the newest few, however many there were", () => {
    fc.assert(
      fc.property(fc.array(attempts, { maxLength: 30 }), (list) => {
        let kept: Attempt[] = [];
        for (const attempt of list) kept = withAttempt(kept, attempt);
        expect(kept).toEqual(list.slice(-ATTEMPTS_KEPT));
      }),
    );
  });

  it("keep the newest answers, to a bound for all of them together", () => {
    const kilobyte = fc.string({ minLength: 100, maxLength: 1024, unit: "binary-ascii" });
    fc.assert(
      fc.property(fc.array(kilobyte, { minLength: 1, maxLength: 15 }), (responses) => {
        let kept: Attempt[] = [];
        for (const response of responses)
          kept = withAttempt(kept, { at: 1, durationMs: 2, outcome: "status_5xx", answer: response });
        const left = kept.map(({ answer: response }) => response).filter((response) => response !== undefined);
        expect(Buffer.byteLength(left.join(""))).toBeLessThanOrEqual(RESPONSES_KEPT_BYTES);
        expect(left).toEqual(responses.slice(responses.length - left.length));
        expect(left.length).toBeGreaterThanOrEqual(1);
        expect(kept).toHaveLength(Math.min(responses.length, ATTEMPTS_KEPT));
      }),
    );
  });

  it("count bytes of responses, not characters", () => {
    const attempt = { at: 1, durationMs: 2, outcome: "status_5xx", answer: "€".repeat(600) };
    expect(withAttempt([attempt], attempt).map(({ answer: response }) => response?.length)).toEqual([undefined, 600]);
  });

  it("of another shape are passed over", () => {
    const [good] = fc.sample(attempts, 1) as [Attempt];
    const written = writeAttempts([good]).L ?? [];
    expect(readAttempts({ L: [{ S: "no" }, { M: {} }, ...written, { M: { at: { S: "1" } } }] })).toEqual([good]);
    expect(readAttempts({ S: "no" })).toEqual([]);
    expect(readAttempts(undefined)).toEqual([]);
  });
});
