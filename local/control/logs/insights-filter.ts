/** The condition of a `filter`: comparisons of a field, joined by `and`, `or`, `not` and parentheses. */
import { AwsRefusal } from "../../aws-refusal.ts";
import { type Row, textOf } from "./row.ts";

type Passes = (row: Row) => boolean;

const TOKEN = /\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\/(?:[^/\\]|\\.)*\/|!=|[=()[\],]|[\w@.\-*]+)/y;

/** @throws AwsRefusal */
export function filterOf(text: string): Passes {
  const tokens = tokensOf(text);
  let next = 0;
  const take = (): string => tokens[next++] ?? "";
  const isNext = (word: string): boolean => tokens[next]?.toLowerCase() === word;
  const expect = (word: string): void => {
    const got = take();
    if (got !== word)
      throw new AwsRefusal("MalformedQueryException", `filter: got ${got || "the end"}, expected ${word}`);
  };

  const joined = (word: "or" | "and", part: () => Passes): Passes => {
    const parts = [part()];
    while (isNext(word)) {
      take();
      parts.push(part());
    }
    return word === "or" ? (row) => parts.some((one) => one(row)) : (row) => parts.every((one) => one(row));
  };
  const any = (): Passes => joined("or", () => joined("and", single));
  const single = (): Passes => {
    if (isNext("not")) {
      take();
      const inner = single();
      return (row) => !inner(row);
    }
    if (isNext("(")) {
      take();
      const inner = any();
      expect(")");
      return inner;
    }
    return comparison(take(), take().toLowerCase());
  };
  const comparison = (field: string, operator: string): Passes => {
    if (operator === "=" || operator === "!=") {
      const value = literal(take());
      return (row) => (textOf(row[field]) === value) === (operator === "=");
    }
    if (operator === "like") {
      const pattern = take();
      const expression = pattern.startsWith("/") ? new RegExp(pattern.slice(1, -1)) : undefined;
      return (row) => {
        const value = textOf(row[field]);
        return expression === undefined ? value.includes(literal(pattern)) : expression.test(value);
      };
    }
    if (operator !== "in")
      throw new AwsRefusal("MalformedQueryException", `filter: ${operator || "nothing"} is not known on this machine`);
    expect("[");
    const values = new Set<string>();
    while (!isNext("]") && next < tokens.length) {
      values.add(literal(take()));
      if (isNext(",")) take();
    }
    expect("]");
    return (row) => values.has(textOf(row[field]));
  };

  const passes = any();
  if (next < tokens.length)
    throw new AwsRefusal("MalformedQueryException", `filter: got ${tokens[next]}, expected the end`);
  return passes;
}

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const at = TOKEN.lastIndex;
    const [, token] = TOKEN.exec(text) ?? [];
    if (token === undefined)
      throw new AwsRefusal("MalformedQueryException", `filter: ${text.slice(at).trim()} cannot be read`);
    tokens.push(token);
  }
  return tokens;
}

function literal(token: string): string {
  return /^["']/.test(token) ? token.slice(1, -1).replaceAll(/\\(.)/g, "$1") : token;
}
