/**
 * A request held against the service's own model, as the SDK ships it: which members there are, of what kind, and which
 * must be there. The SDK itself sends what it is given; the service refuses it.
 */
import { NormalizedSchema } from "@smithy/core/schema";
import { isObject } from "../assembly/template.ts";

/** A structure, as the SDK writes it down: kind, namespace, name, traits, names of members, their schemas, required. */
export type Structure = readonly [3, string, string, unknown, readonly string[], readonly unknown[], number?];

/** @returns what is wrong with each member, by its path */
export function faultsOf(structure: unknown, input: unknown, at = ""): readonly string[] {
  const [, , , , names, , required = 0] = structure as Structure;
  if (!isObject(input)) return [`${at === "" ? "the request" : at}: expected an object`];
  const path = (name: string) => (at === "" ? name : `${at}.${name}`);
  const unknown = Object.keys(input).filter((name) => !names.includes(name));
  const missing = names.slice(0, required).filter((name) => input[name] === undefined || input[name] === null);
  const schemas = new Map(NormalizedSchema.of(structure as never).structIterator());
  const wrong = [...schemas].flatMap(([name, schema]) =>
    input[name] === undefined || input[name] === null ? [] : faultsOfValue(schema, input[name], path(name)),
  );
  return [
    ...unknown.map((name) => `${path(name)}: there is no such member`),
    ...missing.map((name) => `${path(name)}: is missing`),
    ...wrong,
  ];
}

function faultsOfValue(schema: NormalizedSchema, value: unknown, at: string): readonly string[] {
  if (schema.isStructSchema()) return faultsOf(schema.getSchema(), value, at);
  if (schema.isListSchema()) {
    if (!Array.isArray(value)) return [`${at}: expected a list`];
    return value.flatMap((item, index) => faultsOfValue(schema.getValueSchema(), item, `${at}[${index}]`));
  }
  if (schema.isMapSchema()) {
    if (!isObject(value)) return [`${at}: expected a map`];
    return Object.entries(value).flatMap(([key, item]) => faultsOfValue(schema.getValueSchema(), item, `${at}.${key}`));
  }
  if (schema.isNumericSchema() || schema.isTimestampSchema())
    return typeof value === "number" ? [] : [`${at}: expected a number`];
  if (schema.isBooleanSchema()) return typeof value === "boolean" ? [] : [`${at}: expected true or false`];
  // Bytes come as base64.
  return typeof value === "string" ? [] : [`${at}: expected text`];
}
