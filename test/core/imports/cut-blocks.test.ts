import { expect, test } from "@jest/globals";
import { cutBlocks } from "../../../core/imports/cut-blocks.ts";
import { CSV_HEADER, csvRow } from "./files.ts";

const HEADER = `${CSV_HEADER}\n`;

const cut = (bytes: Buffer | string, chunkBytes = 100_000) => {
  const all = Buffer.from(bytes as string);
  const chunks = Array.from({ length: Math.ceil(all.length / chunkBytes) }, (_, index) =>
    all.subarray(index * chunkBytes, (index + 1) * chunkBytes),
  );
  return cutBlocks(chunks);
};

test("blocks have a thousand rows, their bytes and the line of the first", async () => {
  const file = HEADER + Array.from({ length: 2500 }, (_, index) => `${csvRow(index)}\n`).join("");
  const found = await cut(file);
  if ("fault" in found) throw new Error(found.fault.reason);
  expect(found.rows).toBe(2500);
  expect(found.blocks.map(({ rows, line }) => [rows, line])).toEqual([
    [1000, 2],
    [1000, 1002],
    [500, 2002],
  ]);
  const { from, to } = found.blocks[1] ?? { from: 0, to: 0 };
  const text = file.slice(from, to);
  expect(text.startsWith(csvRow(1000))).toBe(true);
  expect(text.endsWith(`${csvRow(1999)}\n`)).toBe(true);
});

test("a line of a gigabyte's kind is a block of its own, which nobody reads, and costs no memory", async () => {
  const long = Buffer.alloc(1_000_000, "x");
  function* chunks() {
    yield Buffer.from(`${HEADER}${csvRow(1)}\n`);
    for (let index = 0; index < 50; index += 1) yield long;
    yield Buffer.from(`\n${csvRow(2)}\n`);
  }
  const found = await cutBlocks(chunks());
  if ("fault" in found) throw new Error(found.fault.reason);
  expect(found.blocks.map(({ rows, line, isTooLong = false }) => [rows, line, isTooLong])).toEqual([
    [1, 2, false],
    [1, 3, true],
    [1, 4, false],
  ]);
});

const place = async (bytes: Buffer | string, chunkBytes?: number) => {
  const found = await cut(bytes, chunkBytes);
  return "fault" in found ? found.fault : undefined;
};

test.each([
  ["nothing", "", "file_empty"],
  ["a byte-order mark alone", "\uFEFF", "file_empty"],
  ["a ZIP that is called CSV", Buffer.from("PK\u0003\u0004rest"), "file_compressed"],
  ["gzip", Buffer.from([0x1f, 0x8b, 8, 0]), "file_compressed"],
  ["an old workbook", Buffer.from([0xd0, 0xcf, 0x11, 0xe0]), "file_workbook"],
  ["UTF-16", Buffer.from(`\uFEFF${HEADER}`, "utf16le"), "file_utf16"],
  ["UTF-16 without a mark", Buffer.from(HEADER, "utf16le"), "file_utf16"],
  ["UTF-16 of the other order", Buffer.from(`\uFEFF${HEADER}`, "utf16le").swap16(), "file_utf16"],
  ["UTF-32", Buffer.from([0xff, 0xfe, 0, 0, 0x74, 0, 0, 0]), "file_utf16"],
  ["a PDF", Buffer.concat([Buffer.from("%PDF-1.4\n%"), Buffer.alloc(100_000, 0xe2)]), "file_not_utf8"],
  ["a separator that no spreadsheet writes", `sep=:\n${HEADER}${csvRow(1)}`, "header_malformed"],
  ["a separator that is a quote", `sep="\n${HEADER}${csvRow(1)}`, "header_malformed"],
  ["another separator than is said", `sep=;\n${HEADER}${csvRow(1)}`, "header_unknown_column"],
  ["names in capitals", `${HEADER.toUpperCase()}${csvRow(1)}`, "header_unknown_column"],
  ["a name among 10,000 that is none", `${CSV_HEADER}${",".repeat(10_000)}x\n`, "header_unknown_column"],
  ["a list in JSON", '[{"transactionId":"t-1"}]', "file_json_list"],
  ["HTML", "<html>", "file_unknown_type"],
  ["a header alone", HEADER, "file_without_rows"],
  ["rows without a header", `${csvRow(1)}\n`, "header_unknown_column"],
  ["a column twice", `${CSV_HEADER},amount\n${csvRow(1)},1\n`, "header_duplicate_column"],
  ["no column that each row needs", "transactionId,merchantId\na,b\n", "header_missing_column"],
  ["a header without an end", "x".repeat(70_000), "header_too_long"],
])("%s is refused", async (_, bytes, code) => {
  expect((await place(bytes))?.code).toBe(code);
});

test.each([1, 7, 100_000])("Latin-1 is refused with the byte's place, in chunks of %i", async (chunkBytes) => {
  const before = `${HEADER}${csvRow(1)}\r\n€`;
  const bytes = Buffer.concat([Buffer.from(before), Buffer.from("caf\u00E9,\n", "latin1")]);
  expect(await place(bytes, chunkBytes)).toMatchObject({
    code: "file_not_utf8",
    byte: Buffer.byteLength(before) + 3,
    line: 3,
  });
});

test.each([0, 3000])("Latin-1 in the header is told by its place, not as a column: before %i rows", async (rows) => {
  const header = [Buffer.from("transactionId;descripci"), Buffer.from([0xf3]), Buffer.from("n\n")];
  const bytes = Buffer.concat([...header, Buffer.from(`${csvRow(1)}\n`.repeat(rows))]);
  expect(await place(bytes)).toMatchObject({ code: "file_not_utf8", byte: 23, line: 1 });
});

test("a NUL byte is refused with its place", async () => {
  const before = `${HEADER}${csvRow(1)}\n`;
  expect(await place(`${before}a\u0000b`)).toMatchObject({ code: "file_has_nul", byte: before.length + 1, line: 3 });
});

test("half a character at the end is refused", async () => {
  const bytes = Buffer.concat([Buffer.from(`${HEADER}${csvRow(1)}\n`), Buffer.from([0xe2, 0x82])]);
  expect((await place(bytes))?.code).toBe("file_not_utf8");
});
