import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { parseCsv } from "../../../core/imports/csv.ts";
import { type CutRecord, RecordCutter } from "../../../core/imports/cut-records.ts";

function cut(text: string, delimiter: string | undefined = ",", chunkBytes = 1 << 20, maxBytes = 1000): CutRecord[] {
  const bytes = Buffer.from(text);
  const cutter = new RecordCutter({ delimiter, from: 0, line: 1, maxBytes });
  const records: CutRecord[] = [];
  for (let at = 0; at < bytes.length; at += chunkBytes)
    records.push(...cutter.push(bytes.subarray(at, at + chunkBytes)));
  return [...records, ...cutter.finish()];
}

const textsOf = (text: string, records: readonly CutRecord[]) =>
  records.map(({ from, end }) => Buffer.from(text).subarray(from, end).toString());

test.each([
  ["LF", "a,b\nc,d\n"],
  ["CR LF", "a,b\r\nc,d\r\n"],
  ["CR", "a,b\rc,d\r"],
  ["none at the end", "a,b\nc,d"],
])("lines end with %s", (_, text) => {
  const records = cut(text);
  expect(textsOf(text, records)).toEqual(["a,b", "c,d"]);
  expect(records.map(({ line }) => line)).toEqual([1, 2]);
});

test("a line end in quotes ends no record, and counts as a line", () => {
  const text = 'a,"1\r\n2\n3"\r\nb,"say ""x"""\r\nc\r\n';
  const records = cut(text);
  expect(textsOf(text, records)).toEqual(['a,"1\r\n2\n3"', 'b,"say ""x"""', "c"]);
  expect(records.map(({ line }) => line)).toEqual([1, 4, 5]);
});

test("it does not matter where chunks end", () => {
  const text = 'a,"1\r\n2"\r\n\r\n;x\r\n"","q"\r\nlast';
  for (let size = 1; size <= text.length; size += 1) expect(cut(text, ",", size)).toEqual(cut(text));
});

test("rows that have nothing but spaces and delimiters are none, and their lines count", () => {
  const records = cut("a;b\r\n; ;\r\n\r\nc;d\r\n", ";");
  expect(records.map(({ line }) => line)).toEqual([1, 4]);
});

test("cells that are empty in quotes are as empty", () => {
  const records = cut('a;b\r\n"";"";" "\r\n"\n"\r\n"""";\r\n";"\r\n"" x\r\n', ";");
  expect(records.map(({ line }) => line)).toEqual([1, 5, 6, 7]);
  expect(cut('a\n"').map(({ line, fault }) => [line, fault])).toEqual([
    [1, undefined],
    [2, "open quote"],
  ]);
});

test("a record that is too long ends at the next line end, whatever its quotes say", () => {
  const text = `a\n"${"x".repeat(2000)}\nb\n`;
  const records = cut(text);
  expect(records.map(({ fault, line }) => [fault, line])).toEqual([
    [undefined, 1],
    ["too long", 2],
    [undefined, 3],
  ]);
});

test("the end of the file within quotes is told", () => {
  expect(cut('a\n"b').map(({ fault }) => fault)).toEqual([undefined, "open quote"]);
});

test("records are where csv-parse finds them, wherever chunks end", () => {
  const cell = fc.string({ unit: fc.constantFrom("a", "é", '"', ",", "\n", "\r", " ", "=", "€"), maxLength: 6 });
  const quoted = cell.map((text) => `"${text.replaceAll('"', '""')}"`);
  const plain = fc.string({ unit: fc.constantFrom("a", "é", "7", "=", "€"), minLength: 1, maxLength: 6 });
  const valueOf = (text: string) => (text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text);
  const isWritten = (cells: readonly string[]) => cells.some((text) => /[^ \t\r\n]/.test(valueOf(text)));
  const row = fc.array(fc.oneof(quoted, plain), { minLength: 1, maxLength: 4 }).filter(isWritten);
  const end = fc.constantFrom("\n", "\r\n");
  fc.assert(
    fc.property(
      fc.array(row, { minLength: 1, maxLength: 8 }),
      end,
      fc.integer({ min: 1, max: 40 }),
      (rows, eol, size) => {
        const text = rows.map((cells) => cells.join(",") + eol).join("");
        const records = cut(text, ",", size);
        expect(textsOf(text, records).map((one) => parseCsv(one, ",")[0])).toEqual(parseCsv(text, ","));
      },
    ),
  );
});
