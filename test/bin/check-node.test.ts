import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";

const ROOT = join(import.meta.dirname, "../..");
const CHECK = "--import ./bin/check-node.mjs";
const { scripts, engines } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
  scripts: Record<string, string>;
  engines: { node: string };
};
const { app } = JSON.parse(readFileSync(join(ROOT, "cdk.json"), "utf8")) as { app: string };

/** What the check says under another Node: its version is all that it looks at. */
function checkedUnder(version: string) {
  const program =
    `Object.defineProperty(process.versions, "node", { value: "${version}" }); ` +
    `await import("./bin/check-node.mjs"); console.log("goes on");`;
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", program], {
    cwd: ROOT,
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

describe("a Node that cannot run TypeScript", () => {
  it("is told in one line, with what to do", () => {
    const { status, stdout, stderr } = checkedUnder("20.20.2");
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toMatch(
      /^Node 24 is needed, this is 20\.20\.2: .*`npm ci --ignore-scripts`.*`npm rebuild node`\.\n$/,
    );
  });

  it("is not the one that is asked for", () => {
    expect(engines.node).toMatch(/^>=24\./);
    expect(checkedUnder("24.15.0")).toEqual({ status: 0, stdout: "goes on\n", stderr: "" });
  });

  it("is looked for by every program that package.json and cdk.json run", () => {
    const { pretest, test, ...others } = scripts;
    expect([pretest, test]).toEqual(["node bin/check-node.mjs", expect.stringMatching(/^node .*jest\.js$/)]);
    const programs = [...Object.values(others), app].filter((line) => line.startsWith("node "));
    expect(programs.filter((line) => !line.includes(CHECK))).toEqual([]);
    expect(programs.length).toBeGreaterThan(10);
  });
});

describe("the Node that is asked for", () => {
  it("is one that every package of the lock file supports, so that npm ci warns of none", () => {
    const lock = JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8")) as {
      packages: Record<string, { engines?: { node?: string } }>;
    };
    const oldest = engines.node.replace(">=", "");
    const unsupported = Object.entries(lock.packages)
      .filter(([path, { engines: wanted }]) => path !== "" && wanted?.node !== undefined)
      .filter(([, { engines: wanted }]) => !supports(wanted?.node ?? "", oldest));
    expect(unsupported.map(([path, { engines: wanted }]) => `${path}: ${wanted?.node}`)).toEqual([]);
  });
});

/** As npm reads the ranges that packages have: alternatives of caret, comparison, star and bare versions. */
function supports(range: string, version: string): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split(".").map(Number);
  const number = (text: string) => {
    const [a = 0, b = 0, c = 0] = text.split(".").map((part) => (/^\d+$/.test(part) ? Number(part) : 0));
    return { a, value: a * 1e6 + b * 1e3 + c };
  };
  const mine = major * 1e6 + minor * 1e3 + patch;
  return range.split("||").some((alternative) => {
    const parts = alternative
      .trim()
      .replaceAll(/([<>=^~]) +/g, "$1")
      .split(/\s+/);
    return parts.every((part) => {
      const [, sign = "", text = ""] = /^([<>=^~v]*)(.*)$/.exec(part) ?? [];
      const { a, value } = number(text);
      if (text === "" || text === "*" || text === "x") return true;
      if (sign === ">=") return mine >= value;
      if (sign === ">") return mine > value;
      if (sign === "<") return mine < value;
      if (sign === "<=") return mine <= value;
      return major === a && mine >= value;
    });
  });
}
