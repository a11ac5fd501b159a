/**
 * The tables of "Up to 100,000 a second, on paper" are those that the code calculates, and the settings that it shows
 * are enough for its rate.
 */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import { bindsAt, limitsOf } from "../../tools/bench/on-paper/limits.ts";
import { inFlightTable, limitTable, loadTable, taskTable } from "../../tools/bench/on-paper/report.ts";
import { parseSettings } from "../../core/settings/settings.ts";

const [, section = ""] = readFileSync("docs/understanding/performance.md", "utf8").split(
  "\n## Up to 100,000 a second, on paper\n",
);

/** Rows of cells, however they are padded. */
function cellsOf(text: string): string[][] {
  return text
    .split("\n")
    .filter((line) => line.startsWith("|") && !/^\|[ :|-]+$/.test(line))
    .map((line) => line.split("|").map((cell) => cell.trim()));
}

describe("up to 100,000 a second, on paper", () => {
  it.each([
    ["what each stage has to do", loadTable()],
    ["what binds, in turn", limitTable()],
    ["tasks", taskTable()],
    ["messages in flight", inFlightTable()],
  ])("has the table as npm run on-paper prints it: %s", (_, table) => {
    const rows = cellsOf(section);
    const [titles = []] = cellsOf(table);
    const start = rows.findIndex((row) => row.join() === titles.join());
    expect(rows.slice(start, start + cellsOf(table).length)).toEqual(cellsOf(table));
  });

  it("shows settings with which no setting binds below that rate", () => {
    const [, json = ""] = /```json\n(.+?)```/s.exec(section) ?? [];
    const settings = parseSettings(json);
    const bySettings = limitsOf(settings).filter(
      ({ raisedBy }) => /`(audit\.|merchantShards|dueShards|tracing\.|worker\.)/.test(raisedBy) && !/L-/.test(raisedBy),
    );
    expect(bySettings).toHaveLength(5);
    for (const { what, ...limit } of bySettings)
      expect([what, (bindsAt(limit) ?? Infinity) >= 100_000]).toEqual([what, true]);
    expect(settings.tableWriteQuota).toBe(200_000);
  });
});
