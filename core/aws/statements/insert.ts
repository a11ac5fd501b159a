/**
 * A new row, whole. A PartiQL insert is refused where the row exists (`DuplicateItem`), which is the condition of a
 * cooperative producer for a first version; 25 of them go in one call, where `PutItem` takes one.
 */
import type { AttributeMap, AttributeValue } from "../../transaction/attribute-value.ts";
import { quoted } from "../../transaction/json-text.ts";
import type { Statement } from "./statement.ts";

/** Texts by the names of the attributes: few are in use. */
const texts = new Map<string, string>();
const MOST_TEXTS = 1000;

/** @param row its names are of the product's own, without quotes */
export function insertStatement(table: string, row: AttributeMap): Statement {
  const names = Object.keys(row);
  return {
    transactionId: row["transactionId"]?.S ?? "",
    text: textOf(table, names),
    parameters: names.map((name) => row[name] as AttributeValue),
  };
}

function textOf(table: string, names: readonly string[]): string {
  const key = `${table} ${names.join(" ")}`;
  let text = texts.get(key);
  if (text === undefined) {
    text = `INSERT INTO ${quoted(table)} VALUE {${names.map((name) => `'${name}':?`).join(",")}}`;
    if (texts.size >= MOST_TEXTS) texts.clear();
    texts.set(key, text);
  }
  return text;
}
