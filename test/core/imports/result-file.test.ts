import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { ROW_COLUMNS } from "../../../core/imports/columns.ts";
import type { FileFormat } from "../../../core/imports/file-format.ts";
import { resultHeader, resultRows } from "../../../core/imports/result-file.ts";
import type { RejectedRow, RowFault } from "../../../core/imports/row.ts";
import { CSV_HEADER, csvRow, rowsOf } from "./files.ts";

const FAULT: RowFault = { code: "field_invalid", field: "amount", reason: "=why" };

const fileOf = (rejected: readonly RejectedRow[], format: FileFormat): string =>
  resultHeader(format) + resultRows(rejected, format);

const rejectedIn = (rows: Awaited<ReturnType<typeof rowsOf>>["rows"]) =>
  rows.flatMap((row): RejectedRow[] => ("fault" in row ? [row] : []));

test("it has the rows as they were, and why", async () => {
  const { format, rows } = await rowsOf(`${CSV_HEADER}\n${csvRow(1)}\n${csvRow(2).replace("12.50", "x")}\n`);
  expect(fileOf(rejectedIn(rows), format)).toBe(
    `\uFEFF${CSV_HEADER},rejectedLine,rejectedCode,rejectedField,rejectedReason,rejectedText,escapedCells\r\n` +
      "t-2,acme,APPROVED,x,EUR,2026-11-22T10:00:00Z,3,field_invalid,amount," +
      '"expected a decimal number as text, for example ""12.50""",,\r\n',
  );
});

test("corrected, it is a file that is accepted", async () => {
  const { format, rows } = await rowsOf(`${CSV_HEADER}\n${csvRow(2).replace("12.50", "x")}\n`);
  const again = await rowsOf(fileOf(rejectedIn(rows), format).replace(",x,", ",12.50,"));
  expect(again.rows).toMatchObject([{ submission: { transactionId: "t-2", amount: "12.50" } }]);
});

test("a row that could not be read is there as text", async () => {
  const { format, rows } = await rowsOf(`${CSV_HEADER}\n=run,x\n`);
  expect(fileOf(rejectedIn(rows), format)).toContain(`,cells_unequal,,"got 2 cells, expected 6","'=run,x",`);
});

test("no cell is run by a spreadsheet, and each comes back as it was", async () => {
  const character = fc.constantFrom("=", "+", "-", "@", "\t", "\r", "\n", "'", '"', ";", ",", " ", "3", "é", "a");
  const cell = fc.oneof(
    fc.string({ unit: character, maxLength: 8 }),
    fc.constantFrom("+34600111222", "-12.50", "'=x", "＝1", "＠x"),
  );
  const rows = fc.array(fc.array(cell, { minLength: ROW_COLUMNS.length, maxLength: ROW_COLUMNS.length }), {
    minLength: 1,
    maxLength: 4,
  });
  await fc.assert(
    fc.asyncProperty(rows, fc.constantFrom(",", ";", "\t", "|"), async (cells, delimiter) => {
      const format: FileFormat = { kind: "csv", delimiter, columns: ROW_COLUMNS };
      const rejected = cells.map((row, index): RejectedRow => ({
        line: index + 2,
        source: { kind: "cells", cells: row },
        fault: FAULT,
      }));
      const file = fileOf(rejected, format);
      expect(file.replaceAll(/"(?:[^"]|"")*"/g, "")).not.toMatch(/(?:^|[;,\t|])[=+@＝＋－＠]/m);
      const back = await rowsOf(file);
      expect(
        back.rows.map((row) =>
          row.source.kind === "cells" ? row.source.cells.slice(0, ROW_COLUMNS.length) : row.source,
        ),
      ).toEqual(cells);
    }),
  );
});

test("a cell that somebody wrote anew, without the apostrophe, stays as it is", async () => {
  const file = `${CSV_HEADER},orderingKey,escapedCells\n${csvRow(1)},'+34,orderingKey\n${csvRow(2)},+34,orderingKey\n`;
  const { rows } = await rowsOf(file);
  expect(rows).toMatchObject([{ submission: { orderingKey: "+34" } }, { submission: { orderingKey: "+34" } }]);
});

test("of JSON Lines it has the objects with every digit, and a member that says why", async () => {
  const line = '{"transactionId":"t-1","payload":{"n":1.0000000000000000001}}';
  const { format, rows } = await rowsOf(`${line}\nnothing\n{}\n`);
  const file = fileOf(rejectedIn(rows), format);
  expect(file).toContain('{"transactionId":"t-1","payload":{"n":1.0000000000000000001},"rejected":{"line":1,');
  const again = await rowsOf(file);
  expect(again.rows.map((row) => ("fault" in row ? row.fault.field : ""))).toEqual([
    "merchantId",
    "transactionId",
    "transactionId",
  ]);
});
