/**
 * Cells that a spreadsheet would run as formulas, as a result file has them: with an apostrophe before. They are named
 * in a column of their own, by which the importer takes the apostrophe away again and no other one.
 *
 * @see https://owasp.org/www-community/attacks/CSV_Injection
 */
const RUN_BY_SPREADSHEETS = /^[=+\-@\t\r\n]/;
const MARK = "'";

export interface EscapedCells {
  readonly cells: readonly string[];
  /** Columns whose cells were escaped, separated by spaces. */
  readonly named: string;
}

export function escapeCells(columns: readonly string[], cells: readonly string[]): EscapedCells {
  const named = columns.filter((_, index) => RUN_BY_SPREADSHEETS.test(cells[index] ?? ""));
  return { cells: cells.map(escapeCell), named: named.join(" ") };
}

export function escapeCell(cell: string): string {
  return RUN_BY_SPREADSHEETS.test(cell) ? `${MARK}${cell}` : cell;
}

/** @param named as the row has it. A cell that somebody has written anew has no apostrophe, and stays as it is */
export function unescapeCells(columns: readonly string[], cells: readonly string[], named: string): readonly string[] {
  if (named === "") return cells;
  const escaped = new Set(named.split(" "));
  return cells.map((cell, index) =>
    escaped.has(columns[index] ?? "") && cell.startsWith(MARK) ? cell.slice(MARK.length) : cell,
  );
}
