/**
 * What a command shows: to a person in lines and tables, to a program as one JSON document. Only what a command made of
 * an answer gets out here, so that nothing else is ever on standard output with `--json`.
 */
import Table from "cli-table3";
import type { Surroundings } from "../frame/surroundings.ts";
import { printable } from "./printable.ts";

export type Cell = string | number | boolean | undefined;

export interface Output {
  readonly isJson: boolean;
  /** @param text what a person reads instead */
  show(value: unknown, text: () => string): void;
}

/** Without frames, so that a line is a row for `grep` and `awk` too. */
const NO_FRAME = {
  top: "",
  "top-mid": "",
  "top-left": "",
  "top-right": "",
  bottom: "",
  "bottom-mid": "",
  "bottom-left": "",
  "bottom-right": "",
  left: "",
  "left-mid": "",
  mid: "",
  "mid-mid": "",
  right: "",
  "right-mid": "",
  middle: "  ",
};

export function outputOf(isJson: boolean, { write }: Pick<Surroundings, "write">): Output {
  return {
    isJson,
    show(value, text) {
      write(isJson ? `${JSON.stringify(value, undefined, 2)}\n` : endLine(text()));
    },
  };
}

/** @param rows of as many cells as there are heads */
export function table(heads: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const shown = new Table({
    head: heads.map((head) => head.toUpperCase()),
    chars: NO_FRAME,
    style: { head: [], border: [], "padding-left": 0, "padding-right": 0 },
  });
  shown.push(...rows.map((row) => row.map(cellText)));
  return shown
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}

/** Names and values, one pair a line; what has no value is left out. */
export function pairs(values: Readonly<Record<string, Cell>>): string {
  const there = Object.entries(values).filter(([, value]) => value !== undefined);
  const width = Math.max(...there.map(([name]) => name.length));
  return there.map(([name, value]) => `${name.padEnd(width)}  ${cellText(value)}`).join("\n");
}

function cellText(cell: Cell): string {
  return cell === undefined ? "" : printable(String(cell));
}

function endLine(text: string): string {
  return text === "" || text.endsWith("\n") ? text : `${text}\n`;
}
