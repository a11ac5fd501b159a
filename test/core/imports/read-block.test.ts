import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { contentAttributes } from "../../../core/intake/content-row.ts";
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
  ["the same line in quotes", `"sep=;"\n${`${CSV_HEADER}\n${csvRow(1)}`.replaceAll(",", ";")}`],
  ["the line of a spreadsheet that has the separator", `sep=;\r\n${CSV_HEADER}\r\n${csvRow(1)}`.replaceAll(",", ";")],
  ["blank lines before and after", `\n\n${CSV_HEADER}\n\n${csvRow(1)}\n\n`],
  ["empty columns after the others", `${CSV_HEADER},,\n${csvRow(1)},,\n`],
  ["10,000 of them", `${CSV_HEADER}${",".repeat(10_000)}\n${csvRow(1)}${",".repeat(10_000)}\n`],
  ["cells that are empty in quotes, and nothing else", `${CSV_HEADER}\n${csvRow(1)}\n"","","","","",""\n`],
  ["CR alone", `${CSV_HEADER}\r${csvRow(1)}\r`],
  ["CR before CR LF", `${CSV_HEADER}\r\r\n${csvRow(1)}\r\r\n`],
  ["a byte-order mark before its rows", `${CSV_HEADER}\n\uFEFF${csvRow(1)}\n`],
  ["JSON Lines", JSON.stringify(SUBMISSION)],
  ["JSON Lines with a byte-order mark", `\uFEFF${JSON.stringify(SUBMISSION)}\n`],
  ["a byte-order mark behind blank lines of JSON", `\n\n\uFEFF${JSON.stringify(SUBMISSION)}\n`],
  [
    "a member that is there twice, of which JSON takes the last",
    `{"amount":"1",${JSON.stringify(SUBMISSION).slice(1)}`,
  ],
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
  [
    "thousands and a decimal comma",
    csvRow(1).replace("12.50", '"1\u00A0012,50"'),
    ["field_invalid", "amount", /"1012\.50"/],
  ],
  ["an exponent", csvRow(1).replace("12.50", "1e3"), ["field_invalid", "amount", /decimal number/]],
  ["wide digits", csvRow(1).replace("12.50", "１２"), ["field_invalid", "amount", /decimal number/]],
  ["a space behind its amount", csvRow(1).replace("12.50", "12.50 "), ["field_invalid", "amount", /decimal number/]],
  ["a space that breaks no line", csvRow(1).replace("EUR", "\u00A0EUR"), ["field_invalid", "currency", /ISO 4217/]],
  ["an id of 10 kB", csvRow(1).replace("t-1", "x".repeat(10_000)), ["field_invalid", "transactionId", /1024/]],
  ["the header once more", CSV_HEADER, ["row_malformed", "", /header once more/]],
  ["the header of a file behind it", `\uFEFF${CSV_HEADER}`, ["row_malformed", "", /header once more/]],
  ["what DOS wrote at the end", "\u001A", ["cells_unequal", "", /got 1 cells/]],
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

test("amounts may be negative, and spaces around a text are of it", async () => {
  const [negative, spaced] = await faults(
    `${CSV_HEADER}\n${csvRow(1).replace("12.50", "-0.50")}\n${csvRow(1).replace("t-1", " t-1 ")}\n`,
  );
  expect([negative, spaced]).toEqual([
    { ...SUBMISSION, amount: "-0.50" },
    { ...SUBMISSION, transactionId: " t-1 " },
  ]);
});

const many = Array.from({ length: 30_000 }, (_, index) => `"k${index}":1`).join(",");
const withPayload = (payload: string) => `{"payload":${payload},${JSON.stringify(SUBMISSION).slice(1)}`;

test.each([
  ["more members than any has", `{${many},${JSON.stringify(SUBMISSION).slice(1)}`, /^k0: .*; k9: [^;]*; and more$/],
  ["a name as long as it", `{"${"k".repeat(300_000)}":1,${JSON.stringify(SUBMISSION).slice(1)}`, /none of the members/],
  ["the name of a prototype", `{"__proto__":{},${JSON.stringify(SUBMISSION).slice(1)}`, /none of the members/],
  ["a payload that is a list", withPayload("[]"), /expected an object/],
])("a line of JSON Lines with %s is rejected, in few words", async (_, line, reason) => {
  const [found] = (await faults(line)) as [number, string, string, string][];
  expect(found).toEqual([1, "field_invalid", expect.any(String), expect.stringMatching(reason)]);
  expect([found?.[2].length, found?.[3].length].every((length = 0) => length < 1000)).toBe(true);
});

test("a payload keeps what only looks like something else, until it is written", async () => {
  const deep = `${"[".repeat(150_000)}${"]".repeat(150_000)}`;
  const lines = ['{"__proto__":{"a":1}}', `{"x":${deep}}`, `{"n":1e3,"x":${deep}}`, '{"constructor":1}', '{"n":1e999}'];
  const { rows } = await rowsOf(lines.map(withPayload).join("\n"));
  const told = rows.map((row) => {
    if (!("submission" in row)) return "fault" in row ? row.fault.reason : undefined;
    const content = contentAttributes(row.submission);
    return "faults" in content ? content.faults.map(({ detail }) => detail) : content.attributes["payload"];
  });
  expect(told).toEqual([
    ['got the name "__proto__", expected another'],
    ["expected at most 30 levels"],
    expect.stringContaining("no JSON"),
    { M: { constructor: { N: "1" } } },
    [expect.stringContaining("a number that the table cannot hold")],
  ]);
});

test("rows are the same wherever blocks and chunks end, within quotes too", async () => {
  const unit = fc.constantFrom("a", "é", '"', ",", "\n", "\r", "\r\n", " ", "\uFEFF");
  const key = fc.string({ unit, maxLength: 5 }).map((text) => `"${text.replaceAll('"', '""')}"`);
  const written = fc.array(key, { minLength: 1, maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(
      written,
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1, max: 60 }),
      async (keys, blockRows, chunkBytes) => {
        const lines = keys.map((text, index) => `${csvRow(index)},${text}`);
        const file = [`${CSV_HEADER},orderingKey`, ...lines].join("\r\n");
        expect(await rowsOf(file, undefined, { blockRows, chunkBytes })).toEqual(await rowsOf(file));
        expect((await rowsOf(file)).rows.length).toBe(keys.length);
      },
    ),
    { numRuns: 50 },
  );
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
