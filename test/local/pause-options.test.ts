import { describe, expect, it } from "@jest/globals";
import { parsePauseOptions } from "../../local/pause-options.ts";

describe("options of npm run pause and npm run resume", () => {
  it.each([
    [["pause"], { kind: "pause", stateDirectory: ".local" }],
    [["resume", "--state", "/elsewhere"], { kind: "resume", stateDirectory: "/elsewhere" }],
  ])("%j", ([kind, ...args], options) => {
    expect(parsePauseOptions(kind, args)).toEqual(options);
  });

  it.each([
    [[] as string[], /^Expected pause or resume\. See: npm run pause -- --help$/],
    [["pause", "my-shop"], /^Unexpected argument 'my-shop'.*See: npm run pause -- --help$/],
    [["resume", "--all"], /^Unknown option '--all'.*See: npm run resume -- --help$/],
    [["pause", "--state", ""], /--state is empty/],
  ])("%j are refused with one line", ([kind, ...args], said) => {
    expect(() => parsePauseOptions(kind, args)).toThrow(said);
    expect(() => parsePauseOptions(kind, args)).toThrow(expect.objectContaining({ code: "LOCAL_OPTION_INVALID" }));
  });
});
