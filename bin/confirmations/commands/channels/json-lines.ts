/** On which line of a JSON text each value stands, so that a fault is found in the file that it came from. */
import { pointerOf } from "../../../../core/api/zod-faults.ts";

/** Strings, and what makes objects and lists; other values are passed over. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;

interface Open {
  readonly isList: boolean;
  /** Of the member or entry that comes next. */
  key: string | number;
  /** Whether the next string names a member. */
  isAtName: boolean;
}

/**
 * @param text JSON that can be parsed
 * @returns lines, from 1, by JSON Pointer (RFC 6901); of a member, the line of its name
 */
export function jsonLines(text: string): ReadonlyMap<string, number> {
  const lines = new Map<string, number>([["", lineAt(text, text.search(/\S/))]]);
  const open: Open[] = [];
  const here = () => pointerOf(open.map(({ key }) => key));
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    const inner = open.at(-1);
    if (token === "}" || token === "]") open.pop();
    else if (token === "," && inner !== undefined) {
      if (inner.isList) inner.key = Number(inner.key) + 1;
      else inner.isAtName = true;
    } else if (inner?.isAtName === true && token.startsWith('"')) {
      inner.key = JSON.parse(token) as string;
      inner.isAtName = false;
      lines.set(here(), lineAt(text, index));
    } else if (token !== ":") {
      if (inner?.isList === true) lines.set(here(), lineAt(text, index));
      if (token === "{") open.push({ isList: false, key: "", isAtName: true });
      if (token === "[") open.push({ isList: true, key: 0, isAtName: false });
    }
  }
  return lines;
}

/** Of the value, or of the nearest one around it that is there. */
export function lineOf(lines: ReadonlyMap<string, number>, pointer: string): number {
  const line = lines.get(pointer);
  if (line !== undefined || pointer === "") return line ?? 1;
  return lineOf(lines, pointer.slice(0, pointer.lastIndexOf("/")));
}

function lineAt(text: string, index: number): number {
  return text.slice(0, Math.max(0, index)).split("\n").length;
}
