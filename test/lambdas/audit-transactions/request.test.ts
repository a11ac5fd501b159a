import { describe, expect, it } from "@jest/globals";
import { manifestKey } from "../../../core/aws/manifest-bucket.ts";
import { parseRequest } from "../../../lambdas/audit-transactions/request.ts";
import { START_MS } from "../../support/fake-clock.ts";

const part = { schema: 1, kind: "table", runId: "r", part: 3 };

describe("the function is asked", () => {
  it.each([
    [{ audit: "due" }, { kind: "due" }],
    [{ audit: "status" }, { kind: "status" }],
    [{ audit: "table" }, { kind: "now", audit: "table" }],
    [
      { audit: "manifests", day: "2026-11-21" },
      { kind: "now", audit: "manifests", day: "2026-11-21" },
    ],
    [
      { Records: [{ body: JSON.stringify(part) }] },
      { kind: "parts", messages: [{ kind: "table", runId: "r", part: 3 }] },
    ],
  ])("by %j", (event, expected) => {
    expect(parseRequest(event, START_MS)).toEqual(expected);
  });

  it.each([
    undefined,
    {},
    { audit: "all" },
    { audit: "table", day: "2026-11-21" },
    { audit: "manifests", day: "2026-11-22" },
    { audit: "manifests", day: "2026-02-30" },
    { audit: "manifests", day: 20_261_121 },
  ])("and refuses %j with what it expects", (event) => {
    expect(() => parseRequest(event, START_MS)).toThrow(/cannot be used, got .*Expected \{"audit":"index"\}/);
  });

  it.each(["no JSON", "[]", "null", JSON.stringify({ ...part, schema: 2 }), JSON.stringify({ ...part, kind: "x" })])(
    "and refuses a message that is no part: %s",
    (body) => {
      expect(() => parseRequest({ Records: [{ body }] }, START_MS)).toThrow(/is no part of an audit/);
    },
  );
});

describe("a manifest's place in the bucket", () => {
  it("has the merchant's id in it where that can be read, else its hash", () => {
    const folder = (merchantId: string) => manifestKey(merchantId, "d", "f").split("/")[0];
    expect(["shop.eu-1", "a/b", "..", "é", "m".repeat(129)].map(folder)).toEqual([
      "shop.eu-1",
      expect.stringMatching(/^sha256-[0-9a-f]{64}$/),
      expect.stringMatching(/^sha256-/),
      expect.stringMatching(/^sha256-/),
      expect.stringMatching(/^sha256-/),
    ]);
  });
});
