/** `stats count(*) as lines, max(@timestamp) as lastAt by service, message`: a row for each group. */
import { AwsRefusal } from "../../aws-refusal.ts";
import { compare, namesIn, type Row } from "./row.ts";

interface Aggregate {
  readonly name: string;
  readonly of: (rows: readonly Row[]) => unknown;
}

const AGGREGATE = /^(count|sum|min|max|avg)\(\s*(\*|[\w@.]+)\s*(?:\/\s*([\d.]+))?\s*\)(?:\s+as\s+(\w+))?$/;

/** @throws AwsRefusal */
export function statsOf(text: string): (rows: readonly Row[]) => readonly Row[] {
  const [aggregatesText = "", by] = text.split(/\s+by\s+/);
  const keys = by === undefined ? [] : namesIn(by);
  const aggregates = namesIn(aggregatesText).map(aggregateOf);
  return (rows) => {
    const groups = Map.groupBy(rows, (row) => JSON.stringify(keys.map((key) => row[key] ?? null)));
    return [...groups.values()].map((group) => {
      const named = keys.filter((key) => group[0]?.[key] !== undefined).map((key) => [key, group[0]?.[key]]);
      const values = aggregates.map(({ name, of }) => [name, of(group)]).filter(([, value]) => value !== undefined);
      return Object.fromEntries([...named, ...values]) as Row;
    });
  };
}

function aggregateOf(text: string): Aggregate {
  const [, verb, field = "", divisor = "1", alias] = AGGREGATE.exec(text) ?? [];
  if (verb === undefined)
    throw new AwsRefusal("MalformedQueryException", `stats: ${text} is not known on this machine`);
  const name = alias ?? text;
  if (field === "*") return { name, of: (rows) => rows.length };
  const valuesOf = (rows: readonly Row[]): unknown[] =>
    rows.map((row) => row[field]).filter((value) => value !== undefined);
  return { name, of: (rows) => aggregated(verb, valuesOf(rows), Number(divisor)) };
}

function aggregated(verb: string, values: readonly unknown[], divisor: number): unknown {
  if (verb === "count") return values.length;
  const [first, ...others] = values;
  if (first === undefined) return undefined;
  const sum = (): number => values.reduce<number>((total, value) => total + Number(value), 0) / divisor;
  if (verb === "sum") return sum();
  if (verb === "avg") return sum() / values.length;
  const sign = verb === "max" ? 1 : -1;
  const found = others.reduce((best, value) => (sign * compare(value, best) > 0 ? value : best), first);
  return typeof found === "number" ? found / divisor : found;
}
