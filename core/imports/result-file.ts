/**
 * The rejected rows of a file, with why, in the form of the file itself: corrected, it can be sent again. Members that
 * it adds are not read again.
 */
import { isAddedColumn, RESULT_COLUMNS } from "./columns.ts";
import { BYTE_ORDER_MARK, writeCsv } from "./csv.ts";
import { escapeCell, escapeCells } from "./escape-cells.ts";
import { type FileFormat, ownColumns } from "./file-format.ts";
import { REJECTED_MEMBER } from "./read-block.ts";
import type { RejectedRow } from "./row.ts";

/** Of a row that could not be read. */
const MAX_SHOWN_TEXT = 2000;

/** What stands before all rows. */
export function resultHeader(format: FileFormat): string {
  if (format.kind === "jsonl") return "";
  return BYTE_ORDER_MARK + writeCsv([...ownColumns(format.columns), ...RESULT_COLUMNS], format.delimiter);
}

export function resultRows(rejected: readonly RejectedRow[], format: FileFormat): string {
  return rejected.map((row) => (format.kind === "jsonl" ? jsonLine(row) : csvLine(row, format))).join("");
}

function csvLine({ line, source, fault }: RejectedRow, { columns, delimiter }: FileFormat & { kind: "csv" }): string {
  const names = ownColumns(columns);
  const given = source.kind === "cells" ? source.cells.filter((_, index) => !isAddedColumn(columns[index] ?? "")) : [];
  const { cells, named } = escapeCells(
    names,
    names.map((_, index) => given[index] ?? ""),
  );
  const text = source.kind === "cells" ? "" : escapeCell(source.text.slice(0, MAX_SHOWN_TEXT));
  const { code, field, reason } = fault;
  return writeCsv([...cells, String(line), code, field, escapeCell(reason), text, named], delimiter);
}

function jsonLine({ line, source, fault }: RejectedRow): string {
  const rejected = { line, ...fault };
  if (source.kind === "json") {
    const added = `${JSON.stringify(REJECTED_MEMBER)}:${JSON.stringify(rejected)}`;
    return `${withMember(source.text, added)}\n`;
  }
  const text = source.kind === "text" ? source.text.slice(0, MAX_SHOWN_TEXT) : "";
  return `${JSON.stringify({ [REJECTED_MEMBER]: { ...rejected, text } })}\n`;
}

/** As it stood, with every digit of its numbers; of a member that is there twice JSON takes the last. */
function withMember(text: string, member: string): string {
  const body = text.trim().slice(0, -1).trimEnd();
  return `${body}${body.endsWith("{") ? "" : ","}${member}}`;
}
