import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import {
  MAX_RECEIVES,
  nextLookMs,
  orderedGroupIdOf,
  orderingAfterOf,
  repeatAfterMs,
  stayInPlaceSeconds,
} from "../../../core/transaction/ordering.ts";
import { number, text, transactionRow } from "../../support/rows.ts";

const DAY_MS = 86_400_000;
const REASONS = ["no room", "rate limit", "circuit open", "paused", "url disabled", "error"] as const;
const group = (merchantId: string, orderingKey: string): string | undefined =>
  orderedGroupIdOf(transactionRow({ merchantId: text(merchantId), orderingKey: text(orderingKey) }));

describe("the group of an ordering key", () => {
  it("is the same for every row of a merchant with the key, and an id that SQS takes", () => {
    expect(group("m-1", "account 1")).toBe(group("m-1", "account 1"));
    expect(group("m-1", "account 1")).toMatch(/^[0-9a-f]{64}$/);
  });

  it("is never shared between keys or merchants, whatever they are called", () => {
    const name = fc.string({ minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(name, name, name, name, (merchant, key, otherMerchant, otherKey) => {
        fc.pre(merchant !== "*" && otherMerchant !== "*");
        const isSame = merchant === otherMerchant && key === otherKey;
        expect(group(merchant, key) === group(otherMerchant, otherKey)).toBe(isSame);
      }),
    );
  });

  it.each([
    ["has none", {}],
    ["has an empty one", { orderingKey: text("") }],
    ["has one of another type", { orderingKey: number(1) }],
    ["has one that is too long", { orderingKey: text("k".repeat(1025)) }],
    ["has no merchant", { orderingKey: text("k"), merchantId: undefined }],
  ])("is not there for a row that %s", (_, changes) => {
    expect(orderedGroupIdOf(transactionRow(changes))).toBeUndefined();
  });
});

describe("a message that waits in its place", () => {
  it("is looked at again when its time has come, in an hour at the latest, and within what SQS allows", () => {
    expect(stayInPlaceSeconds(2001, 40_000)).toBe(3);
    expect(stayInPlaceSeconds(DAY_MS, 40_000)).toBe(3600);
    expect(stayInPlaceSeconds(DAY_MS, 7)).toBe(7);
    expect(stayInPlaceSeconds(-5, 40_000)).toBe(1);
  });

  it("at closed admission is looked at soon at first, and ever more seldom", () => {
    expect(nextLookMs("no room", 1, 0, 0)).toBe(1000);
    expect(nextLookMs("paused", 1, 0, 0)).toBe(5000);
    expect(nextLookMs("paused", 250, 1_000_000, 0)).toBe(20_000);
    expect(nextLookMs("paused", 600, 20 * 3_600_000, 0)).toBe(3_600_000);
    expect(nextLookMs("paused", 1, 0, 0.999)).toBeGreaterThan(6000);
  });

  it("is never looked at before its second, nor kept out of sight by less than none", () => {
    expect([0, 1, 1000, 1001].map((waitMs) => stayInPlaceSeconds(waitMs, 40_000))).toEqual([1, 1, 1, 2]);
    expect(stayInPlaceSeconds(5000, 0)).toBe(0);
    expect(stayInPlaceSeconds(5000, -3)).toBe(0);
  });

  it("is looked at first after a second where a call's end may help, after five for all else", () => {
    const soon = ["no room", "rate limit"] as const;
    const later = ["key unavailable", "gate unread", "merchant unread", "circuit open", "paused", "error"] as const;
    expect(soon.map((reason) => nextLookMs(reason, 0, 0, 0))).toEqual(soon.map(() => 1000));
    expect(later.map((reason) => nextLookMs(reason, 0, 0, 0))).toEqual(later.map(() => 5000));
    expect(nextLookMs("url disabled", 0, 0, 0)).toBe(5000);
  });

  it("is looked at half as often with every hundred receives, five times, and then by its age too", () => {
    const old = 100 * DAY_MS;
    expect([99, 100, 199, 200, 499].map((receives) => nextLookMs("no room", receives, old, 0))).toEqual([
      1000, 2000, 2000, 4000, 16_000,
    ]);
    expect(nextLookMs("no room", 500, old, 0)).toBe(5 * DAY_MS);
    expect(nextLookMs("no room", 500, 1000, 0)).toBe(32_000);
    expect(nextLookMs("no room", 900, 1000, 0)).toBe(32_000);
  });

  it.each(REASONS)("for %s is not received as often as SQS allows in the fourteen days that it is kept", (reason) => {
    let receives = 0;
    for (let ageMs = 0; ageMs < 14 * DAY_MS; receives += 1)
      ageMs += stayInPlaceSeconds(nextLookMs(reason, receives + 1, ageMs, 0), 43_000) * 1000;
    // The rest is for its attempts, and for tasks that end with it in hand.
    expect(receives).toBeLessThan(0.9 * MAX_RECEIVES);
  });
});

describe("the one that a row names before it", () => {
  it.each([
    [text("t-0"), "t-0"],
    [undefined, undefined],
    [text(""), undefined],
    [text("x".repeat(1025)), undefined],
    [number(5), undefined],
  ])("is none that could be no id: %j", (orderingAfter, expected) => {
    expect(orderingAfterOf(transactionRow({ orderingAfter }))).toBe(expected);
  });
});

describe("those that wait for one merchant", () => {
  it("come back up to a quarter later than each other", () => {
    const first = nextLookMs("paused", 1, 0, 0);
    expect(nextLookMs("paused", 1, 0, 0.8)).toBe(Math.round(first * 1.2));
  });
});

describe("a row that is repeated", () => {
  it("is repeated after a lease, then after twice as long each time, up to a day", () => {
    expect([0, 1, 2, 6, 7, 1000].map((repeats) => repeatAfterMs(900_000, repeats))).toEqual([
      900_000,
      1_800_000,
      3_600_000,
      57_600_000,
      DAY_MS,
      DAY_MS,
    ]);
  });

  it("is never repeated before a lease is over, however long that is", () => {
    expect(repeatAfterMs(2 * DAY_MS, 5)).toBe(2 * DAY_MS);
  });
});
