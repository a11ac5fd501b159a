import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { METRICS } from "../../core/settings/names.ts";

const root = join(import.meta.dirname, "../..");
const page = readFileSync(join(root, "docs/operating/metrics.md"), "utf8");
const programs = globSync("{core,lambdas,containers}/**/*.ts", { cwd: root })
  .filter((file) => file !== join("core", "settings", "names.ts"))
  .map((file) => readFileSync(join(root, file), "utf8"))
  .join("\n");

describe("docs/operating/metrics.md", () => {
  it("has a line for each metric and no other", () => {
    const lines = [...page.matchAll(/^- `(\w+)`(?::| \()/gm)].map(([, metric = ""]) => metric);
    expect(lines.toSorted()).toEqual(Object.values(METRICS).toSorted());
  });

  it.each(Object.keys(METRICS))("is about metrics that some program publishes: %s", (name) => {
    expect(programs).toContain(`METRICS.${name}`);
  });
});
