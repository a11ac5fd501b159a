import { afterEach, beforeEach, describe, expect, it, jest } from "@jest/globals";
import fc from "fast-check";
import { debugSteps, pipelineLogger } from "../../../core/aws/logger.ts";
import { isDebugged } from "../../../core/telemetry/debug-sample.ts";
import "../../fixed-seed.ts";

const CARD = "4111111111111111";
const written: string[] = [];

/** What must never be seen, with the part of it that would give it away. */
const secrets = fc.oneof(
  fc
    .constantFrom(CARD, "5500005555555559", "378282246310005", "6011000990139424")
    .map((seen) => ({ text: seen, seen })),
  fc
    .constantFrom(" ", "-", "\u200B", "\u0000")
    .map((by) => ({ text: ["4111", "1111", "1111", "1111"].join(by), seen: CARD })),
  fc.base64String({ minLength: 24, maxLength: 48 }).map((seen) => ({ text: `whsec_${seen}`, seen })),
  fc.stringMatching(/^[A-Z][a-z0-9]{3}[A-Z0-9_-]{12,40}$/).map((seen) => ({ text: `Bearer ${seen}`, seen })),
  fc.stringMatching(/^[a-z]{3,10}\.[a-z]{3,10}$/).map((name) => ({ text: `${name}@mail.example`, seen: `${name}@` })),
  fc.stringMatching(/^[a-z]{4,8}[0-9]{4}$/).map((seen) => ({ text: `password=${seen}`, seen })),
);
/** Around it, with an end of word on both sides. */
const surroundings = fc.tuple(
  fc.string({ maxLength: 40 }).map((text) => `${text} "`),
  fc.string({ maxLength: 40 }).map((text) => `" ${text}`),
);
const places: readonly ((logger: ReturnType<typeof pipelineLogger>, text: string) => void)[] = [
  (logger, text) => logger.info(text),
  (logger, text) => logger.warn("failed", { error: text }),
  (logger, text) => logger.warn("failed", { deep: { list: [{ answer: text }] } }),
  (logger, text) => logger.error("failed", new Error(text)),
  (logger, text) => logger.error("failed", new Error("outer", { cause: new Error(text) })),
  (logger, text) => logger.error("failed", { ids: [text] }),
  (logger, text) => logger.warn("failed", { [text]: 1 }),
  (logger, text) => logger.warn("failed", { transactionId: text, merchantId: text }),
];

beforeEach(() => {
  written.length = 0;
  for (const stream of [process.stdout, process.stderr]) {
    jest.spyOn(stream, "write").mockImplementation((line) => {
      written.push(String(line).replace(/\n$/, ""));
      return true;
    });
  }
});

afterEach(() => {
  jest.restoreAllMocks();
});

describe("a log line", () => {
  it("shows no card number, secret, token or address, whatever field it comes in and whatever is around it", () => {
    fc.assert(
      fc.property(secrets, surroundings, fc.constantFrom(...places), ({ text, seen }, [before, after], log) => {
        written.length = 0;
        log(pipelineLogger("test"), `${before}${text}${after}`);
        expect(written).toHaveLength(1);
        expect(written[0]).not.toContain(seen);
        expect(written[0]?.replaceAll(/\\u0000|[\u200B -]/g, "")).not.toContain(seen);
      }),
      { numRuns: 500 },
    );
  });

  it("is one line of JSON, whatever a merchant answers", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => {
        written.length = 0;
        pipelineLogger("test").warn("failed", { error: `${text}\n{"level":"INFO","message":"all is well"}\r\n` });
        expect(written).toHaveLength(1);
        expect(written[0]).not.toMatch(/[\n\r\u2028\u2029\u202E]/);
        expect(JSON.parse(written[0] ?? "")).toMatchObject({ level: "WARN", message: "failed" });
      }),
    );
  });

  it("stays short where the text has a megabyte, and does not cut a card number in two", () => {
    for (let shift = 0; shift < 20; shift += 1) {
      const text = `${" x".repeat(1992)}${"y".repeat(shift)} ${CARD} ${"z ".repeat(500_000)}`;
      pipelineLogger("test").warn("failed", { error: text });
    }
    for (const line of written) {
      expect(line.length).toBeLessThan(5000);
      expect(line).not.toMatch(/4111/);
      expect(line).toContain("characters)");
    }
  });

  it("shows nothing of a field that is named after a secret, be it a text, a number or an object", () => {
    const secret = {
      password: "hunter2",
      apiKey: 12_345_678,
      authorization: { scheme: "abc" },
      "x-api-key": "k",
      pin: 1,
    };
    pipelineLogger("test").info("signed", secret);
    const line = JSON.parse(written[0] ?? "") as unknown;
    const hidden = { password: "[secret]", apiKey: "[secret]", authorization: "[secret]", "x-api-key": "[secret]" };
    expect(line).toMatchObject({ ...hidden, pin: 1 });
  });

  it("shows a card number that came as a number as little as one that came as a text, and times as they are", () => {
    const at = 1_700_000_000_006;
    pipelineLogger("test").info("numbers", { card: Number(CARD), at });
    expect(JSON.parse(written[0] ?? "")).toMatchObject({ card: "[card number]", at });
  });

  it("keeps of long lists and of objects with many fields the first", () => {
    const many = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`f${index}`, index]));
    pipelineLogger("test").info("much", { list: Array.from({ length: 1000 }, () => 1), many });
    const { list, many: kept } = JSON.parse(written[0] ?? "") as { list: number[]; many: object };
    expect(list).toHaveLength(50);
    expect(Object.keys(kept)).toHaveLength(100);
  });
});

describe("the steps of transactions", () => {
  it("are logged of those that are followed and of no others", () => {
    const debug = debugSteps(10, "test");
    const ids = Array.from({ length: 200 }, (_, index) => `t-${index}`);
    for (const id of ids) debug(id, "heard", () => ({ version: 1 }));
    const seen = written.map((line) => JSON.parse(line) as { transactionId: string });
    expect(seen.map(({ transactionId }) => transactionId)).toEqual(ids.filter((id) => isDebugged(id, 10)));
    expect(seen[0]).toMatchObject({ level: "DEBUG", message: "heard", version: 1, service: "test" });
  });

  it("are not even put together when none is followed", () => {
    debugSteps(0)("t-1", "heard", () => {
      throw new Error("asked for details");
    });
    expect(written).toEqual([]);
  });

  it("are redacted like all else", () => {
    debugSteps(100)("t-1", "called", () => ({ answer: `card ${CARD}` }));
    expect(written[0]).not.toContain(CARD);
  });
});
