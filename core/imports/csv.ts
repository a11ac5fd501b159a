/** CSV in the strict form of RFC 4180, whatever stands between its cells. */
import { CsvError, parse } from "csv-parse/sync";

/** At the beginning of a file, by which spreadsheets know that it is UTF-8. */
export const BYTE_ORDER_MARK = "\uFEFF";

export type ParsedRecord = { readonly cells: readonly string[] } | { readonly malformed: string };

/** @param text of one record or of several, each ended by a line end. @throws CsvError */
export function parseCsv(text: string, delimiter: string): string[][] {
  return parse(text, {
    delimiter,
    record_delimiter: ["\r\n", "\n", "\r"],
    relax_column_count: true,
    skip_empty_lines: false,
  });
}

/** @param text of exactly one. */
export function parseRecord(text: string, delimiter: string): ParsedRecord {
  try {
    const [cells = [], ...others] = parseCsv(text, delimiter);
    return others.length === 0 ? { cells } : { malformed: "its quotes do not pair up" };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return { malformed: "a cell that has a quote must stand in quotes, with each quote of its own doubled" };
  }
}

/** With each separator that a spreadsheet may take for its own, whatever the file's is: a cell stays one. */
const QUOTED = /[",;|\t\r\n]|^\s|\s$/;

export function writeCsv(cells: readonly string[], delimiter: string): string {
  return `${cells.map((cell) => written(cell, delimiter)).join(delimiter)}\r\n`;
}

function written(cell: string, delimiter: string): string {
  return QUOTED.test(cell) || cell.includes(delimiter) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
