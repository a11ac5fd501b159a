/**
 * Values that a JSON Schema (2020-12, as the API's document uses it) takes, nearly always: a validator has the last
 * word. Members that have a pool of known values (ids of what is there) are often drawn from it.
 */
import fc from "fast-check";
import { hostileText, hostileValue } from "./hostile-values.ts";
import { Known, Members, treeOf, type ValueTree } from "./value-tree.ts";

export interface JsonSchema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly ValueTree[];
  readonly const?: ValueTree;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly propertyNames?: JsonSchema;
  readonly minProperties?: number;
  readonly not?: JsonSchema;
  readonly items?: JsonSchema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly example?: unknown;
  readonly examples?: readonly unknown[];
  readonly default?: unknown;
}

export interface Drawing {
  readonly schemas: Readonly<Record<string, JsonSchema>>;
  /** Names of what is known when a request is sent. */
  readonly pools: ReadonlySet<string>;
  /** As a usual client writes them: the examples, what is known, little else. */
  readonly isPlain: boolean;
}

const MOST_ITEMS = 4;
const A_DAY_MS = 86_400_000;
const URLS = [
  "https://acme.example/hook",
  "https://acme.example:8443/a?b=c#d",
  "http://acme.example/",
  "https://127.0.0.1/",
  "https://[::1]/",
  "https://user:secret@acme.example/",
  "https://xn--bcher-kva.example/%00",
  "https://169.254.169.254/latest/meta-data",
  "https://acme.example.",
  "ftp://acme.example/",
];

export function resolved(schema: JsonSchema, { schemas }: Pick<Drawing, "schemas">): JsonSchema {
  if (schema.$ref === undefined) return schema;
  const name = schema.$ref.replace("#/components/schemas/", "");
  const found = schemas[name];
  if (found === undefined) throw new Error(`the document has no schema ${name}`);
  return resolved(found, { schemas });
}

/** @param name of the member or parameter that it is for */
export function valueOf(given: JsonSchema, drawing: Drawing, name = ""): fc.Arbitrary<ValueTree> {
  const schema = resolved(given, drawing);
  const drawn = drawnBy(schema, drawing);
  const likely: fc.WeightedArbitrary<ValueTree>[] = [{ arbitrary: drawn, weight: drawing.isPlain ? 1 : 4 }];
  const { example, examples = [] } = schema;
  const said = [...(example === undefined ? [] : [example]), ...examples];
  if (said.length > 0) likely.push({ arbitrary: fc.constantFrom(...said.map(treeOf)), weight: 4 });
  if (drawing.pools.has(name))
    likely.push({ arbitrary: fc.nat({ max: 999 }).map((index) => new Known(name, index)), weight: 6 });
  return likely.length === 1 ? drawn : fc.oneof(...likely);
}

function drawnBy(schema: JsonSchema, drawing: Drawing): fc.Arbitrary<ValueTree> {
  if (schema.const !== undefined) return fc.constant(treeOf(schema.const));
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum.map(treeOf));
  const either = schema.anyOf ?? schema.oneOf;
  if (either !== undefined) return fc.oneof(...either.map((one) => valueOf(one, drawing)));
  if (schema.allOf !== undefined) {
    const parts = schema.allOf.map((part) => resolved(part, drawing));
    return drawnBy(Object.assign({}, schema, { allOf: undefined }, ...parts) as JsonSchema, drawing);
  }
  const types = [schema.type ?? []].flat();
  const [type] = types;
  if (types.length > 1) return fc.oneof(...types.map((one) => drawnBy({ ...schema, type: one }, drawing)));
  switch (type) {
    case "string":
      return textBy(schema);
    case "integer":
      return fc.integer({ min: schema.minimum ?? -5, max: schema.maximum ?? 200 });
    case "number":
      return fc.double({ min: schema.minimum ?? -1e6, max: schema.maximum ?? 1e6, noNaN: true });
    case "boolean":
      return fc.boolean();
    case "null":
      return fc.constant(null);
    case "array": {
      const { items = {}, minItems = 0, maxItems = MOST_ITEMS } = schema;
      return fc.array(valueOf(items, drawing), {
        minLength: minItems,
        maxLength: Math.max(minItems, Math.min(maxItems, MOST_ITEMS)),
      });
    }
    case "object":
      return objectBy(schema, drawing);
    default:
      return hostileValue;
  }
}

