/**
 * What a file is, by its beginning: CSV or JSON Lines, between what its cells stand and which columns they are in. A
 * spreadsheet writes semicolons where the comma is the decimal sign, as in Spain and Brazil, and may put a mark
 * or a line `sep=;` first.
 */
import { isAddedColumn, isKnownColumn, neededColumns, type RowKind } from "./columns.ts";
import { parseRecord } from "./csv.ts";
import { RecordCutter } from "./cut-records.ts";
import type { FileFault, FileFaultCode } from "./file-fault.ts";
import { MAX_HEADER_BYTES } from "./limits.ts";

export type FileFormat = (
  | { readonly kind: "csv"; readonly delimiter: string; readonly columns: readonly string[] }
  | { readonly kind: "jsonl" }
) & {
  /** What its rows are. @default transactions */
  readonly of?: RowKind;
};

export interface FileBeginning {
  readonly format: FileFormat;
  /** Byte of the file, from 0, and line, from 1, at which rows begin. */
  readonly from: number;
  readonly line: number;
}

export interface BeginningOptions {
  /** Whether `bytes` are the whole file. */
  readonly isWhole: boolean;
  /** Whose alone it is: the column `merchantId` may be missing then. */
  readonly merchantId?: string | undefined;
  /** What its rows are. @default transactions */
  readonly of?: RowKind | undefined;
}

const DELIMITERS = [",", ";", "\t", "|"] as const;
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

const SIGNATURES: readonly {
  readonly bytes: readonly number[];
  readonly code: FileFaultCode;
  readonly what: string;
}[] = [
  { bytes: [0x50, 0x4b, 0x03, 0x04], code: "file_compressed", what: "a ZIP or a workbook (.xlsx)" },
  { bytes: [0x1f, 0x8b], code: "file_compressed", what: "a file packed with gzip" },
  { bytes: [0xd0, 0xcf, 0x11, 0xe0], code: "file_workbook", what: "a workbook (.xls)" },
  { bytes: [0xff, 0xfe], code: "file_utf16", what: "text in UTF-16" },
  { bytes: [0xfe, 0xff], code: "file_utf16", what: "text in UTF-16" },
];
const SEPARATOR_LINE = /^(?:sep=(.)|"sep=(.)")$/i;

