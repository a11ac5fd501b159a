import { describe, expect, it } from "@jest/globals";
import {
  addedUp,
  filterIn,
  maySendAll,
  queryOf,
  redeliveryFilters,
  redeliveryOfIds,
  searchOf,
} from "../../console/src/failed/failed-filter.ts";
import { instantIn, localText, timeIn } from "../../console/src/shown/local-time.ts";

const filter = {
  merchantId: "a&b/ç",
  reason: "expired",
  fault: "merchant",
  from: "2026-11-22T10:00:00.000Z",
  until: "2026-11-23T10:00:00.000Z",
} as const;

describe("the filter of failed transactions", () => {
  it("stands in the address, and is read from there", () => {
    expect(filterIn(new URLSearchParams(searchOf(filter).toString()))).toEqual(filter);
    expect(searchOf({}).toString()).toBe("");
  });

  it("leaves out what is none", () => {
    const search = new URLSearchParams({ merchant: "", reason: "because", fault: "mine", from: "yesterday" });
    expect(filterIn(search)).toEqual({});
  });

  it("is of the merchant of a token that is narrowed to it, whatever the address says", () => {
    expect(filterIn(new URLSearchParams({ merchant: "other" }), "acme")).toEqual({ merchantId: "acme" });
  });

  it("is asked of the API with its end by the API's name", () => {
    expect(queryOf({ merchantId: "acme", until: filter.until })).toEqual({ merchantId: "acme", to: filter.until });
  });
});

describe("a redelivery of what failed", () => {
  const { merchantId } = filter;

  it("is one of all, or of one reason", () => {
    expect(redeliveryFilters({ merchantId }, [])).toEqual([{ merchantId, state: "FAILED" }]);
    expect(redeliveryFilters({ merchantId, reason: "expired", until: filter.until }, [])).toEqual([
      { merchantId, state: "FAILED", reason: "expired", to: filter.until },
    ]);
  });

  it("of a fault is one of each reason of it that there are any of", () => {
    const counted = [{ reason: "expired" }, { reason: "url_missing" }, { reason: "of a newer program" }];
    expect(redeliveryFilters({ merchantId, fault: "merchant" }, counted)).toEqual([
      { merchantId, state: "FAILED", reason: "expired" },
      { merchantId, state: "FAILED", reason: "url_missing" },
    ]);
  });

  it("of a fault waits until each reason is counted, as it is one of each", () => {
    const some = { items: [{ reason: "expired", fault: "merchant", count: 3 }], total: 3, isWhole: false } as const;
    expect(maySendAll({ merchantId, fault: "merchant" }, some)).toBe(false);
    expect(maySendAll({ merchantId, fault: "merchant" }, { ...some, isWhole: true })).toBe(true);
    expect(maySendAll({ merchantId }, some)).toBe(true);
    expect(maySendAll({ merchantId }, undefined)).toBe(false);
    expect(maySendAll({ merchantId }, { items: [], total: 0, isWhole: true })).toBe(false);
  });

  it("of some takes a hundred at once", () => {
    const ids = Array.from({ length: 250 }, (_, at) => `t-${at}`);
    const filters = redeliveryOfIds(ids);
    expect(filters.map(({ transactionIds = [] }) => transactionIds.length)).toEqual([100, 100, 50]);
    expect(filters.flatMap(({ transactionIds = [] }) => transactionIds)).toEqual(ids);
  });
});

it("counts of pages add up, the most first", () => {
  const expired = { reason: "expired", fault: "merchant" } as const;
  const large = { reason: "body_too_large", fault: "producer" } as const;
  const pages = [
    {
      items: [
        { ...expired, count: 3 },
        { ...large, count: 4 },
      ],
    },
    { items: [{ ...expired, count: 5 }] },
  ];
  expect(addedUp(pages)).toEqual({
    items: [
      { ...expired, count: 8 },
      { ...large, count: 4 },
    ],
    total: 12,
  });
  expect(addedUp([])).toEqual({ items: [], total: 0 });
});

describe("a time in a field", () => {
  it("is the reader's, to the minute, and the API's in UTC", () => {
    const instant = new Date(2026, 10, 22, 9, 5).toISOString();
    expect(localText(instant)).toBe("2026-11-22T09:05");
    expect(instantIn("2026-11-22T09:05")).toBe(instant);
    expect(localText(undefined)).toBe("");
  });

  it.each(["", "2026", "2026-99-99T10:00", "1960-01-01T10:00"])("is none: %j", (text) => {
    expect(instantIn(text)).toBeUndefined();
  });

  it("that is typed by half is no time, and not none", () => {
    expect(timeIn({ value: "", validity: { badInput: true } })).toEqual({ kind: "no time" });
    expect(timeIn({ value: "", validity: { badInput: false } })).toEqual({ kind: "none" });
    const value = "2026-11-22T09:05";
    expect(timeIn({ value, validity: { badInput: false } })).toEqual({ kind: "time", instant: instantIn(value) });
    expect(timeIn({ value: "0026-11-22T09:05", validity: { badInput: false } })).toEqual({ kind: "no time" });
    expect(timeIn({ value: "22026-11-22T09:05", validity: { badInput: false } })).toEqual({ kind: "no time" });
  });
});
