/**
 * Runs the conditional PartiQL updates of `core/aws/statements/` on a row in memory, with DynamoDB's semantics for the
 * little of the language that they use; test/core/aws/partiql.test.ts holds it against DynamoDB Local. Anything else
 * throws.
 */
import { isDeepStrictEqual } from "node:util";
import type { AttributeMap, AttributeValue } from "../../../core/transaction/attribute-value.ts";

interface Statement {
  readonly text: string;
  readonly parameters: readonly AttributeValue[];
}

const TOKEN = /\s*("[^"]*"|'[^']*'|<>|[=<?(),]|\d+|[A-Za-z_]\w*(?:\.(?:\w+|"\w+"))*)/y;

/** @returns the row after the update, or undefined when the condition failed */
export function runUpdate(statement: Statement, row: AttributeMap | undefined): AttributeMap | undefined {
  const reader = new Reader(tokensOf(statement.text), statement.parameters);
  reader.expect("UPDATE");
  reader.next();
  const result: Record<string, AttributeValue> = { ...row };
  const touched = new Set<string>();
  while (reader.peek() !== "WHERE") {
    const clause = reader.next();
    const name = reader.next().replaceAll('"', "");
    if (touched.has(name)) throw new Error(`two clauses name ${name}, which DynamoDB refuses: ${statement.text}`);
    touched.add(name);
    if (clause === "REMOVE") delete result[name];
    else if (clause === "SET") {
      reader.expect("=");
      result[name] = reader.value();
    } else throw new Error(`unexpected ${clause} in ${statement.text}`);
  }
  reader.expect("WHERE");
  const holds = disjunction(reader, row ?? {});
  reader.end();
  return row !== undefined && holds ? result : undefined;
}

function disjunction(reader: Reader, row: AttributeMap): boolean {
  let holds = conjunction(reader, row);
  while (reader.take("OR")) holds = conjunction(reader, row) || holds;
  return holds;
}

function conjunction(reader: Reader, row: AttributeMap): boolean {
  let holds = primary(reader, row);
  while (reader.take("AND")) holds = primary(reader, row) && holds;
  return holds;
}

function primary(reader: Reader, row: AttributeMap): boolean {
  if (reader.take("(")) {
    const holds = disjunction(reader, row);
    reader.expect(")");
    return holds;
  }
  const attribute = attributeAt(row, reader.next());
  const operator = reader.next();
  if (operator === "IS") {
    reader.expect("MISSING");
    return attribute === undefined;
  }
  const value = reader.value();
  if (operator === "=") return attribute !== undefined && isSame(attribute, value);
  if (operator === "<>") return attribute === undefined || !isSame(attribute, value);
  if (operator === "<") return attribute?.N !== undefined && Number(attribute.N) < Number(value.N);
  throw new Error(`unexpected operator ${operator}`);
}

/** @param path names of maps within maps, joined by dots */
function attributeAt(row: AttributeMap, path: string): AttributeValue | undefined {
  const [name = "", ...rest] = path.replaceAll('"', "").split(".");
  return rest.reduce<AttributeValue | undefined>((found, member) => found?.M?.[member], row[name]);
}

function isSame(one: AttributeValue, other: AttributeValue): boolean {
  if (one.N !== undefined && other.N !== undefined) return Number(one.N) === Number(other.N);
  return isDeepStrictEqual(one, other);
}

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const at = TOKEN.lastIndex;
    const token = TOKEN.exec(text)?.[1];
    if (token === undefined) throw new Error(`cannot read ${text.slice(at)}`);
    tokens.push(token);
  }
  return tokens;
}

class Reader {
  readonly #tokens: readonly string[];
  readonly #parameters: readonly AttributeValue[];
  #token = 0;
  #parameter = 0;

  constructor(tokens: readonly string[], parameters: readonly AttributeValue[]) {
    this.#tokens = tokens;
    this.#parameters = parameters;
  }

  peek(): string | undefined {
    return this.#tokens[this.#token];
  }

  next(): string {
    const token = this.#tokens[this.#token];
    if (token === undefined) throw new Error("the statement ends too soon");
    this.#token += 1;
    return token;
  }

  take(token: string): boolean {
    if (this.peek() !== token) return false;
    this.#token += 1;
    return true;
  }

  expect(token: string): void {
    if (!this.take(token)) throw new Error(`expected ${token}, got ${this.peek()}`);
  }

  value(): AttributeValue {
    const token = this.next();
    if (token.startsWith("'")) return { S: token.slice(1, -1) };
    if (/^\d/.test(token)) return { N: token };
    const parameter = this.#parameters[this.#parameter];
    if (token !== "?" || parameter === undefined) throw new Error(`expected a value, got ${token}`);
    this.#parameter += 1;
    return parameter;
  }

  end(): void {
    if (this.#token !== this.#tokens.length || this.#parameter !== this.#parameters.length)
      throw new Error("the statement has more tokens or parameters than were used");
  }
}