/** @param bytes the first of the file, MAX_HEADER_BYTES of them or all that there are */
export function fileBeginning(
  bytes: Uint8Array,
  options: BeginningOptions,
): FileBeginning | { readonly fault: FileFault } {
  for (const { bytes: signature, code, what } of SIGNATURES)
    if (startsWith(bytes, signature)) return refused(code, `got ${what}, expected CSV or JSON Lines in UTF-8`);
  const mark = startsWith(bytes, BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0;
  // In UTF-16 without a mark each other byte of the first ones is NUL.
  if (bytes[0] === 0 || bytes[1] === 0) return refused("file_utf16", "got text in UTF-16, expected UTF-8");
  const cutter = new RecordCutter({ delimiter: DELIMITERS[0], from: mark, line: 1, maxBytes: MAX_HEADER_BYTES });
  const records = [...cutter.push(bytes.subarray(mark)), ...(options.isWhole ? cutter.finish() : [])];
  let [header] = records;
  if (header === undefined && options.isWhole) return refused("file_empty", "got no text, expected a header and rows");
  if (header === undefined || header.fault === "too long") {
    const first = firstCharacter(bytes, mark);
    if (first === "{") return jsonLines(mark, 1, options.of);
    return refused("header_too_long", `got no end of the first line within ${MAX_HEADER_BYTES} bytes`);
  }
  const textOf = ({ from, end }: { readonly from: number; readonly end: number }): string =>
    Buffer.from(bytes.subarray(from, end)).toString("utf8");
  const text = textOf(header);
  const start = text.trimStart();
  if (start.startsWith("{")) return jsonLines(header.from, header.line, options.of);
  if (start.startsWith("["))
    return refused("file_json_list", "got a list in JSON, expected one object a line, without brackets and commas");
  if (start.startsWith("<")) return refused("file_unknown_type", "got XML or HTML, expected CSV or JSON Lines");
  const [, plain, quoted] = SEPARATOR_LINE.exec(text) ?? [];
  const separator = plain ?? quoted;
  if (separator !== undefined) {
    if (!isDelimiter(separator))
      return refused(
        "header_malformed",
        `got the separator ${JSON.stringify(separator)}, expected a comma, a semicolon, a tab or a bar`,
        header.line,
      );
    [, header] = records;
    if (header === undefined)
      return refused("file_without_rows", "got no header after the line that has the separator");
  }
  return csvBeginning(textOf(header), separator, header, options);
}

function csvBeginning(
  text: string,
  separator: string | undefined,
  { to, line }: { readonly to: number; readonly line: number },
  { merchantId, of = "transactions" }: BeginningOptions,
): FileBeginning | { readonly fault: FileFault } {
  const candidates = (separator === undefined ? DELIMITERS : [separator]).flatMap((delimiter) => {
    const parsed = parseRecord(text, delimiter);
    if ("malformed" in parsed) return [];
    const columns = parsed.cells.map((name) => name.trim());
    return [{ delimiter, columns, known: columns.filter((name) => isKnownColumn(name, of)).length }];
  });
  const best = candidates.toSorted(
    (one, other) => other.known - one.known || other.columns.length - one.columns.length,
  );
  const [found] = best;
  if (found === undefined)
    return refused("header_malformed", "got a header whose quotes do not pair up, expected names of columns", line);
  const { delimiter, columns } = found;
  // Cells that a spreadsheet has emptied, after all others.
  while (columns.at(-1) === "") columns.pop();
  const unknown = columns.find((name) => !isKnownColumn(name, of));
  if (unknown !== undefined)
    return refused(
      "header_unknown_column",
      `got the column ${JSON.stringify(unknown.slice(0, 80))}, expected ${NAMED[of]}, such as ` +
        `${neededColumns(of).join(delimiter)}, in the first line`,
      line,
    );
  const twice = columns.find((name, index) => columns.indexOf(name) !== index);
  if (twice !== undefined)
    return refused("header_duplicate_column", `got the column ${twice} twice, expected it once`, line);
  const missing = neededColumns(of).filter(
    (name) => !columns.includes(name) && !(name === "merchantId" && merchantId !== undefined),
  );
  if (missing.length > 0)
    return refused("header_missing_column", `got no column ${missing.join(", ")}, which each row needs`, line);
  return { format: { kind: "csv", delimiter, columns, ...kindOf(of) }, from: to, line: line + linesIn(text) };
}

/** Columns of the file itself, without those that an earlier result file, or an export, added. */
export function ownColumns(columns: readonly string[]): readonly string[] {
  return columns.filter((name) => !isAddedColumn(name));
}

const NAMED: Readonly<Record<RowKind, string>> = {
  transactions: "names of members of a transaction",
  confirmations: "names of members of what was confirmed",
};

/** Written only where it is another than it always was. */
function kindOf(of: RowKind | undefined): Pick<FileFormat, "of"> {
  return of === undefined || of === "transactions" ? {} : { of };
}

function jsonLines(from: number, line: number, of: RowKind | undefined): FileBeginning {
  return { format: { kind: "jsonl", ...kindOf(of) }, from, line };
}

function refused(code: FileFaultCode, reason: string, line?: number): { readonly fault: FileFault } {
  return { fault: { code, reason, ...(line !== undefined && { line }) } };
}

function isDelimiter(text: string): boolean {
  return DELIMITERS.some((delimiter) => delimiter === text);
}

function startsWith(bytes: Uint8Array, signature: readonly number[]): boolean {
  return bytes.length >= signature.length && signature.every((byte, index) => bytes[index] === byte);
}

function firstCharacter(bytes: Uint8Array, from: number): string {
  const at = bytes.subarray(from).findIndex((byte) => byte > 32);
  return at < 0 ? "" : String.fromCodePoint(bytes[from + at] ?? 0);
}

/** That a record takes, itself included. */
function linesIn(text: string): number {
  return 1 + (text.match(/\r\n|\n|\r/g)?.length ?? 0);
}
