import { describe, expect, it } from "@jest/globals";
import { commandLine } from "../../../bin/confirmations/command-line.ts";
import { ran } from "./surroundings.ts";

const leaves = (command: ReturnType<typeof commandLine>, path: readonly string[] = []): string[][] =>
  command.commands.length === 0
    ? [[...path]]
    : command.commands.flatMap((inner) => leaves(inner as never, [...path, inner.name()]));
const program = commandLine(() => async () => undefined, { write: () => 0, writeError: () => 0, columns: 100 });
const all = leaves(program);

describe("every command", () => {
  it("is found", () => expect(all.length).toBeGreaterThan(8));

  it.each(all.map((path) => [path.join(" "), path] as const))(
    "%s has help with examples, and takes --json",
    async (_, path) => {
      const { code, stdout, stderr } = await ran([...path, "--help"]);
      expect([code, stderr]).toEqual([0, ""]);
      expect(stdout).toMatch(new RegExp(`^Usage: npx confirmations ${path.join(" ")} \\[options\\]`));
      expect(stdout).toMatch(new RegExp(`\nExamples:\n  npx confirmations ${path.join(" ")}`));
      expect(stdout).toContain("--json ");
    },
  );

  it.each(all.map((path) => [path.join(" "), path] as const))(
    "%s refuses a mistyped option with what was meant",
    async (_, path) => {
      const { code, stdout, stderr } = await ran([...path, "--jsn"]);
      expect([code, stdout]).toEqual([2, ""]);
      expect(stderr).toBe(
        `Unknown option '--jsn' (did you mean --json?). See: npx confirmations ${path.join(" ")} --help\n`,
      );
    },
  );
});

describe("a command line that is wrong", () => {
  it.each<[string[], string | RegExp]>([
    [["gte", "t-1"], "Unknown command 'gte' (did you mean get?). See: npx confirmations --help\n"],
    [["get"], "Missing required argument 'transactionId'. See: npx confirmations get --help\n"],
    [["get", "a", "b"], /^Too many arguments for 'get'\. Expected 1 argument but got 2: a, b\. See: /],
    [["list", "--limit", "5", "--limit", "6"], "--limit is given twice, expected once.\n"],
    [["list", "--cursor", ""], "--cursor is empty, expected a value.\n"],
    [["list", "--cursor="], "--cursor is empty, expected a value.\n"],
    [["list", "--limit", "101"], '--limit is "101", expected a whole number from 1 to 100.\n'],
    [["list", "--state", "FAILED"], "--state is a directory; expected --status FAILED.\n"],
    [["list", "--profile", "a", "--state", "b"], "--profile and --state are two places, give one of them.\n"],
    [
      ["list", "--merchant", "*"],
      /^The merchant id is "\*", which stands for all merchants: `npx confirmations pause`/,
    ],
    [["list", "--merchant", ".."], /which is no name in the path of a URL/],
    [["list", "--merchant", "a\u0007"], /without control characters/],
    [["get", "é".repeat(513)], /expected a text of 1 to 1024 bytes/],
    [["get", "."], /which is no name in the path of a URL/],
    [["get", " "], /expected a text of 1 to 1024 bytes/],
    [["watch"], "Expected the id of a transaction or --merchant, one of them.\n"],
    [["watch", "t-1", "--merchant", "acme"], "Expected the id of a transaction or --merchant, one of them.\n"],
    [["watch", "t-1", "--from", "2026-11-22T00:00:00Z"], "--from goes with --merchant.\n"],
    [["get", "t-1", "--profile", "nowhere"], /^There is no profile nowhere, there is none; make it with `npx/],
  ])("%.60j is refused before anything is asked", async (args, said) => {
    const { code, stdout, stderr, asked, tokens } = await ran(args);
    expect({ code, stdout, asked, tokens }).toEqual({ code: 2, stdout: "", asked: [], tokens: [] });
    expect(stderr).toMatch(said instanceof RegExp ? said : "");
    if (typeof said === "string") expect(stderr).toBe(said);
    expect(stderr.trimEnd()).not.toContain("\n");
  });

  it("shows the help of a group, of which no command was named", async () => {
    const { code, stdout, stderr } = await ran(["profile"]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/^Usage: npx confirmations profile /);
  });

  it("may be one of which npm took a part", async () => {
    const environment = { CONFIRMATIONS_STATE: "", npm_config_json: "true", npm_config_yes: "true" };
    const { code, stderr } = await ran(["profile", "list"], undefined, { environment });
    expect([code, stderr]).toEqual([
      2,
      'npm took --json for itself, expected after "--": npm exec -- confirmations profile list --json.\n',
    ]);
  });
});
