/**
 * Cells that a spreadsheet would run as formulas, as files of ours have them: with an apostrophe before. Some take the
 * wide forms of these signs for the signs, as in Japan. They are named in a column of their own, by which the importer
 * takes the apostrophe away again and no other one. A text with a NUL, which no file of text may have, stands there as
 * JSON, and is named with `json:` before it.
 *
 * @see https://owasp.org/www-community/attacks/CSV_Injection
 */
const RUN_BY_SPREADSHEETS = /^[=+\-@\t\r\n＝＋－＠]/;
const MARK = "'";
const NUL = "\0";
const JSON_MARK = "json:";

export interface EscapedCells {
  readonly cells: readonly string[];
  /** Columns whose cells were escaped, separated by spaces. */
  readonly named: string;
}

export function escapeCells(columns: readonly string[], cells: readonly string[]): EscapedCells {
  const named = columns.flatMap((name, index) => {
    const cell = cells[index] ?? "";
    if (cell.includes(NUL)) return [`${JSON_MARK}${name}`];
    return RUN_BY_SPREADSHEETS.test(cell) ? [name] : [];
  });
  return { cells: cells.map(escapeCell), named: named.join(" ") };
}

export function escapeCell(cell: string): string {
  if (cell.includes(NUL)) return JSON.stringify(cell);
  return RUN_BY_SPREADSHEETS.test(cell) ? `${MARK}${cell}` : cell;
}

/** @param named as the row has it. A cell that somebody has written anew has no apostrophe, and stays as it is */
export function unescapeCells(columns: readonly string[], cells: readonly string[], named: string): readonly string[] {
  if (named === "") return cells;
  const escaped = new Set(named.split(" "));
  return cells.map((cell, index) => {
    const name = columns[index] ?? "";
    if (escaped.has(`${JSON_MARK}${name}`)) return textOfJson(cell);
    return escaped.has(name) && cell.startsWith(MARK) ? cell.slice(MARK.length) : cell;
  });
}

function textOfJson(cell: string): string {
  try {
    const text: unknown = JSON.parse(cell);
    return typeof text === "string" ? text : cell;
  } catch {
    return cell;
  }
}
