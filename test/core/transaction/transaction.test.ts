import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { AttributeMap, AttributeValue } from "../../../core/transaction/attribute-value.ts";
import { parseTransaction } from "../../../core/transaction/parse-transaction.ts";
import { faultsOf as namedFaultsOf } from "../../../core/transaction/transaction-faults.ts";
import { traceHeaderOf, versionOf } from "../../../core/transaction/transaction.ts";
import { changed, number, text, transactionRow } from "../../support/rows.ts";

const TRACE = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1";

function faultsOf(row: AttributeMap): string[] {
  const parsed = parseTransaction(row);
  return "faults" in parsed ? parsed.faults : [];
}

describe("a transaction", () => {
  it("is read with everything that a producer may write", () => {
    const row = transactionRow({
      confirmationUrl: text("https://merchant.example/"),
      deliverBy: text("2026-11-25T10:00:00+01:00"),
      payload: { M: { orderId: text("o-1") } },
      traceHeader: text(TRACE),
      orderingKey: text("m-1"),
      orderingAfter: text("t-0"),
    });
    const parsed = parseTransaction(row);
    expect(JSON.parse(JSON.stringify(parsed))).toEqual({
      transaction: {
        transactionId: "t-1",
        version: 1,
        merchantId: "m-1",
        outcome: "APPROVED",
        amount: "12.50",
        currency: "EUR",
        occurredAt: "2026-11-22T10:00:00Z",
        confirmationUrl: "https://merchant.example/",
        orderingKey: "m-1",
        orderingAfter: "t-0",
        deliverBy: "2026-11-25T10:00:00+01:00",
        payload: { orderId: { S: "o-1" } },
        traceHeader: TRACE,
      },
    });
  });

  it("needs none of the optional attributes", () => {
    expect(parseTransaction(transactionRow())).toHaveProperty("transaction");
  });

  it.each<[string, AttributeValue | undefined]>([
    ["orderingAfter", text("t-0")],
    ["orderingKey", text("")],
    ["orderingKey", number(7)],
    ["orderingKey", text("k".repeat(1025))],
    ["version", undefined],
    ["version", text("1")],
    ["version", number(0)],
    ["version", number(1.5)],
    ["version", { N: "9007199254740993" }],
    ["merchantId", undefined],
    ["merchantId", text("")],
    ["merchantId", text("ü".repeat(513))],
    ["outcome", text("NOT APPROVED")],
    ["amount", number(12.5)],
    ["amount", text("12,50")],
    ["amount", text("1e3")],
    ["amount", text("")],
    ["merchantId", text("*")],
    ["merchantId", text(".")],
    ["merchantId", text("..")],
    ["currency", text("eur")],
    ["currency", text("ZZZ")],
    ["currency", text("DEM")],
    ["currency", text("EURO")],
    ["occurredAt", text("2026-11-22")],
    ["occurredAt", text("2026-11-22T10:00:00")],
    ["occurredAt", text("2026-13-22T10:00:00Z")],
    ["occurredAt", text("2026-02-31T10:00:00Z")],
    ["occurredAt", number(1_795_341_600)],
    ["confirmationUrl", number(1)],
    ["deliverBy", text("tomorrow")],
    ["payload", text("{}")],
    ["payload", { L: [] }],
  ])("is refused for %s as %j, and only that is named", (name, value) => {
    expect(faultsOf(transactionRow({ [name]: value }))).toEqual([
      expect.stringMatching(new RegExp(`^${name}: got .*, expected `)),
    ]);
  });

  it("lists every fault at once", () => {
    expect(faultsOf({ transactionId: text("t-1") }).map((fault) => fault.split(":")[0])).toEqual([
      "version",
      "merchantId",
      "outcome",
      "amount",
      "currency",
      "occurredAt",
    ]);
  });

  it("never lets a whole value into a reason", () => {
    const [fault] = faultsOf(transactionRow({ merchantId: text("x".repeat(10_000)) }));
    expect(fault?.length).toBeLessThan(200);
  });

  it("is read or refused whatever an attribute holds, and never throws", () => {
    const { value } = fc.letrec<{ value: AttributeValue }>((tie) => ({
      value: fc.oneof(
        { depthSize: "small" },
        fc.record({ S: fc.string({ unit: "binary" }) }),
        fc.record({ N: fc.double({ noNaN: true, noDefaultInfinity: true }).map(String) }),
        fc.record({ BOOL: fc.boolean() }),
        fc.record({ NULL: fc.constant(true) }),
        fc.record({ B: fc.uint8Array() }),
        fc.record({ SS: fc.array(fc.string()) }),
        fc.record({ L: fc.array(tie("value")) }),
        fc.record({ M: fc.dictionary(fc.string(), tie("value")) }),
      ),
    }));
    const names = ["version", "merchantId", "outcome", "amount", "currency", "occurredAt", "deliverBy", "payload"];
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...names), value), (changes) => {
        const parsed = parseTransaction(transactionRow(changes));
        expect("faults" in parsed ? parsed.faults.length > 0 : parsed.transaction.transactionId === "t-1").toBe(true);
      }),
    );
  });

  it("is refused exactly where a fault can be named", () => {
    const good = transactionRow({
      confirmationUrl: text("https://merchant.example/"),
      orderingKey: text("k"),
      orderingAfter: text("t-0"),
      deliverBy: text("2026-11-25T10:00:00+01:00"),
      payload: { M: {} },
      traceHeader: text(TRACE),
    });
    const value = fc.oneof(
      fc.constantFrom("", "t-1", "*", "k", "2026-02-29T24:00Z", "x".repeat(1025), "ü".repeat(512), "EUR", "1.5"),
      fc.string({ unit: "binary" }),
    );
    const attribute = fc.oneof(
      fc.constant(undefined),
      value.map(text),
      value.map((N) => ({ N })),
      fc.constant({ M: {} }),
    );
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...Object.keys(good)), attribute), (changes) => {
        const row = changed(good, changes);
        const parsed = parseTransaction(row);
        expect("faults" in parsed ? parsed.faults : []).toEqual(namedFaultsOf(row));
        expect("faults" in parsed).toBe(namedFaultsOf(row).length > 0);
      }),
      { numRuns: 1000 },
    );
  });
});

describe("a version", () => {
  it.each<[AttributeValue | undefined, number | undefined]>([
    [{ N: "1" }, 1],
    [{ N: "1E+2" }, 100],
    [{ N: "9007199254740991" }, 9_007_199_254_740_991],
    [{ N: "9007199254740992" }, undefined],
    [{ N: "0" }, undefined],
    [{ N: "-1" }, undefined],
    [{ S: "1" }, undefined],
    [undefined, undefined],
  ])("%j is %j", (version, expected) => {
    expect(versionOf(transactionRow({ version }))).toBe(expected);
  });
});

describe("a trace header", () => {
  it.each([
    TRACE,
    "Root=1-5759e988-bd862e3fe1be46a994272793",
    `${TRACE};Lineage=1:abcdef12:0`,
    `Self=1-5759e988-bd862e3fe1be46a994272793;${TRACE}`,
  ])("is kept: %s", (header) => {
    expect(traceHeaderOf(transactionRow({ traceHeader: text(header) }))).toBe(header);
  });

  it.each(["", "Root=", "hello", "Root=1-2-3", `${TRACE};\n`, `${TRACE};${"a=b;".repeat(100)}c=d`])(
    "that SQS would refuse is left out: %j",
    (header) => {
      expect(traceHeaderOf(transactionRow({ traceHeader: text(header) }))).toBeUndefined();
    },
  );
});
