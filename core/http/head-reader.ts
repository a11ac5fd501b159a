/**
 * Reads the heads of one connection, which are much the same again and again: one that is the one before is not parsed
 * anew, and of one in which only some values differ, such as its date, only those are. Whatever differs in another way
 * is parsed from its beginning. The rules are those of `response-head.ts` in each case.
 */
import { bodyEndOf, isOws, parseHead, parseHeader, type ResponseHead } from "./response-head.ts";

/** Headers on whose values more depends than where the body ends. */
const DECISIVE: ReadonlySet<string> = new Set(["connection", "keep-alive", "transfer-encoding"]);
const LINE_END = "\r\n";

export class HeadReader {
  #text = "";
  #head: ResponseHead | undefined;
  /** Of the head, with the status line; none where it is no pattern for others. */
  #lines: string[] = [];
  /** Of each line but the status line. */
  #names: string[] = [];
  #values: string[] = [];

  /** @param text latin1, without the empty line at its end. @throws ResponseNotHttpError */
  read(text: string): ResponseHead {
    if (this.#head !== undefined && text === this.#text) return this.#head;
    const lines = text.split(LINE_END);
    let head = this.#head === undefined ? undefined : this.#readLike(this.#head, lines);
    if (head === undefined) {
      this.#lines = [];
      head = parseHead(text);
      this.#keepPattern(lines, head);
    }
    this.#text = text;
    this.#head = head;
    return head;
  }

  /** @returns undefined where it is not like the one before */
  #readLike(last: ResponseHead, lines: readonly string[]): ResponseHead | undefined {
    const known = this.#lines;
    if (known.length !== lines.length || lines[0] !== known[0]) return undefined;
    const headers = Object.create(null) as Record<string, string>;
    for (let index = 1; index < lines.length; index += 1) {
      const line = lines[index] as string;
      if (line !== known[index] && !this.#readLine(index, line)) return undefined;
      headers[this.#names[index] as string] = this.#values[index] as string;
    }
    const isAsLong = headers["content-length"] === last.headers["content-length"];
    const { status, keptMs } = last;
    return { status, headers, bodyEnd: isAsLong ? last.bodyEnd : bodyEndOf(headers), keptMs };
  }

  /** @returns false where it is another header, or one that decides about more */
  #readLine(index: number, line: string): boolean {
    if (isOws(line.charAt(0))) return false;
    const [name, value] = parseHeader(line);
    if (name !== this.#names[index] || DECISIVE.has(name)) return false;
    this.#lines[index] = line;
    this.#values[index] = value;
    return true;
  }

  /** Of one that may have a body, and has each header once and in one line. */
  #keepPattern(lines: string[], { headers, bodyEnd }: ResponseHead): void {
    if (bodyEnd.kind === "length" && bodyEnd.bytes === 0) return;
    const names = [""];
    const values = [""];
    for (const line of lines.slice(1)) {
      if (isOws(line.charAt(0))) return;
      const [name, value] = parseHeader(line);
      if (headers[name] !== value) return;
      names.push(name);
      values.push(value);
    }
    this.#lines = lines;
    this.#names = names;
    this.#values = values;
  }
}
