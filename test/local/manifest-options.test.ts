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
    [[], /Expected verify or get, got nothing\. Usage: npm run manifest/],
    [["verify"], /verify takes one manifest file or more/],
    [["verify", "a", "--to", "d"], /verify takes/],
    [["get", "acme"], /get takes a merchant id and a day/],
    [["verify", "a", "--key", "k"], /Unknown option '--key'/],
  ])("refuses %j in one sentence", (args, message) => {
    expect(() => parseManifestOptions(args)).toThrow(message);
  });
});
