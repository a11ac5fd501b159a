import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { parseExactJson } from "../../../core/api/exact-json.ts";
import { type ExportFormat, exportHeader, exportLine } from "../../../core/exports/export-file.ts";
import { exportedRow } from "../../../core/exports/export-row.ts";
import { contentAttributes } from "../../../core/intake/content-row.ts";
import { contentDigest } from "../../../core/intake/intake-record.ts";
import type { Submission } from "../../../core/intake/submission.ts";
import type { AttributeMap } from "../../../core/transaction/attribute-value.ts";
import { ATTRIBUTES } from "../../../core/transaction/row/attributes.ts";
import { writeConfirmedBy } from "../../../core/transaction/row/confirmed-by.ts";
import { rowsOf } from "../imports/files.ts";

const SUBMISSION: Submission = {
  transactionId: "t-1",
  merchantId: "acme",
  outcome: "APPROVED",
  amount: "12.50",
  currency: "EUR",
  occurredAt: "2026-11-22T10:00:00Z",
};

function rowOf(submission: Submission, more: AttributeMap = {}): AttributeMap {
  const content = contentAttributes(submission);
  if ("faults" in content) throw new Error(JSON.stringify(content.faults));
  const { transactionId } = submission;
  return { transactionId: { S: transactionId }, version: { N: "1" }, ...content.attributes, ...more };
}

const confirmed = {
  [ATTRIBUTES.confirmationState]: { S: "CONFIRMED" },
  [ATTRIBUTES.stateVersion]: { N: "1" },
  [ATTRIBUTES.attemptCount]: { N: "2" },
  [ATTRIBUTES.settledAt]: { N: String(Date.parse("2026-11-22T10:00:03Z")) },
};

const fileOf = (rows: readonly AttributeMap[], format: ExportFormat): string =>
  exportHeader(format) + rows.map((row) => exportLine(exportedRow(row), format)).join("");

describe("an export", () => {
  it("of CSV has members of transactions, and beside them what became of each", () => {
    expect(fileOf([rowOf({ ...SUBMISSION, orderingKey: "=1+1" }, confirmed)], "csv")).toBe(
      "\uFEFFtransactionId,merchantId,outcome,amount,currency,occurredAt,confirmationUrl,orderingKey,orderingAfter," +
        "deliverBy,campaign,payload,exportedVersion,exportedState,exportedAttempts,exportedRecordedAt," +
        "exportedFailure,exportedConfirmedBy,exportedErasedAt,escapedCells\r\n" +
        "t-1,acme,APPROVED,12.50,EUR,2026-11-22T10:00:00Z,,'=1+1,,,,,1,CONFIRMED,2,2026-11-22T10:00:03.000Z,,,," +
        "orderingKey\r\n",
    );
  });

  it("of JSON Lines has an object a line, with the same in a member of its own", () => {
    const payload = { n: 1, list: ["a"] };
    const line = fileOf([rowOf({ ...SUBMISSION, payload }, confirmed)], "jsonl");
    expect(JSON.parse(line)).toEqual({
      ...SUBMISSION,
      payload,
      exported: { version: 1, state: "CONFIRMED", attemptCount: 2, recordedAt: "2026-11-22T10:00:03.000Z" },
    });
  });

  it.each(["csv", "jsonl"] as const)("keeps every digit of an amount and of a payload: %s", async (format) => {
    const digits = "12345678901234567890123456789.012345678";
    const row = rowOf({ ...SUBMISSION, amount: digits, payload: parseExactJson(`{"n":${digits}}`) as never });
    const [back] = (await rowsOf(fileOf([row], format))).rows;
    expect(back).toMatchObject({ submission: { amount: digits } });
    expect(fileOf([row], format)).toContain(format === "csv" ? `"{""n"":${digits}}"` : `{"n":${digits}}`);
  });

  it("has what can be read of a row that anybody wrote", () => {
    const row = { transactionId: { S: "t-1" }, version: { S: "x" }, amount: { N: "1" }, payload: { S: "none" } };
    expect(fileOf([row], "jsonl")).toBe('{"transactionId":"t-1","exported":{"state":"PENDING","attemptCount":0}}\n');
    expect(fileOf([row], "csv").split("\r\n")[1]).toBe("t-1,,,,,,,,,,,,,PENDING,0,,,,,");
  });

  it("says who confirmed one where that was another system", () => {
    const shadowed = rowOf(SUBMISSION, { ...confirmed, confirmedBy: writeConfirmedBy({ version: 1, by: "shadow" }) });
    expect(fileOf([shadowed], "csv")).toContain(",CONFIRMED,2,2026-11-22T10:00:03.000Z,,shadow,");
    expect(JSON.parse(fileOf([shadowed], "jsonl"))).toMatchObject({ exported: { confirmedBy: "shadow" } });
  });

  it("says why one failed", () => {
    const failure = { M: { code: { S: "attempts_exhausted" }, fault: { S: "merchant" }, reason: { S: "=no" } } };
    const failed = { ...confirmed, [ATTRIBUTES.confirmationState]: { S: "FAILED" }, [ATTRIBUTES.failure]: failure };
    expect(fileOf([rowOf(SUBMISSION, failed)], "csv")).toContain(
      ",FAILED,2,2026-11-22T10:00:03.000Z,attempts_exhausted,,,",
    );
  });
});

