import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { AttributeMap, AttributeValue } from "../../../core/transaction/attribute-value.ts";
import type { Transaction } from "../../../core/transaction/transaction.ts";
import { buildWebhook, webhookId } from "../../../core/delivery/webhook.ts";

const transaction: Transaction = {
  transactionId: "t-1",
  version: 2,
  merchantId: "m-1",
  outcome: "APPROVED",
  amount: "12.50",
  currency: "EUR",
  occurredAt: "2026-11-22T10:00:00Z",
};

function bodyWith(payload: AttributeMap): string {
  return buildWebhook({ ...transaction, payload }).body;
}

describe("the webhook's id", () => {
  it("never holds a dot, since the signed text is joined with dots", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.integer({ min: 1 }), (id, version) => {
        expect(webhookId(id, version)).toMatch(/^msg_[0-9a-f]{40}$/);
      }),
    );
  });

  it("is the same for a version whatever its attempt, and stays so across releases of this program", () => {
    expect(webhookId("t-1", 2)).toBe("msg_6440738c94ed7419e20829852f6e8b64ed9421a9");
  });

  it("differs for another transaction or version", () => {
    expect(new Set([webhookId("t-1", 1), webhookId("t-1", 2), webhookId("t-11", 2), webhookId("t-1,1", 1)]).size).toBe(
      4,
    );
  });
});

