/**
 * The rows of a block: each a transaction that the API would take, or one that an old system confirmed, or why it is
 * none. Nothing is written here.
 */
import { CsvError } from "csv-parse/sync";
import { ExactNumber, parseExactJson } from "../api/exact-json.ts";
import type { FaultAt } from "../api/problem.ts";
import { faultsOfZod } from "../api/zod-faults.ts";
import { submissionSchema } from "../intake/submission.ts";
import { ESCAPED_CELLS, isAddedColumn, type RowKind } from "./columns.ts";
import { saidIn } from "./said-row.ts";
import { BYTE_ORDER_MARK, parseCsv, parseRecord } from "./csv.ts";
import { type CutRecord, RecordCutter } from "./cut-records.ts";
import type { Block } from "./cut-blocks.ts";
import { unescapeCells } from "./escape-cells.ts";
import type { FileFormat } from "./file-format.ts";
import { MAX_RECORD_BYTES } from "./limits.ts";
import type { ReadRow, RowFault, RowSource } from "./row.ts";

/** What a result file, and an export, add to an object of JSON Lines. */
export const REJECTED_MEMBER = "rejected";
export const EXPORTED_MEMBER = "exported";

export interface ReadOptions {
  readonly format: FileFormat;
  /** Of rows that have none. */
  readonly merchantId?: string | undefined;
}

/** @param bytes of the block, those that its place says and no others */
export function readBlock(
  bytes: Uint8Array,
  { from, line }: Pick<Block, "from" | "line">,
  options: ReadOptions,
): ReadRow[] {
  const { format } = options;
  const delimiter = format.kind === "csv" ? format.delimiter : undefined;
  const cutter = new RecordCutter({ delimiter, from, line });
  const records = [...cutter.push(bytes), ...cutter.finish()];
  const texts = records.map((record) => textOf(bytes.subarray(record.from - from, record.end - from)));
  if (format.kind === "jsonl")
    return records.map((record, index) => ofJson(texts[index] ?? "", record, format.of, options.merchantId));
  const parsed = parsedTogether(records, texts, format.delimiter);
  return records.map((record, index) => {
    const text = texts[index] ?? "";
    if (record.fault !== undefined) return { line: record.line, source: textSource(text), fault: faultOf(record) };
    const one = parsed?.[index] ?? parseRecord(text, format.delimiter);
    if ("malformed" in one) {
      const fault: RowFault = { code: "row_malformed", field: "", reason: one.malformed };
      return { line: record.line, source: textSource(text), fault };
    }
    return ofCells(one.cells, text, record.line, format, options.merchantId);
  });
}

/** Without the mark at the beginning of a file that was put behind another one: it belongs to no id. */
function textOf(bytes: Uint8Array): string {
  const text = Buffer.from(bytes).toString();
  return text.startsWith(BYTE_ORDER_MARK) ? text.slice(BYTE_ORDER_MARK.length) : text;
}

/** A row that is too long to be read. */
export function tooLongRow(line: number): ReadRow {
  return { line, source: textSource(""), fault: TOO_LONG };
}

const TOO_LONG: RowFault = {
  code: "row_too_long",
  field: "",
  reason: `got a row of more than ${MAX_RECORD_BYTES} bytes; a quote that is not closed may be the cause`,
};

function faultOf({ fault }: CutRecord): RowFault {
  if (fault === "too long") return TOO_LONG;
  return {
    code: "row_truncated",
    field: "",
    reason: "got the end of the file within quotes; the file may be cut off, or a quote not be closed",
  };
}

/** All at once, several times as fast; undefined where one of them is malformed, so that each is parsed by itself. */
function parsedTogether(
  records: readonly CutRecord[],
  texts: readonly string[],
  delimiter: string,
): readonly { readonly cells: readonly string[] }[] | undefined {
  if (records.some(({ fault }) => fault !== undefined)) return undefined;
  try {
    const rows = parseCsv(texts.join("\n"), delimiter);
    return rows.length === records.length ? rows.map((cells) => ({ cells })) : undefined;
  } catch (error) {
    if (error instanceof CsvError) return undefined;
    throw error;
  }
}

