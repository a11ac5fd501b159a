import { expect, test } from "@jest/globals";
import { CSV_HEADER, csvRow, rowsOf } from "./files.ts";

const SUBMISSION = {
  transactionId: "t-1",
  merchantId: "acme",
  outcome: "APPROVED",
  amount: "12.50",
  currency: "EUR",
  occurredAt: "2026-11-22T10:00:00Z",
};

const faults = async (file: string, merchantId?: string) =>
  (await rowsOf(file, merchantId)).rows.map((row) =>
    "fault" in row
      ? [row.line, row.fault.code, row.fault.field, row.fault.reason]
      : "submission" in row && row.submission,
  );

test.each([
  ["a byte-order mark and CR LF", `\uFEFF${CSV_HEADER}\r\n${csvRow(1)}\r\n`],
  ["semicolons, as in Spain and Brazil", `${CSV_HEADER}\n${csvRow(1)}`.replaceAll(",", ";")],
  ["tabs", `${CSV_HEADER}\n${csvRow(1)}`.replaceAll(",", "\t")],
  ["quotes around all cells", `${CSV_HEADER}\n${csvRow(1)}`.replaceAll(/[^,\n]+/g, '"$&"')],
  ["the line of a spreadsheet that has the separator", `sep=;\r\n${CSV_HEADER}\r\n${csvRow(1)}`.replaceAll(",", ";")],
  ["blank lines before and after", `\n\n${CSV_HEADER}\n\n${csvRow(1)}\n\n`],
  ["empty columns after the others", `${CSV_HEADER},,\n${csvRow(1)},,\n`],
  ["JSON Lines", JSON.stringify(SUBMISSION)],
  ["JSON Lines with a byte-order mark", `\uFEFF${JSON.stringify(SUBMISSION)}\n`],
])("a file with %s is read", async (_, file) => {
  expect(await faults(file)).toEqual([SUBMISSION]);
});

test("a payload is JSON, with the digits that it has", async () => {
  const file = `${CSV_HEADER},payload\n${csvRow(1)},"{""reference"":""A-17"",""n"":1.0000000000000000001}"\n`;
  const { rows } = await rowsOf(file);
  const [row] = rows;
  expect(row).toMatchObject({
    submission: { payload: { reference: "A-17", n: { text: "1.0000000000000000001" } } },
  });
});

test.each([
  ["a column too many", `${csvRow(1)},more`, ["cells_unequal", "", /got 7 cells, expected 6/]],
  ["a column too few", csvRow(1).slice(0, 20), ["cells_unequal", "", /got 4 cells, expected 6/]],
  ["a decimal comma", csvRow(1).replace("12.50", '"1.012,50"'), ["field_invalid", "amount", /"1012\.50"/]],
  ["a quote within a cell", csvRow(1).replace("acme", 'ac"me'), ["row_malformed", "", /doubled/]],
  ["text after a quote", csvRow(1).replace("acme", '"ac"me'), ["row_malformed", "", /doubled/]],
  ["a quote that stays open", csvRow(1).replace("acme", '"acme'), ["row_truncated", "", /cut off/]],
  ["no merchant", csvRow(1).replace("acme", ""), ["field_invalid", "merchantId", /got none/]],
  ["a currency that is none", csvRow(1).replace("EUR", "EU"), ["field_invalid", "currency", /ISO 4217/]],
  ["a row that is too long", csvRow(1).replace("acme", "x".repeat(400_001)), ["row_too_long", "", /400000 bytes/]],
] as const)("a row with %s is rejected, and the others are not", async (_, row, [code, field, reason]) => {
  const [first, found] = await faults(`${CSV_HEADER}\n${csvRow(1)}\n${row}\n`);
  expect(first).toEqual(SUBMISSION);
  expect(found).toEqual([3, code, field, expect.stringMatching(reason)]);
});

test("several faults of a row are told together, the first as the field", async () => {
  const [found] = await faults(`${CSV_HEADER}\n${csvRow(1).replace("12.50", "x").replace("EUR", "?")}\n`);
  expect(found).toEqual([2, "field_invalid", "amount", expect.stringMatching(/^amount: .*; currency: /)]);
});

test.each([
  ["no JSON", '{"transactionId"', "row_malformed"],
  ["no object", "17", "row_malformed"],
  ["a member that is not known", JSON.stringify({ ...SUBMISSION, colour: "red" }), "field_invalid"],
])("a line of JSON Lines with %s is rejected", async (_, line, code) => {
  const [, found] = await faults(`${JSON.stringify(SUBMISSION)}\n${line}\n`);
  expect(found).toEqual([2, code, expect.anything(), expect.anything()]);
});

test("lines are counted through quotes", async () => {
  const quoted = csvRow(1).replace("t-1", '"t\n\n1"');
  const found = await faults(`${CSV_HEADER}\n${quoted}\n${csvRow(2)}\nbad\n`);
  expect(found[2]).toEqual([6, "cells_unequal", "", expect.anything()]);
});

test("without the column of the merchant rows are the caller's", async () => {
  const file = `${CSV_HEADER}\n${csvRow(1)}\n`.replace("merchantId,", "").replace("acme,", "");
  expect(await faults(file, "acme")).toEqual([SUBMISSION]);
});
