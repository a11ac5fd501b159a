import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { failure } from "../../../core/transaction/failure.ts";
import {
  type ConfirmationMessage,
  deduplicationId,
  encodeDeadLetter,
  encodeMessage,
  encodeUnreadable,
  messageGroupId,
  parseMessage,
} from "../../../core/transaction/message.ts";

const messages: fc.Arbitrary<ConfirmationMessage> = fc.record(
  {
    transactionId: fc.string({ minLength: 1, unit: "grapheme" }),
    version: fc.integer({ min: 1 }),
    release: fc.nat(),
    trace: fc.string(),
    committedAt: fc.nat(),
    redelivery: fc.record({ jobId: fc.stringMatching(/^[\w-]{1,64}$/), generation: fc.integer({ min: 1 }) }),
  },
  { requiredKeys: ["transactionId", "version", "release"] },
);
const message: ConfirmationMessage = { transactionId: "t-1", version: 2, release: 3 };
const reason = failure("url_missing", "no URL");

/** What SQS takes for group and deduplication ids. */
const SQS_ID = /^[a-zA-Z0-9!"#$%&'()*+,\-./:;<=>?@[\\\]^_`{|}~]{1,128}$/;
/** What SQS takes in a body: the characters of XML 1.0. */
const SQS_BODY = /^[\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]+$/u;

it("a message from a program that does not measure, or with a time that is none, is read all the same", () => {
  const bare = { schema: 1, transactionId: "t-1", version: 1, release: 0 };
  const { schema: _, ...known } = bare;
  for (const committedAt of [undefined, null, "soon", 1.5, {}])
    expect(parseMessage(JSON.stringify({ ...bare, committedAt }))).toEqual({ kind: "message", message: known });
});

describe("a message", () => {
  it("comes back as it was encoded", () => {
    fc.assert(
      fc.property(messages, (original) => {
        expect(parseMessage(encodeMessage(original))).toEqual({ kind: "message", message: original });
      }),
    );
  });

  it("comes back from its dead letter as itself, marked", () => {
    fc.assert(
      fc.property(messages, fc.nat(), (original, attemptCount) => {
        const parsed = parseMessage(encodeDeadLetter(original, reason, attemptCount));
        expect(parsed).toEqual({ kind: "message", message: { ...original, deadLettered: true } });
      }),
    );
  });

  it("has only characters that SQS takes, whatever is in its id", () => {
    const ids = fc.string({ unit: "binary", minLength: 1 });
    fc.assert(
      fc.property(ids, (transactionId) => {
        const body = encodeMessage({ transactionId, version: 1, release: 0 });
        expect(body).toMatch(SQS_BODY);
        expect(encodeDeadLetter({ transactionId, version: 1, release: 0 }, reason, 0)).toMatch(SQS_BODY);
      }),
      { examples: [["\uFFFE"], ["a\uFFFFb"], ["\u0000"]] },
    );
  });

  it("keeps the characters that SQS refuses once they are escaped", () => {
    const original = { transactionId: "a\uFFFFb\uFFFE", version: 1, release: 0 };
    expect(parseMessage(encodeMessage(original))).toEqual({ kind: "message", message: original });
  });

  it("carries the reason and the attempts in its dead letter", () => {
    expect(JSON.parse(encodeDeadLetter(message, reason, 4))).toEqual({
      schema: 1,
      ...message,
      deadLettered: true,
      failure: reason,
      attemptCount: 4,
    });
  });

  it.each([
    ["not JSON", "{"],
    ["null", "null"],
    ["a list", "[]"],
    ["no schema", JSON.stringify(message)],
    ["schema 0", JSON.stringify({ schema: 0, ...message })],
    ["no transactionId", '{"schema":1,"version":1,"release":0}'],
    ["an empty transactionId", JSON.stringify({ schema: 1, ...message, transactionId: "" })],
    ["an id longer than a DynamoDB key", JSON.stringify({ schema: 1, ...message, transactionId: "ü".repeat(1025) })],
    ["version 0", JSON.stringify({ schema: 1, ...message, version: 0 })],
    ["version as text", JSON.stringify({ schema: 1, ...message, version: "2" })],
    ["release -1", JSON.stringify({ schema: 1, ...message, release: -1 })],
    ["a release with a fraction", JSON.stringify({ schema: 1, ...message, release: 0.5 })],
  ])("is unreadable when it is %s", (_, body) => {
    expect(parseMessage(body)).toMatchObject({ kind: "unreadable" });
  });

  it("of a newer schema is left alone, whatever else is in it", () => {
    expect(parseMessage('{"schema":3,"id":"t-1"}')).toEqual({ kind: "newer schema", schema: 3 });
  });

  it("is marked as dead-lettered by `true` only", () => {
    const parsed = parseMessage(JSON.stringify({ schema: 1, ...message, deadLettered: "yes" }));
    expect(parsed).toEqual({ kind: "message", message });
  });

  it.each([
    ["text", "job-1"],
    ["no id", { generation: 1 }],
    ["an id that no header takes", { jobId: "a\r\nb: c", generation: 1 }],
    ["an id that is too long", { jobId: "j".repeat(65), generation: 1 }],
    ["generation 0", { jobId: "job-1", generation: 0 }],
    ["a generation as text", { jobId: "job-1", generation: "1" }],
  ])("is none of a redelivery that says so by %s", (_, redelivery) => {
    expect(parseMessage(JSON.stringify({ schema: 1, ...message, redelivery }))).toEqual({ kind: "message", message });
  });

  it("that never was one keeps its body for a person, cut to a bound", () => {
    const letter = JSON.parse(encodeUnreadable("x".repeat(200_000), reason)) as { body: string; failure: unknown };
    expect(letter.body).toHaveLength(100_000);
    expect(letter.failure).toEqual(reason);
  });
});

describe("ids for SQS", () => {
  it("are ones that SQS takes, for any transaction and merchant", () => {
    const id = fc.string({ unit: "grapheme", minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(
        id,
        id,
        fc.constantFrom("transaction" as const, "merchant" as const),
        (transaction, merchant, order) => {
          expect(messageGroupId(transaction, order, merchant)).toMatch(SQS_ID);
          expect(deduplicationId({ transactionId: transaction, version: 1, release: 0 })).toMatch(SQS_ID);
        },
      ),
    );
  });

  it("keep a plain transaction id as its group, and hash any other", () => {
    expect(messageGroupId("t-1", "transaction", "m-1")).toBe("t-1");
    expect(messageGroupId("t 1", "transaction")).toMatch(/^[0-9a-f]{64}$/);
    expect(messageGroupId("t".repeat(129), "transaction")).toMatch(/^[0-9a-f]{64}$/);
  });

  it("group by merchant when that is the order, by transaction where there is no merchant", () => {
    expect(messageGroupId("t-1", "merchant", "m-1")).toBe("m-1");
    expect(messageGroupId("t-1", "merchant")).toBe("t-1");
    expect(messageGroupId("t-1", "merchant", "")).toBe("t-1");
  });

  it("deduplicate the same transaction, version and release, and nothing else", () => {
    fc.assert(
      fc.property(messages, messages, (one, other) => {
        const isSame =
          one.transactionId === other.transactionId && one.version === other.version && one.release === other.release;
        const isSameSending = JSON.stringify(one.redelivery) === JSON.stringify(other.redelivery);
        expect(deduplicationId(one) === deduplicationId(other)).toBe(isSame && isSameSending);
        expect(deduplicationId({ ...one, trace: "x" })).toBe(deduplicationId(one));
        expect(deduplicationId({ ...one, release: one.release + 1 })).not.toBe(deduplicationId(one));
      }),
    );
  });

  it("stay the same across releases of this program, for those that send the same side by side", () => {
    expect(deduplicationId({ transactionId: 't-1 "ü"', version: 2, release: 3 })).toBe(
      "20cdc804cfadef38f9d74dd33b967fe08bcc8786aea3b96c0ae0f5ab95d63ea7",
    );
    expect(deduplicationId({ transactionId: "t-1", version: 2, release: 3, deadLettered: true })).toBe(
      "ecd38fbe479afc04ac909e072049bccf7a226751940819d748471a318c06192f",
    );
  });

  it("differ between the sendings of a job, and between jobs", () => {
    const sending = (jobId: string, generation: number) => ({ ...message, redelivery: { jobId, generation } });
    const ids = [message, sending("a", 1), sending("a", 2), sending("b", 1)].map(deduplicationId);
    const letters = [sending("a", 1), sending("a", 2)].map((one) => deduplicationId({ ...one, deadLettered: true }));
    expect(new Set([...ids, ...letters]).size).toBe(6);
  });

  it("differ between a message and its dead letter, or a redrive within five minutes would be swallowed", () => {
    expect(deduplicationId({ ...message, deadLettered: true })).not.toBe(deduplicationId(message));
  });
});

describe("any body", () => {
  it("is plain ASCII and reads back as it was", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", minLength: 1, maxLength: 50 }), (transactionId) => {
        const body = encodeMessage({ transactionId, version: 1, release: 0 });
        expect(body).toMatch(/^[\x20-\x7e]+$/);
        expect(parseMessage(body)).toMatchObject({ kind: "message", message: { transactionId } });
      }),
    );
  });
});
