import { describe, expect, it } from "@jest/globals";
import { parsePauseOptions } from "../../local/pause-options.ts";

describe("options of npm run pause and npm run resume", () => {
  it.each([
    [["pause"], { kind: "pause", stateDirectory: ".local" }],
    [["resume", "--state", "/elsewhere"], { kind: "resume", stateDirectory: "/elsewhere" }],
  ])("%j", (args, options) => {
    expect(parsePauseOptions(args)).toEqual(options);
  });

  it.each([
    [[], /^Expected pause or resume\. Usage: npm run pause/],
    [["pause", "my-shop"], /Unexpected argument 'my-shop'.*Usage: npm run pause/s],
    [["resume", "--all"], /Unknown option '--all'.*Usage: npm run resume/s],
    [["pause", "--state", ""], /--state is empty/],
  ])("%j are refused with one sentence and the usage", (args, said) => {
    expect(() => parsePauseOptions(args)).toThrow(said);
    expect(() => parsePauseOptions(args)).toThrow(expect.objectContaining({ code: "LOCAL_OPTION_INVALID" }));
  });
});
