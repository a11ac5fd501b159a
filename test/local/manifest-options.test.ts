import { describe, expect, it } from "@jest/globals";
import { parseManifestOptions } from "../../local/manifest-options.ts";

describe("npm run manifest", () => {
  it.each([
    [["verify", "a", "b", "--keys", "k"], { kind: "verify", files: ["a", "b"], keys: "k" }],
    [
      ["get", "acme", "2026-11-21", "--to", "d"],
      { kind: "get", merchantId: "acme", day: "2026-11-21", directory: "d" },
    ],
  ])("takes %j", (args, action) => {
    expect(parseManifestOptions(args)).toEqual({ action, stateDirectory: ".local" });
  });

  it.each([
    [[], /Expected verify or get, got nothing\. See: npm run manifest -- --help$/],
    [["verify"], /verify takes one manifest file or more/],
    [["verify", "a", "--to", "d"], /verify takes/],
    [["get", "acme"], /get takes a merchant id and a day/],
    [["verify", "a", "--key", "k"], /Unknown option '--key'/],
    [["get", "*", "2026-11-21"], /^The merchant id is "\*", which stands for all merchants/],
    [["get", "..", "2026-11-21"], /^The merchant id is "\.\.", which is no name in the path/],
    [["get", "acme", "2026-02-30"], /^The day is "2026-02-30", expected one such as 2026-11-22/],
    [["get", "acme", "../../x"], /^The day is/],
  ])("refuses %j in one sentence", (args, message) => {
    expect(() => parseManifestOptions(args)).toThrow(message);
  });
});
