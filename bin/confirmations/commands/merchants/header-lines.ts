/** Headers as a person writes them: `name: value`, a line each. Whether one may be added is for the API to say. */
import { wrongLine } from "../../frame/command-failure.ts";

const LINE = /^([^\s:]+):[ \t]*(.*)$/;

/** @param what the lines are from, in the sentence that refuses one; none is shown, as it may hold a secret */
export function headersFrom(lines: readonly string[], what: string): Record<string, string> {
  const headers = new Map<string, string>();
  for (const [index, line] of lines.entries()) {
    const [, name, value] = LINE.exec(line.trim()) ?? [];
    if (name === undefined || value === undefined)
      throw wrongLine(`${what} ${index + 1} is no header, expected one such as "x-partner-id: 4711"`);
    headers.set(name, value);
  }
  return Object.fromEntries(headers);
}