function ofCells(
  read: readonly string[],
  text: string,
  line: number,
  { columns, of }: FileFormat & { kind: "csv" },
  merchantId: string | undefined,
): ReadRow {
  const given = [...read];
  while (given.length > columns.length && given.at(-1) === "") given.pop();
  if (given.length !== columns.length) {
    const hint = given.length > columns.length ? "; a cell that has the separator in it must stand in quotes" : "";
    const reason = `got ${given.length} cells, expected ${columns.length}${hint}`;
    return { line, source: textSource(text), fault: { code: "cells_unequal", field: "", reason } };
  }
  if (given.every((cell, index) => cell.trim() === columns[index])) {
    const reason = "got the header once more, as where files are put one behind the other; it is no row";
    return { line, source: { kind: "cells", cells: given }, fault: { code: "row_malformed", field: "", reason } };
  }
  const cells = unescapeCells(columns, given, given[columns.indexOf(ESCAPED_CELLS)] ?? "");
  const source: RowSource = { kind: "cells", cells };
  const members: Record<string, unknown> = merchantId === undefined ? {} : { merchantId };
  for (const [index, name] of columns.entries()) {
    const cell = cells[index] ?? "";
    if (cell === "" || isAddedColumn(name)) continue;
    members[name] = name === "payload" ? payloadOf(cell) : cell;
  }
  return judged(members, line, source, of);
}

/** Text that is no JSON stays text, which the schema refuses. */
function payloadOf(cell: string): unknown {
  try {
    return parseExactJson(cell);
  } catch {
    return cell;
  }
}

function ofJson(text: string, record: CutRecord, of: RowKind | undefined, merchantId: string | undefined): ReadRow {
  const { line } = record;
  if (record.fault !== undefined) return { line, source: textSource(text), fault: faultOf(record) };
  let value: unknown;
  try {
    value = parseExactJson(text);
  } catch (error) {
    const reason = `got a line that is no JSON: ${(error as Error).message.slice(0, 200)}`;
    return { line, source: textSource(text), fault: { code: "row_malformed", field: "", reason } };
  }
  if (typeof value !== "object" || value === null || Array.isArray(value) || value instanceof ExactNumber) {
    const reason = "got another value than an object, expected one transaction a line";
    return { line, source: textSource(text), fault: { code: "row_malformed", field: "", reason } };
  }
  const { [REJECTED_MEMBER]: _, [EXPORTED_MEMBER]: __, ...members } = value as Readonly<Record<string, unknown>>;
  const whole = merchantId === undefined || "merchantId" in members ? members : { merchantId, ...members };
  return judged(whole, line, { kind: "json", text }, of);
}

function judged(
  members: Readonly<Record<string, unknown>>,
  line: number,
  source: RowSource,
  of: RowKind | undefined,
): ReadRow {
  if (of === "confirmations") {
    const read = saidIn(members);
    if ("said" in read) return { line, source, said: read.said };
    return { line, source, fault: fieldFault(read.faults.map((one) => withMissing(one, members))) };
  }
  const parsed = submissionSchema.safeParse(members);
  if (parsed.success) return { line, source, submission: parsed.data };
  const faults = faultsOfZod(parsed.error).map(({ pointer, detail }) => ({
    pointer,
    detail: decimalComma(pointer, members) ?? withMissing({ pointer, detail }, members).detail,
  }));
  return { line, source, fault: fieldFault(faults) };
}

const MOST_TOLD = 10;
/** Characters of a name, which may be as long as its row. */
const MOST_NAME = 100;

/** The first of them in one reason, the first of all as the field. */
export function fieldFault(faults: readonly FaultAt[]): RowFault {
  const told = faults.slice(0, MOST_TOLD).map(({ pointer, detail }) => ({
    field: pointer.slice(1).replaceAll("~1", "/").replaceAll("~0", "~").slice(0, MOST_NAME).toWellFormed(),
    detail,
  }));
  const [{ field, detail } = { field: "", detail: "" }] = told;
  if (told.length <= 1) return { code: "field_invalid", field, reason: detail };
  const more = faults.length > MOST_TOLD ? ["and more"] : [];
  const reason = [...told.map((one) => `${one.field}: ${one.detail}`), ...more].join("; ");
  return { code: "field_invalid", field, reason };
}

/** Thousands have nothing between them, a point, a space of any kind, or an apostrophe. */
const THOUSANDS = /[.' \u00A0\u202F]/g;
const DECIMAL_COMMA = /^[+-]?\d{1,3}(?:[.' \u00A0\u202F]?\d{3})*,\d+$/;

function decimalComma(pointer: string, { amount }: Readonly<Record<string, unknown>>): string | undefined {
  if (pointer !== "/amount" || typeof amount !== "string" || !DECIMAL_COMMA.test(amount)) return undefined;
  const meant = amount.replaceAll(THOUSANDS, "").replace(",", ".");
  return `got ${JSON.stringify(amount)}, a decimal comma; expected a decimal point, as in ${JSON.stringify(meant)}`;
}

function withMissing(fault: FaultAt, members: Readonly<Record<string, unknown>>): FaultAt {
  return isMissing(fault.pointer, members) ? { ...fault, detail: "got none, expected one" } : fault;
}

function isMissing(pointer: string, members: Readonly<Record<string, unknown>>): boolean {
  return pointer.lastIndexOf("/") === 0 && members[pointer.slice(1)] === undefined;
}

function textSource(text: string): RowSource {
  return { kind: "text", text };
}
