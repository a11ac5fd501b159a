import { describe, expect, it } from "@jest/globals";
import { askedAgain, challenged, vouched } from "../../../core/merchant/ask-origins.ts";
import { isUnchanged, type Merchant, parseMerchant } from "../../../core/merchant/merchant.ts";
import {
  ANY_ORIGIN,
  FROM_BEFORE,
  isOwned,
  MOST_ORIGINS,
  originOf,
  type OriginState,
  type Origins,
  originsAttribute,
  originsOf,
} from "../../../core/merchant/ownership.ts";
import type { AttributeMap } from "../../../core/transaction/attribute-value.ts";

const ORIGIN = "https://shop.example";
const NOW = 5;
const asked = (origin = ORIGIN) => ({ origin, url: `${origin}/hook`, jobId: "j-1" });

function merchantOf(changes: AttributeMap = {}): Merchant {
  const parsed = parseMerchant({ merchantId: { S: "m-1" }, ...changes });
  if ("faults" in parsed) throw new Error(parsed.faults.join());
  return parsed.merchant;
}

function withOrigins(states: Readonly<Record<string, OriginState>>): AttributeMap {
  return {
    origins: originsAttribute(new Map(Object.entries(states).map(([origin, state]) => [origin, { state, at: 1 }]))),
  };
}

describe("what a merchant's row says of its origins", () => {
  it.each<[string, AttributeMap, boolean]>([
    ["from before there were any", {}, true],
    ["that has none", withOrigins({}), false],
    ["that was asked", withOrigins({ [ORIGIN]: "challenged" }), false],
    ["that did not answer", withOrigins({ [ORIGIN]: "failed" }), false],
    ["that answered", withOrigins({ [ORIGIN]: "verified" }), true],
    ["that an operator vouched for", withOrigins({ [ORIGIN]: "vouched" }), true],
    ["of another that answered", withOrigins({ "https://other.example": "verified" }), false],
    ["of another port that answered", withOrigins({ [`${ORIGIN}:8443`]: "verified" }), false],
    ["from before, that was changed", withOrigins({ [ANY_ORIGIN]: "vouched", "https://new.example": "failed" }), true],
    [
      "from before, whose new address was asked",
      withOrigins({ [ANY_ORIGIN]: "vouched", [ORIGIN]: "challenged" }),
      false,
    ],
    ["in a state that nobody knows", { origins: { M: { [ORIGIN]: { M: { state: { S: "owned" } } } } } }, false],
    ["that is no map", { origins: { M: { [ORIGIN]: { S: "verified" } } } }, false],
    ["of the sandbox", { ...withOrigins({}), environment: { S: "sandbox" } }, true],
  ])("lets an address be called or not: one %s", (_, row, isLet) => {
    expect(isOwned(merchantOf(row), ORIGIN)).toBe(isLet);
  });

  it("cannot be used where it is no map, or an environment that there is not", () => {
    const rows = [{ origins: { S: "https://shop.example" } }, { environment: { S: "test" } }];
    for (const row of rows) expect(parseMerchant({ merchantId: { S: "m-1" }, ...row })).toHaveProperty("faults");
  });

  it("is news where it changes, and none where it does not", () => {
    const verified = merchantOf(withOrigins({ [ORIGIN]: "verified" }));
    expect(isUnchanged(verified, merchantOf(withOrigins({ [ORIGIN]: "vouched" })))).toBe(true);
    for (const other of [{}, withOrigins({}), withOrigins({ [ORIGIN]: "failed" }), withOrigins({ a: "verified" })])
      expect([isUnchanged(verified, merchantOf(other)), isUnchanged(merchantOf(other), verified)]).toEqual([
        false,
        false,
      ]);
    expect(isUnchanged(merchantOf(), merchantOf({ environment: { S: "sandbox" } }))).toBe(false);
    expect(isUnchanged(merchantOf(), merchantOf({ environment: { S: "live" } }))).toBe(true);
  });

  it("is read as it was written", () => {
    const origins: Origins = new Map([
      [ORIGIN, { state: "failed", at: 3, jobId: "j", url: `${ORIGIN}/in`, error: "no" }],
      ["https://a.example", { state: "vouched", at: 4, by: "ann" }],
    ]);
    expect(originsOf({ origins: originsAttribute(origins) })).toEqual(origins);
  });

  it.each([
    ["https://Shop.example:443/hook?a=b#c", ORIGIN],
    ["https://shop.example./", ORIGIN],
    ["http://127.0.0.1:9000/in", "http://127.0.0.1:9000"],
    ["nowhere", undefined],
    [undefined, undefined],
  ])("names %j by its origin", (url, origin) => {
    expect(originOf(url)).toBe(origin);
  });
});

describe("asking for an address", () => {
  it("keeps what is live from it until it has answered, also one that was verified: its path is another one", () => {
    for (const seen of [new Map(), challenged(undefined, asked(), 1)])
      expect(challenged(seen, asked(), NOW).get(ORIGIN)).toEqual({
        state: "challenged",
        at: NOW,
        jobId: "j-1",
        url: `${ORIGIN}/hook`,
      });
  });

  it("of a merchant from before leaves its other origins vouched for", () => {
    const origins = challenged(undefined, asked(), NOW);
    expect(origins.get(ANY_ORIGIN)).toEqual({ state: "vouched", at: NOW, by: FROM_BEFORE });
    expect(isOwned(merchantOf({ origins: originsAttribute(origins) }), "https://other.example")).toBe(true);
    expect(isOwned(merchantOf({ origins: originsAttribute(origins) }), ORIGIN)).toBe(false);
  });

  it("once more takes nothing from one that was verified, or vouched for", () => {
    for (const state of ["verified", "vouched"] as const) {
      const seen: Origins = new Map([[ORIGIN, { state, at: 1, by: "ann" }]]);
      expect(askedAgain(seen, asked(), NOW)?.get(ORIGIN)).toMatchObject({ state, at: 1, by: "ann", jobId: "j-1" });
    }
    expect(askedAgain(undefined, asked(), NOW)?.get(ORIGIN)).toMatchObject({ state: "vouched", jobId: "j-1" });
    const failed: Origins = new Map([[ORIGIN, { state: "failed", at: 1, error: "no" }]]);
    expect(askedAgain(failed, asked(), NOW)?.get(ORIGIN)).toEqual({
      state: "challenged",
      at: NOW,
      jobId: "j-1",
      url: `${ORIGIN}/hook`,
    });
  });

  it("has an end, but for the address that a merchant changes to: then the oldest of no use is forgotten", () => {
    const full: Origins = new Map(
      Array.from({ length: MOST_ORIGINS }, (_, index) => [
        `https://${index}.example`,
        { state: index === 7 ? "failed" : "verified", at: index + 1 },
      ]),
    );
    expect(askedAgain(full, asked(), NOW)).toBeUndefined();
    expect(vouched(full, ORIGIN, "ann", NOW)).toBeUndefined();
    const origins = challenged(full, asked(), 100);
    expect(origins.size).toBe(MOST_ORIGINS);
    expect([origins.has("https://7.example"), origins.has(ORIGIN), origins.has("https://0.example")]).toEqual([
      false,
      true,
      true,
    ]);
  });
});