describe("the webhook's body", () => {
  it("has type, timestamp and data", () => {
    expect(JSON.parse(buildWebhook(transaction).body)).toEqual({
      type: "transaction.approved",
      timestamp: "2026-11-22T10:00:00Z",
      data: { ...transaction },
    });
  });

  it("has the payload as a member of its own in the second form, where nothing is left out", () => {
    const payload = { amount: { S: "theirs" }, payloadVersion: { N: "9" }, nested: { M: { version: { N: "7" } } } };
    expect(JSON.parse(buildWebhook({ ...transaction, payload }, 2).body)).toEqual({
      type: "transaction.approved",
      timestamp: "2026-11-22T10:00:00Z",
      payloadVersion: 2,
      data: {
        transactionId: "t-1",
        version: 2,
        merchantId: "m-1",
        outcome: "APPROVED",
        amount: { value: "12.50", currency: "EUR" },
        occurredAt: "2026-11-22T10:00:00Z",
        payload: { amount: "theirs", payloadVersion: 9, nested: { version: 7 } },
      },
    });
    const { data } = JSON.parse(buildWebhook(transaction, 2).body) as { data: object };
    expect(data).not.toHaveProperty("payload");
  });

  it("has the same id in either form", () => {
    expect(buildWebhook(transaction, 2).id).toBe(buildWebhook(transaction).id);
  });

  it("lets no member of the payload replace one of the pipeline's own", () => {
    const own = Object.keys(transaction);
    fc.assert(
      fc.property(fc.subarray(own), fc.string(), (names, value) => {
        const payload = Object.fromEntries(names.map((name): [string, AttributeValue] => [name, { S: value }]));
        const { data } = JSON.parse(bodyWith({ ...payload, note: { S: "kept" } })) as { data: Record<string, unknown> };
        expect(data).toEqual({ ...transaction, note: "kept" });
      }),
    );
  });

  it("is what JSON.stringify makes of the same members as an object", () => {
    const name = fc.oneof(
      fc.string(),
      fc.constantFrom("0", "7", "12", "007", "1.5", "4294967294", "4294967295", "-1", "__proto__", "toJSON"),
      fc.constantFrom(...Object.keys(transaction)),
    );
    const { value } = fc.letrec<{ value: AttributeValue }>((tie) => ({
      value: fc.oneof(
        { depthSize: "small" },
        fc.record({ S: fc.string({ unit: "binary" }) }),
        fc.record({ N: fc.double({ noNaN: true, noDefaultInfinity: true }).map(String) }),
        fc.record({ BOOL: fc.boolean() }),
        fc.record({ NULL: fc.constant(true) }),
        fc.record({ B: fc.oneof(fc.uint8Array(), fc.base64String()) }),
        fc.record({ BS: fc.array(fc.uint8Array()) }),
        fc.record({ SS: fc.array(fc.string({ unit: "binary" })) }),
        fc.record({ NS: fc.array(fc.integer().map(String)) }),
        fc.record({ L: fc.array(tie("value")) }),
        fc.record({ M: fc.dictionary(name, tie("value"), { noNullPrototype: true }) }),
      ),
    }));
    fc.assert(
      fc.property(fc.dictionary(name, value, { noNullPrototype: true }), (payload) => {
        const { occurredAt: timestamp } = transaction;
        const data = { ...transaction, ...plainMap(payload), ...transaction };
        expect(bodyWith(payload)).toBe(JSON.stringify({ type: "transaction.approved", timestamp, data }));
      }),
      { numRuns: 1000 },
    );
  });

  it("keeps every digit of a number that JavaScript could not hold", () => {
    const digits = "12345678901234567890123456789012345678";
    const body = bodyWith({ big: { N: digits }, small: { N: "0.1" }, exact: { N: `1.${digits.slice(1)}` } });
    expect(body).toContain(`"big":${digits}`);
    expect(body).toContain(`"small":0.1`);
    expect(body).toContain(`"exact":1.${digits.slice(1)}`);
  });

  it("keeps numbers exact in lists, maps and sets too", () => {
    const digits = "99999999999999999999999999999999999999";
    const body = bodyWith({ a: { L: [{ N: digits }] }, b: { M: { c: { N: digits } } }, d: { NS: [digits] } });
    expect(body).toContain(`"a":[${digits}],"b":{"c":${digits}},"d":[${digits}]`);
  });

  it("writes each of DynamoDB's types as JSON", () => {
    const body = bodyWith({
      s: { S: "text" },
      yes: { BOOL: true },
      no: { BOOL: false },
      nothing: { NULL: true },
      bytes: { B: Uint8Array.of(1, 2, 3) },
      many: { BS: [Uint8Array.of(255)] },
      names: { SS: ["a", "b"] },
    });
    expect(JSON.parse(body).data).toMatchObject({
      s: "text",
      yes: true,
      no: false,
      nothing: null,
      bytes: "AQID",
      many: ["/w=="],
      names: ["a", "b"],
    });
  });

  it("treats names such as __proto__ and toJSON as names", () => {
    const body = bodyWith({ ["__proto__"]: { S: "p" }, constructor: { S: "c" }, toJSON: { S: "j" } });
    expect(body).toContain('"__proto__":"p"');
    expect(body).toContain('"constructor":"c","toJSON":"j"');
    expect(body).toContain('"transactionId":"t-1"');
  });
});

/** The plain way, for numbers that JavaScript can hold. */
function plainMap(map: AttributeMap): Record<string, unknown> {
  const plain = Object.create(null) as Record<string, unknown>;
  for (const [name, value] of Object.entries(map)) plain[name] = plainValue(value);
  return plain;
}

function plainValue({ S, N, BOOL, M, L, SS, NS, B, BS }: AttributeValue): unknown {
  if (N !== undefined) return rawNumber(N);
  if (M !== undefined) return plainMap(M);
  if (L !== undefined) return L.map(plainValue);
  if (NS !== undefined) return NS.map(rawNumber);
  if (BS !== undefined) return BS.map(base64);
  return S ?? BOOL ?? SS ?? (B === undefined ? null : base64(B));
}

const rawNumber = (text: string): unknown => (JSON as unknown as { rawJSON: (text: string) => unknown }).rawJSON(text);
const base64 = (bytes: Uint8Array | string): string =>
  typeof bytes === "string" ? bytes : Buffer.from(bytes).toString("base64");
