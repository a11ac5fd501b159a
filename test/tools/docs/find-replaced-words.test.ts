import { describe, expect, it } from "@jest/globals";
import { findReplacedWords } from "../../../tools/docs/find-replaced-words.ts";

const words = {
  identifiers: { WaitingRoom: "BoundedWaitQueue" },
  phrases: { "uses up a try": "counts as an attempt" },
  allowed: [{ word: "WaitingRoom", file: "docs/history/", reason: "tells what was" }],
};

describe("a replaced word", () => {
  it.each([
    ["an identifier in code", "const a = 1;\nconst room = new WaitingRoom();\n", "WaitingRoom"],
    ["an identifier in a comment", "\n/** As a WaitingRoom does. */\n", "WaitingRoom"],
    ["a phrase", "\n// It uses up a try.\n", "uses up a try"],
    ["a phrase over the end of a line", "/**\n * A failure uses up\n * a try.\n */\n", "uses up a try"],
  ])("is found with its line and the word to use: %s", (_, text, word) => {
    const instead = word === "WaitingRoom" ? "BoundedWaitQueue" : "counts as an attempt";
    expect(findReplacedWords("core/a.ts", text, words)).toEqual([{ file: "core/a.ts", line: 2, word, instead }]);
  });

  it.each(["class MyWaitingRoom {}", "const WaitingRooms = [];", "const $WaitingRoom = 1;"])(
    "is not found in a longer word: %s",
    (text) => {
      expect(findReplacedWords("core/a.ts", text, words)).toEqual([]);
    },
  );

  it("is allowed where the list says so, and nowhere else", () => {
    expect(findReplacedWords("docs/history/a.md", "WaitingRoom", words)).toEqual([]);
    expect(findReplacedWords("docs/a.md", "WaitingRoom", words)).toHaveLength(1);
  });
});
