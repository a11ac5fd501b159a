import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { type Attempt, ATTEMPTS_KEPT, readAttempts, withAttempt, writeAttempts } from "../../core/attempt.ts";

const attempts: fc.Arbitrary<Attempt> = fc.record(
  {
    at: fc.integer({ min: 0, max: 2 ** 45 }),
    durationMs: fc.nat(),
    outcome: fc.constantFrom("delivered", "timeout", "status"),
    status: fc.integer({ min: 100, max: 599 }),
    error: fc.string(),
  },
  { requiredKeys: ["at", "durationMs", "outcome"] },
);

describe("attempts on a row", () => {
  it("come back as they were written", () => {
    fc.assert(fc.property(fc.array(attempts), (list) => expect(readAttempts(writeAttempts(list))).toEqual(list)));
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

  it("of another shape are passed over", () => {
    const [good] = fc.sample(attempts, 1) as [Attempt];
    const written = writeAttempts([good]).L ?? [];
    expect(readAttempts({ L: [{ S: "no" }, { M: {} }, ...written, { M: { at: { S: "1" } } }] })).toEqual([good]);
    expect(readAttempts({ S: "no" })).toEqual([]);
    expect(readAttempts(undefined)).toEqual([]);
  });
});
