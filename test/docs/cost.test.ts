import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it, jest } from "@jest/globals";
import { type Costs, costsOf } from "../../tools/cost/costs-of.ts";
import { COST_PAGE, costTables, tablesOf } from "../../tools/docs/cost-page.ts";

// Four stacks are synthesized, on a machine that is busy with other things.
jest.setTimeout(300_000);

/** By table, row and column: a figure, or 0 where there is none. */
const figuresIn = (tables: string) =>
  tables.split("\n\n").flatMap((table) => {
    const [title = "", , ...rows] = table.split("\n").map((line) => line.split("|").slice(1, -1));
    return rows.flatMap(([item = "", ...cells]) =>
      cells.map((cell, column) => {
        const usd = Number.parseFloat(cell.replaceAll("*", "")) || 0;
        return [`${title[0]?.trim()}, ${item.trim()}, ${column}`, usd] as const;
      }),
    );
  });
/** What one alarm more or less makes; then the page is still right, and what costs more is noticed. */
const ALARM_USD = 0.15;

describe("the page on costs", () => {
  let costs: Costs;
  beforeAll(() => {
    costs = costsOf({});
  });

  it("has the figures of npm run cost; npm run cost-page writes them", () => {
    const page = new Map(figuresIn(tablesOf(readFileSync(join(import.meta.dirname, "../..", COST_PAGE), "utf8"))));
    const wanted = figuresIn(costTables(costs));
    expect([...page.keys()]).toStrictEqual(wanted.map(([name]) => name));
    for (const [name, usd] of wanted)
      expect([name, Math.abs((page.get(name) ?? 0) - usd) < ALARM_USD]).toEqual([name, true]);
  });

  it("is of costs that are as low as is promised", () => {
    expect(costs.atRest.standard.usd).toBeLessThanOrEqual(180);
    expect(costs.atRest.lambda.usd).toBeLessThanOrEqual(10);
    expect(costs.perMillion.provisionedDefault.usd).toBeLessThanOrEqual(5.5);
    expect(costs.perMillion.provisionedLean.usd).toBeLessThanOrEqual(3);
  });
});
