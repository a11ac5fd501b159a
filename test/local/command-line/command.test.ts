import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { type Command, helpOf, JSON_OPTION } from "../../../local/command-line/command.ts";
import { oneOf, optionsOf, wholeNumber } from "../../../local/command-line/parse.ts";
import { DEMO_COMMAND } from "../../../local/demo/options.ts";
import { START_COMMAND } from "../../../local/start-options.ts";
import { BENCH_COMMAND } from "../../../tools/bench/cost/options.ts";
import { CHAOS_COMMAND } from "../../../tools/chaos/options.ts";
import { SIMULATE_COMMAND } from "../../../tools/simulate/options.ts";

const COMMANDS: readonly Command[] = [BENCH_COMMAND, CHAOS_COMMAND, DEMO_COMMAND, SIMULATE_COMMAND, START_COMMAND];

const PAINT = {
  name: "npm run paint",
  does: "Paints.",
  code: "LOCAL_OPTION_INVALID",
  options: {
    colour: { type: "string", default: "red", takes: "red|blue", says: "of what is painted" },
    layer: { type: "string", multiple: true, default: [] as string[], takes: "<number>", says: "once for each" },
    json: JSON_OPTION,
  },
} as const satisfies Command;

describe("a command", () => {
  it("lists each option with its value, what it is for and its default", () => {
    expect(helpOf(PAINT)).toBe(`npm run paint -- [options]

Paints.

  --colour red|blue  of what is painted (red)
  --layer <number>   once for each
  --json             the result as JSON on standard output
  --help             this text
`);
  });

  it.each([
    [["--color", "red"], "Unknown option '--color'"],
    [["--colour", "red", "--colour", "blue"], "--colour is given twice, expected once"],
    [["--colour", ""], "--colour is empty, expected a value"],
    [["--colour", "green"], '--colour takes red, blue, got "green"'],
    [["--layer", "1.5"], '--layer takes a whole number from 1 to 9, got "1.5"'],
    [["wall"], "Unexpected argument 'wall'"],
  ])("refuses %j in one line and says where to read on", (args, sentence) => {
    const reading = () =>
      optionsOf(PAINT, args, ({ values }) => {
        oneOf("--colour", values.colour, ["red", "blue"]);
        return values.layer.map((text) => wholeNumber("--layer", text, 1, 9));
      });
    expect(reading).toThrow(
      expect.objectContaining({
        code: "LOCAL_OPTION_INVALID",
        message: expect.stringMatching(new RegExp(`^${sentence}\\. See: npm run paint -- --help$`)),
        cause: expect.objectContaining({ code: "COMMAND_LINE_INVALID" }),
      }),
    );
  });

  it("passes on what is no fault of the command line", () => {
    expect(() =>
      optionsOf(PAINT, [], () => {
        throw new TypeError("a bug");
      }),
    ).toThrow(TypeError);
  });

  it.each(COMMANDS.map((command) => [command.name, command] as const))("%s is one that npm runs", (name, command) => {
    const { scripts } = JSON.parse(readFileSync(join(import.meta.dirname, "../../../package.json"), "utf8")) as {
      scripts: Record<string, string>;
    };
    expect(scripts).toHaveProperty([name.split(" ").at(-1) ?? ""]);
    expect(
      helpOf(command)
        .split("\n")
        .filter((line) => line.length > 200),
    ).toEqual([]);
    expect(helpOf(command)).toContain("--help");
  });
});