function objectBy(schema: JsonSchema, drawing: Drawing): fc.Arbitrary<ValueTree> {
  const { properties = {}, required = [], additionalProperties = true, propertyNames, minProperties = 0 } = schema;
  const members = Object.entries(properties).map(([name, of]) => {
    const value = valueOf(of, drawing, name).map((drawn): [string, ValueTree][] => [[name, drawn]]);
    return required.includes(name) ? value : optional(value, drawing);
  });
  const isOpen = additionalProperties !== false && !drawing.isPlain;
  const more = isOpen
    ? fc.array(
        fc.tuple(
          nameBy(propertyNames).filter((name) => !Object.hasOwn(properties, name)),
          typeof additionalProperties === "object" && Object.keys(additionalProperties).length > 0
            ? valueOf(additionalProperties, drawing)
            : hostileValue,
        ),
        { minLength: minProperties, maxLength: Math.max(minProperties, 3) },
      )
    : fc.constant([]);
  return fc.tuple(...members, more).map((parts) => new Members(parts.flat()));
}

function nameBy(schema: JsonSchema | undefined): fc.Arbitrary<string> {
  if (schema?.pattern === undefined) return hostileText;
  const taken = schema.not?.pattern === undefined ? undefined : new RegExp(schema.not.pattern, "u");
  return textBy(schema).filter((name) => taken?.test(name) !== true);
}

/** Many members that may be left out are seldom all well together. */
export function optional<T>(entries: fc.Arbitrary<T[]>, { isPlain }: Pick<Drawing, "isPlain">): fc.Arbitrary<T[]> {
  return fc.oneof({ arbitrary: fc.constant<T[]>([]), weight: isPlain ? 4 : 1 }, { arbitrary: entries, weight: 1 });
}

/** Reading an expression takes tens of milliseconds, and a document has the same ones in many places. */
const read = new Map<string, fc.Arbitrary<string>>();

function matching(expression: RegExp): fc.Arbitrary<string> {
  const texts = read.get(expression.source) ?? fc.stringMatching(expression);
  read.set(expression.source, texts);
  return texts;
}

function textBy(schema: JsonSchema): fc.Arbitrary<string> {
  const { pattern, format, minLength = 0, maxLength = 80 } = schema;
  const fits = (text: string) => {
    // As JSON Schema counts.
    const length = Array.from(text).length;
    return length >= minLength && length <= maxLength;
  };
  if (format === "date-time") return instant;
  if (format === "date") return instant.map((text) => text.slice(0, 10));
  if (format === "uri") return fc.oneof(fc.constantFrom(...URLS), fc.webUrl({ validSchemes: ["https"] }));
  const matches = pattern === undefined ? undefined : new RegExp(pattern, "u");
  if (matches !== undefined && !matches.source.includes("(?")) return matching(matches).filter(fits);
  const drawn = fc.oneof(
    fc.string({ minLength, maxLength: Math.max(minLength, Math.min(maxLength, 24)) }),
    fc.string({ unit: "grapheme", minLength, maxLength: Math.max(minLength, Math.min(maxLength, 24)) }),
    hostileText.filter(fits),
  );
  return matches === undefined ? drawn : drawn.filter((text) => matches.test(text));
}

const NOW = Date.parse("2026-11-22T10:00:00Z");

const instant: fc.Arbitrary<string> = fc.oneof(
  fc
    .tuple(fc.integer({ min: -400, max: 400 }), fc.nat({ max: A_DAY_MS - 1 }))
    .map(([days, ms]) => new Date(NOW + days * A_DAY_MS + ms).toISOString()),
  fc.constantFrom(
    "2026-11-22T10:00:00Z",
    "2026-11-22T10:00:00.123456789Z",
    "2026-11-22T11:00:00+01:00",
    "2026-11-22T23:59:59-23:59",
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59Z",
    "0000-01-01T00:00:00Z",
    "2024-02-29T00:00:00Z",
  ),
);
