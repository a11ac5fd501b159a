/**
 * The text of an export, CSV or JSON Lines, in a form that the importer reads back: a cell that a spreadsheet would run
 * is escaped and named, as in a file of rejected rows, and what became of a transaction stands in columns, or a member,
 * that are not read.
 */
import { EXPORT_COLUMNS, ROW_COLUMNS } from "../imports/columns.ts";
import { BYTE_ORDER_MARK, writeCsv } from "../imports/csv.ts";
import { escapeCell, escapeCells } from "../imports/escape-cells.ts";
import { EXPORTED_MEMBER } from "../imports/read-block.ts";
import { quoted } from "../transaction/json-text.ts";
import type { ExportedRow } from "./export-row.ts";

export const EXPORT_FORMATS = ["csv", "jsonl"] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export const EXPORT_TYPES: Readonly<Record<ExportFormat, string>> = {
  csv: "text/csv; charset=utf-8",
  jsonl: "application/x-ndjson",
};

const DELIMITER = ",";

/** What stands before all rows. */
export function exportHeader(format: ExportFormat): string {
  return format === "jsonl" ? "" : BYTE_ORDER_MARK + writeCsv([...ROW_COLUMNS, ...EXPORT_COLUMNS], DELIMITER);
}

/** With its line end. */
export function exportLine(row: ExportedRow, format: ExportFormat): string {
  return format === "jsonl" ? jsonLine(row) : csvLine(row);
}

function csvLine({ members, facts }: ExportedRow): string {
  const { cells, named } = escapeCells(
    ROW_COLUMNS,
    ROW_COLUMNS.map((name) => members[name] ?? ""),
  );
  const { version, state, attemptCount, recordedAt = "", failure = "", confirmedBy = "", erasedAt = "" } = facts;
  const told = [version ?? "", state, attemptCount, recordedAt, failure, confirmedBy, erasedAt];
  return writeCsv([...cells, ...told.map((fact) => escapeCell(String(fact))), named], DELIMITER);
}

function jsonLine({ members, facts }: ExportedRow): string {
  const texts = Object.entries(members).map(
    ([name, text]) => `${quoted(name)}:${name === "payload" ? text : quoted(text)}`,
  );
  return `{${[...texts, `${quoted(EXPORTED_MEMBER)}:${JSON.stringify(facts)}`].join(",")}}\n`;
}