const character = fc.constantFrom(
  ..."=+-@\t\r\n'\";,| \0\u0001\u001f3aé{}[]\\:\u2028\ufeff\ufffd".split(""),
  "\u{1F600}",
);
const text = (maxLength: number) =>
  fc.oneof(
    fc.string({ unit: character, minLength: 1, maxLength }),
    fc.string({ unit: "grapheme", minLength: 1, maxLength }),
  );
const id = text(12).filter((value) => ![".", "..", "*"].includes(value) && value.isWellFormed());
const json = fc.jsonValue({ maxDepth: 3, stringUnit: "grapheme" });
const payload = fc
  .dictionary(text(6), json, { maxKeys: 4 })
  .filter((object) => !JSON.stringify(object).includes("__proto__") && !/e[-+]\d{3}/.test(JSON.stringify(object)))
  .filter((object) => !("faults" in contentAttributes({ ...SUBMISSION, payload: object })));
const submissions = fc.record(
  {
    transactionId: id,
    merchantId: id,
    outcome: fc.constantFrom("APPROVED", "REJECTED", "_1"),
    amount: fc.constantFrom("12.50", "-5", "0", "000.10", `${"9".repeat(30)}.${"1".repeat(18)}`),
    currency: fc.constantFrom("EUR", "BRL"),
    occurredAt: fc.constantFrom("2026-11-22T10:00Z", "2026-11-22T10:00:00.123456789+05:30"),
    confirmationUrl: text(20),
    orderingKey: id,
    orderingAfter: id,
    deliverBy: fc.constant("2026-11-23T10:00:00-08:00"),
    campaign: fc.constant("spring-sale"),
    payload,
  },
  { requiredKeys: ["transactionId", "merchantId", "outcome", "amount", "currency", "occurredAt", "orderingKey"] },
);

describe("what was exported", () => {
  it.each(["csv", "jsonl"] as const)(
    "is read by the importer as it was submitted, whatever stands in it: %s",
    async (format) => {
      await fc.assert(
        fc.asyncProperty(fc.array(submissions, { minLength: 1, maxLength: 5 }), async (given) => {
          const sound = given.filter(
            ({ orderingAfter, transactionId }) => orderingAfter !== transactionId,
          ) as Submission[];
          fc.pre(sound.length > 0);
          const file = fileOf(
            sound.map((one) => rowOf(one)),
            format,
          );
          const { rows } = await rowsOf(file);
          expect(rows.map((row) => ("submission" in row ? row.submission.transactionId : row))).toEqual(
            sound.map(({ transactionId }) => transactionId),
          );
          const digests = rows.map((row) => ("submission" in row ? contentDigest(rowOf(row.submission)) : ""));
          expect(digests).toEqual(sound.map((one) => contentDigest(rowOf(one))));
        }),
      );
    },
  );

  it("runs in no spreadsheet", () => {
    fc.assert(
      fc.property(submissions, (given) => {
        const file = fileOf([rowOf(given)], "csv");
        expect(file.replaceAll(/"(?:[^"]|"")*"/g, "")).not.toMatch(/(?:^|[\r\n;,\t|])[=+@-]/);
        expect(file).not.toMatch(/(?:^|,)"[=+@\t\r\n-]/);
        expect(file).not.toContain("\0");
      }),
    );
  });
});
