/**
 * The part of the language of CloudWatch Logs Insights that the saved queries are written in: `fields`, `filter` (`=`,
 * `!=`, `in`, `like`, `and`, `or`, `not`), `stats … by …`, `sort`, `limit`. Anything else is refused by name rather
 * than passed over.
 */
import { AwsRefusal } from "../../aws-refusal.ts";
import { filterOf } from "./insights-filter.ts";
import { statsOf } from "./insights-stats.ts";
import { compare, namesIn, type Row } from "./row.ts";

type Step = (rows: readonly Row[]) => readonly Row[];

const MOST_ROWS = 10_000;
const DEFAULT_FIELDS = ["@timestamp", "@message"];

/** @throws AwsRefusal. @returns rows whose members are in the order in which they are shown */
export function runQuery(query: string, events: readonly Row[]): readonly Row[] {
  const commands = query.split(/\s*\|\s*(?=(?:[^"]*"[^"]*")*[^"]*$)/).map((command) => command.trim());
  let shown: readonly string[] | undefined;
  let rows: readonly Row[] = events;
  for (const command of commands.filter((text) => text !== "" && !text.startsWith("#"))) {
    const [verb = "", rest = ""] = /^(\w+)\s*([\s\S]*)$/.exec(command)?.slice(1) ?? [];
    if (verb === "fields" || verb === "display")
      shown = [...(verb === "fields" ? (shown ?? []) : []), ...namesIn(rest)];
    else rows = stepOf(verb, rest)(rows);
    if (verb === "stats") shown = undefined;
  }
  const names = shown ?? (/\|?\s*stats\s/.test(query) ? undefined : DEFAULT_FIELDS);
  return rows.slice(0, MOST_ROWS).map((row) => (names === undefined ? row : picked(row, names)));
}

function stepOf(verb: string, rest: string): Step {
  if (verb === "filter") {
    const passes = filterOf(rest);
    return (rows) => rows.filter((row) => passes(row));
  }
  if (verb === "stats") return statsOf(rest);
  if (verb === "sort") return sorted(rest);
  if (verb === "limit" || verb === "head") return (rows) => rows.slice(0, Number(rest));
  throw new AwsRefusal(
    "MalformedQueryException",
    `${verb} is not known on this machine; expected fields, filter, stats, sort or limit`,
  );
}

function sorted(rest: string): Step {
  const [name = "", direction = "asc"] = rest.split(/\s+/);
  const sign = direction.toLowerCase() === "desc" ? -1 : 1;
  return (rows) => rows.toSorted((one, other) => sign * compare(one[name], other[name]));
}

function picked(row: Row, names: readonly string[]): Row {
  return Object.fromEntries(names.filter((name) => row[name] !== undefined).map((name) => [name, row[name]]));
}
