import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { claimStateDirectory } from "../../local/processes/process-register.ts";
import { removeState, usableState } from "../../local/state-directory.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

const directory = temporaryDirectory();

describe("a state directory", () => {
  it.each([
    ["a file", "file", "is a file, no directory"],
    ["below a file", "file/state", "leads through a file"],
  ])("that is %s gives one sentence", async (_, path, why) => {
    writeFileSync(join(directory, "file"), "");
    await expect(claimStateDirectory(join(directory, path))).rejects.toMatchObject({
      code: "LOCAL_STATE_UNUSABLE",
      message: expect.stringMatching(new RegExp(`^The state directory \\S+ ${why}.*; choose a directory [^\\n]*$`)),
    });
  });

  it.each([
    ["EACCES", "may not be written to by this user"],
    ["EROFS", "is on a disk that cannot be written to"],
    ["ENOSPC", "is on a disk that is full"],
  ])("that cannot be written to (%s) gives one sentence", (code, why) => {
    const refuse = (): never => {
      throw Object.assign(new Error("refused"), { code });
    };
    expect(() => usableState("/state", refuse)).toThrow(
      `The state directory /state ${why}; choose a directory that this user may write to with --state.`,
    );
  });

  it("loses what the stack made in it when started fresh, and nothing else", () => {
    const state = join(directory, "home");
    for (const made of ["dynamodb", "logs", "photos"]) mkdirSync(join(state, made), { recursive: true });
    for (const file of ["secrets.json", "sms.jsonl", "letter.txt"]) writeFileSync(join(state, file), "");
    removeState(state);
    expect(readdirSync(state).toSorted()).toEqual(["letter.txt", "photos"]);
    expect(existsSync(join(state, "secrets.json"))).toBe(false);
  });
});
