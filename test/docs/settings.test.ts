/**
 * The table of settings in the README and the settings themselves say the same: each one is there, with its default.
 */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import { parseSettings } from "../../core/settings/settings.ts";

/** Its default is told in words. */
const IN_WORDS = new Set(["retry.scheduleSeconds"]);

/** Path and default of each setting, as the table shows it. */
function defaultsOf(settings: object, above = ""): [string, string][] {
  return Object.entries(settings).flatMap(([name, value]: [string, unknown]) => {
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return defaultsOf(value, `${name}.`);
    return [[above + name, shown(value)]];
  });
}

function shown(value: unknown): string {
  if (Array.isArray(value) && value.length === 0) return "none";
  return typeof value === "string" ? `\`${value}\`` : JSON.stringify(value);
}

/** Lines such as "- `worker.cpu`, `worker.memoryMiB` (1024, 2048): what they are"; a line may be wrapped. */
function documented(): [string, string][] {
  const page = readFileSync("docs/operating/settings.md", "utf8");
  return [...page.matchAll(/^- (`[\w.]+`(?:,\s+`[\w.]+`)*)\s+\(([^)]*)\):/gm)].flatMap(
    ([, names = "", defaults = ""]) => {
      const values = defaults.split(",").map((value) => value.trim());
      return [...names.matchAll(/`([\w.]+)`/g)].map(([, name = ""], index): [string, string] => [
        name,
        values[index] ?? "",
      ]);
    },
  );
}

describe("the page of settings", () => {
  it("has each setting with its default, and none that does not exist", () => {
    const table = documented().filter(([name]) => !IN_WORDS.has(name));
    // Optional ones have no default to be read.
    const code = [...defaultsOf(parseSettings({})), ["alarms.runbookUrl", "none"] as [string, string]];
    const settings = code.filter(([name]) => !IN_WORDS.has(name));
    expect(Object.fromEntries(table)).toEqual(Object.fromEntries(settings));
  });
});
