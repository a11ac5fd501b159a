import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import type { Command } from "../../../local/command-line/command.ts";
import { optionsTakenByNpm } from "../../../local/command-line/options-taken-by-npm.ts";

const ROOT = join(import.meta.dirname, "../../..");
const PAINT = {
  name: "npm run paint",
  does: "Paints.",
  code: "LOCAL_OPTION_INVALID",
  takesOperands: true,
  options: {
    "with-primer": { type: "boolean", default: false, says: "first" },
    colour: { type: "string", takes: "<colour>", says: "of what is painted" },
  },
} as const satisfies Command;

describe("an option before --", () => {
  it.each([
    [{ npm_config_with_primer: "true" }, ["wall"], "--with-primer", "npm run paint -- wall --with-primer"],
    [{ npm_config_colour: "red" }, [], "--colour", "npm run paint -- --colour red"],
    [{ npm_config_colour: "dark red" }, ["wall"], "--colour", "npm run paint -- wall --colour 'dark red'"],
    // npm passed its value on as an argument: nobody knows which it was.
    [{ npm_config_colour: "true" }, ["wall", "red"], "--colour", "npm run paint -- … --colour <colour>"],
    [
      { npm_config_colour: "red", npm_config_with_primer: "true" },
      ["wall"],
      "--with-primer and --colour",
      "npm run paint -- wall --with-primer --colour red",
    ],
  ])("%j is found, and how to write it", (environment, args, names, line) => {
    expect(optionsTakenByNpm(PAINT, args, environment)).toBe(
      `npm took ${names} for itself, expected after "--": ${line}`,
    );
  });

  it.each([
    [{}, ["wall"]],
    [{ npm_config_json: "true" }, ["wall"]],
    [{ npm_config_with_primer: "" }, ["wall"]],
    [{ npm_config_colour: "red" }, ["wall", "--colour", "blue"]],
    [{ npm_config_colour: "red" }, ["wall", "--colour=blue"]],
  ])("%j with %j is none", (environment, args) => {
    expect(optionsTakenByNpm(PAINT, args, environment)).toBeUndefined();
  });

  it.each([
    ["local/start.ts", [], { npm_config_fresh: "true" }, "npm start -- --fresh"],
    ["local/demo/demo.ts", [], { npm_config_kill_worker: "true" }, "npm run demo -- --kill-worker"],
    ["local/start.ts", [], { npm_config_state: "x" }, "npm start -- --state x"],
    ["tools/chaos/chaos.ts", [], { npm_config_minutes: "3" }, "npm run chaos -- --minutes 3"],
    ["tools/simulate/simulate.ts", [], { npm_config_plot: "x" }, "npm run simulate -- --plot x"],
    ["tools/bench/cost/bench.ts", [], { npm_config_smoke: "true" }, "npm run bench -- --smoke"],
  ])("ends %s %j, which has done nothing", (program, args, environment, line) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
      cwd: ROOT,
      encoding: "utf8",
      env: { ...process.env, ...environment },
    });
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr.trim().split("\n")).toEqual([
      expect.stringMatching(/^npm took --.* for itself, expected after "--"/),
    ]);
    expect(stderr).toContain(`${line}.\n`);
  });

  it("is told by npm as this reads it", () => {
    const { status, stderr } = spawnSync("npm", ["run", "demo", "--kill-worker"], {
      cwd: ROOT,
      encoding: "utf8",
    });
    expect(status).toBe(1);
    expect(stderr).toContain(
      'npm took --kill-worker for itself, expected after "--": npm run demo -- --kill-worker.\n',
    );
  });

  it("has no name that npm tells of itself, whatever it was given", () => {
    const show = "console.log(JSON.stringify(Object.keys(process.env).filter((name) => /^npm_config_/.test(name))))";
    const { stdout } = spawnSync("npm", ["exec", "--offline", "--", "node", "-e", show], {
      cwd: ROOT,
      encoding: "utf8",
      // Without what is set on this machine.
      env: { PATH: process.env["PATH"], npm_config_userconfig: "no.npmrc", npm_config_globalconfig: "none.npmrc" },
    });
    const told = new Set(JSON.parse(stdout) as string[]);
    expect(told).toContain("npm_config_prefix");
    const page = readFileSync(join(ROOT, "docs/using/command-line.md"), "utf8");
    const names = [...page.matchAll(/^ {2}(?:-\w, )?--([a-z-]+)/gm)].map(([, name = ""]) => name);
    expect(names).toContain("id-prefix");
    expect(names.filter((name) => told.has(`npm_config_${name.replaceAll("-", "_")}`))).toEqual([]);
  });
});
