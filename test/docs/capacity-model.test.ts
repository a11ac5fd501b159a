/**
 * The tables of the page of the capacity model are those that the code calculates, and the settings that it shows are
 * enough for its rate.
 */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import { bindsAt, limitsOf } from "../../tools/bench/capacity-model/limits.ts";
import {
  inFlightTable,
  limitTable,
  loadTable,
  remedyList,
  taskTable,
} from "../../tools/bench/capacity-model/report.ts";
import { parseSettings } from "../../core/settings/settings.ts";

const page = readFileSync("docs/understanding/capacity-model.md", "utf8");

/** Rows of cells, however they are padded. */
function cellsOf(text: string): string[][] {
  return text
    .split("\n")
    .filter((line) => line.startsWith("|") && !/^\|[ :|-]+$/.test(line))
    .map((line) => line.split("|").map((cell) => cell.trim()));
}

describe("the capacity model up to 100,000 a second", () => {
  it.each([
    ["what each stage has to do", loadTable()],
    ["what binds, in turn", limitTable()],
    ["tasks", taskTable()],
    ["messages in flight", inFlightTable()],
  ])("has the table as npm run capacity-model prints it: %s", (_, table) => {
    const rows = cellsOf(page);
    const [titles = []] = cellsOf(table);
    const start = rows.findIndex((row) => row.join() === titles.join());
    expect(rows.slice(start, start + cellsOf(table).length)).toEqual(cellsOf(table));
  });

  it("says by what each limit is raised, as npm run capacity-model prints it", () => {
    const words = (text: string) => text.split(/\s+/).join(" ");
    expect(words(page)).toContain(words(remedyList()));
  });

  it("shows settings with which no setting binds below that rate", () => {
    const [, json = ""] = /```json\n(.+?)```/s.exec(page) ?? [];
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
