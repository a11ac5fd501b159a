import { describe, expect, it } from "@jest/globals";
import { listenedUntil, listenersAttribute, listenersOf, withListener } from "../../../core/merchant/listeners.ts";
import { isUnchanged, type Merchant, parseMerchant } from "../../../core/merchant/merchant.ts";
import { merchantRow, text } from "../../support/rows.ts";

const listeners = listenersAttribute(
  new Map([
    ["one", 100],
    ["other", 300],
  ]),
);
const parsed = (changes: Parameters<typeof merchantRow>[0]): Merchant => {
  const result = parseMerchant(merchantRow(changes));
  if ("faults" in result) throw new Error(result.faults.join());
  return result.merchant;
};

describe("listeners of a merchant", () => {
  it("are on its row, and the last lease counts", () => {
    const merchant = parsed({ environment: text("sandbox"), listeners });
    expect(merchant.listenedUntil).toBe(300);
    expect(isUnchanged(merchant, { ...merchant, listenedUntil: 400 })).toBe(false);
  });

  it.each<[string, Parameters<typeof merchantRow>[0]]>([
    ["live", { listeners }],
    ["live, and says so", { listeners, environment: text("live") }],
    ["of the sandbox, with none", { environment: text("sandbox"), listeners: { M: {} } }],
    ["of the sandbox, with what is no map", { environment: text("sandbox"), listeners: text("one") }],
    ["of the sandbox", { environment: text("sandbox") }],
  ])("are none of a merchant that is %s", (_, changes) => {
    expect(parsed(changes)).not.toHaveProperty("listenedUntil");
    expect(listenedUntil(merchantRow(changes))).toBeUndefined();
  });

  it("lose what is over when another one begins", () => {
    const next = withListener(listenersOf({ listeners }), "third", 100);
    expect([...next]).toEqual([
      ["other", 300],
      ["third", 60_100],
    ]);
    expect([...withListener(next, "other", 200)].map(([id]) => id)).toEqual(["third", "other"]);
  });
});
