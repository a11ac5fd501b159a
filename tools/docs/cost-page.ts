/**
 * The tables of the page on costs, by item, as `npm run cost` has them by default settings. Between two comments of
 * the page; all else on it is written by hand.
 */
import type { Cost } from "../../lib/cost/cost-item.ts";
import type { Costs } from "../cost/costs-of.ts";

export const COST_PAGE = "docs/operating/cost.md";
const BEGIN = "<!-- npm run cost-page: begin -->";
const END = "<!-- npm run cost-page: end -->";

const AT_REST = { standard: "standard", lambda: "small-account" } as const;
const PER_MILLION = {
  young: "young",
  old: "old",
  provisionedDefault: "provisioned",
  provisionedLean: "lean",
  lambdaOld: "small-account",
} as const;

const INTAKE = {
  apiOneByOne: "one by one",
  apiBatches: "by 500",
  apiOneByOneDirect: "one by one, direct",
  apiBatchesDirect: "by 500, direct",
} as const;

export function costTables({ atRest, perMillion, intake }: Costs): string {
  return [
    table("A month at rest", AT_REST, atRest),
    table("A million confirmations", PER_MILLION, perMillion),
    table("A million taken by the API", INTAKE, intake),
  ].join("\n\n");
}

/** @returns the page with these tables in the place of its own */
export function withTables(page: string, tables: string): string {
  const [before = "", rest = ""] = page.split(BEGIN);
  const [, after = ""] = rest.split(END);
  return `${before}${BEGIN}\n\n${tables}\n\n${END}${after}`;
}

export function tablesOf(page: string): string {
  return (page.split(BEGIN)[1] ?? "").split(END)[0]?.trim() ?? "";
}

function table<Name extends string>(
  title: string,
  columns: Readonly<Record<Name, string>>,
  costs: Readonly<Record<NoInfer<Name>, Cost>>,
): string {
  const names = Object.keys(columns) as Name[];
  const items = [...new Set(names.flatMap((name) => costs[name].items.map(({ item }) => item)))];
  const usdOf = (name: Name, item: string) => costs[name].items.find((one) => one.item === item)?.usd ?? 0;
  const rows = [
    [title, ...names.map((name) => columns[name])],
    ...items.map((item) => [item, ...names.map((name) => cents(usdOf(name, item)))]),
    ["**in all**", ...names.map((name) => `**${costs[name].usd.toFixed(2)}**`)],
  ];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  const padded = (cell: string, column: number) =>
    column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0);
  const line = (cells: readonly string[]) => `| ${cells.map(padded).join(" | ")} |`;
  const rule = widths.map((width, column) => (column === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`));
  return [line(rows[0] ?? []), line(rule), ...rows.slice(1).map(line)].join("\n");
}

/** Nothing, and what is less than a cent, is left empty. */
function cents(usd: number): string {
  return usd < 0.005 ? "" : usd.toFixed(2);
}
