import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import {
  type Accepted,
  acceptedJson,
  acceptedOf,
  changedFields,
  contentChanged,
  writeAccepted,
} from "../../../core/transaction/accepted.ts";
import { changed, type Changes, contentIn, number, text, transactionRow } from "../../support/rows.ts";

const payload = (name: string): Changes => ({ payload: { M: { name: text(name), lines: { L: [number(1)] } } } });
const row = transactionRow(payload("Ada"));
const accepted = contentIn(row);
const after = (changes: Changes, isTerminal = true): string[] =>
  changedFields(changed(row, changes), accepted, isTerminal);

describe("what was accepted", () => {
  it("is read as it was written, and written as text the same", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary", minLength: 1 }).filter((id) => id !== "*"),
        fc.nat(),
        (merchantId, version) => {
          const one: Accepted = { ...accepted, merchantId };
          const written = writeAccepted(version + 1, one);
          expect(JSON.parse(acceptedJson(version + 1, one))).toEqual(JSON.parse(JSON.stringify(written)));
          expect(acceptedOf(transactionRow({ version: number(version + 1), accepted: written }))).toEqual(one);
        },
      ),
    );
  });

  it.each<[string, Changes]>([
    ["another version", { accepted: writeAccepted(2, accepted) }],
    ["no version", { accepted: { M: { ...writeAccepted(1, accepted).M, version: text("1") } } }],
    ["an amount that is none", { accepted: writeAccepted(1, { ...accepted, amount: "much" }) }],
    ["a digest that is none", { accepted: writeAccepted(1, { ...accepted, payloadDigest: 'x"},{"S":"y' }) }],
    ["a text", { accepted: text("APPROVED") }],
  ])("is unknown where the row has it for %s", (_, changes) => {
    expect(acceptedOf(transactionRow(changes))).toBeUndefined();
  });
});

describe("content that was accepted", () => {
  it.each<[string, Changes]>([
    ["an identical put", {}],
    [
      "other attributes",
      { confirmationUrl: text("https://other.example/"), deliverBy: text("2027-01-01T00:00:00Z"), note: text("x") },
    ],
    ["another spelling of the amount", { amount: text("12.5") }],
    ["another spelling of the time", { occurredAt: text("2026-11-22T11:00:00.000+01:00") }],
    [
      "members of the payload in another order",
      { payload: { M: { lines: { L: [{ N: "1.0" }] }, name: text("Ada") } } },
    ],
    ["an erased payload", { payload: undefined }],
    ["an erased payload that says so", { payload: undefined, erasedAt: number(1) }],
    ["a payload that was erased in part and says so", { payload: { M: { lines: { L: [] } } }, erasedAt: number(1) }],
  ])("is unchanged by %s", (_, changes) => {
    expect(after(changes)).toEqual([]);
  });

  it.each<[string, Changes, string[]]>([
    ["outcome and amount", { outcome: text("REJECTED"), amount: text("99.00") }, ["outcome", "amount"]],
    ["the merchant", { merchantId: text("m-2") }, ["merchantId"]],
    ["the currency", { currency: text("USD") }, ["currency"]],
    ["the time, below a millisecond", { occurredAt: text("2026-11-22T10:00:00.0000001Z") }, ["occurredAt"]],
    ["the payload", payload("Eve"), ["payload"]],
    ["a payload of another type", { payload: text("Ada") }, ["payload"]],
    ["an amount of another type", { amount: number(12.5) }, ["amount"]],
    ["an amount in the hands of an erasure", { amount: text("1"), erasedAt: number(1) }, ["amount"]],
  ])("is changed by another value of %s", (_, changes, names) => {
    expect(after(changes)).toEqual(names);
  });

  it("is changed where something is missing that is still owed, unless that was erased", () => {
    expect(after({ payload: undefined }, false)).toEqual(["payload"]);
    expect(after({ payload: undefined, erasedAt: number(1) }, false)).toEqual([]);
  });

  it("is not compared with a payload's digest of another kind", () => {
    expect(changedFields(row, { ...accepted, payloadDigest: "new", digestVersion: 2 }, true)).toEqual([]);
  });
});

it("the failure names fields and no values, since it goes through a queue", () => {
  const { code, fault, reason } = contentChanged(1, after({ amount: text("99.00"), ...payload("Eve") }));
  expect([code, fault]).toEqual(["content_changed", "producer"]);
  expect(reason).toMatch(/^amount, payload: .*version 1.*version 2\.$/);
  expect(reason).not.toMatch(/99|12\.5|Eve|Ada/);
});
