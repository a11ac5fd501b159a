import { describe, expect, it } from "@jest/globals";
import type { AttributeValue } from "../../../core/transaction/attribute-value.ts";
import { isUnchanged, parseMerchant } from "../../../core/merchant/merchant.ts";
import { type Changes, merchantRow, number, text } from "../../support/rows.ts";

describe("a merchant", () => {
  it("needs no more than its id, and starts with the first master key", () => {
    expect(parseMerchant({ merchantId: text("m-1") })).toEqual({
      merchant: { merchantId: "m-1", secretKeyVersion: "1" },
    });
  });

  it("is read with everything that its row may hold", () => {
    const row = merchantRow({
      secret: text("whsec_AAAA"),
      secretKeyVersion: text("2"),
      maxConcurrency: number(8),
      deadlineMs: number(500),
      retryScheduleSeconds: { L: [number(5), number(300)] },
      note: text("not ours"),
    });
    expect(parseMerchant(row)).toEqual({
      merchant: {
        merchantId: "m-1",
        confirmationUrl: "https://merchant.example/confirmations",
        secretSalt: Buffer.alloc(16, 1).toString("base64"),
        secret: "whsec_AAAA",
        secretKeyVersion: "2",
        maxConcurrency: 8,
        deadlineMs: 500,
        retryScheduleSeconds: [5, 300],
      },
    });
  });

  it.each<[string, AttributeValue]>([
    ["confirmationUrl", text("")],
    ["confirmationUrl", number(1)],
    ["secretSalt", { B: Uint8Array.of(1) }],
    ["secretSalt", text("not base64!")],
    ["secretSalt", text("AAAAA")],
    ["secretSalt", text("AAA==")],
    ["secretSalt", text("====")],
    ["secret", { BOOL: true }],
    ["secretKeyVersion", number(1)],
    ["maxConcurrency", number(0)],
    ["maxConcurrency", text("8")],
    ["deadlineMs", number(0.5)],
    ["retryScheduleSeconds", number(5)],
    ["retryScheduleSeconds", text("5,300")],
    ["retryScheduleSeconds", { NS: ["5", "300"] }],
    ["retryScheduleSeconds", { L: [number(5), text("300")] }],
    ["retryScheduleSeconds", { L: [number(0)] }],
    ["retryScheduleSeconds", { L: [number(604_801)] }],
    ["retryScheduleSeconds", { L: Array.from({ length: 51 }, () => number(1)) }],
  ])("is refused for %s as %j", (name, value) => {
    expect(parseMerchant(merchantRow({ [name]: value }))).toEqual({
      faults: [expect.stringMatching(`^${name}: expected `)],
    });
  });

  it.each<[string, AttributeValue]>([
    ["headers", text("x-a: 1")],
    ["headers", { M: { "x-a": number(1) } }],
    ["headers", { M: { host: text("other.example") } }],
    ["headers", { M: { "x-a": text("1\r\nx-b: 2") } }],
    ["acknowledgement", text("yes")],
    ["acknowledgement", { M: {} }],
    ["acknowledgement", { M: { withinSeconds: number(0) } }],
    ["acknowledgement", { M: { withinSeconds: number(604_801) } }],
    ["payloadVersion", number(3)],
    ["payloadVersion", text("2")],
    ["httpVersion", number(2)],
    ["httpVersion", text("3")],
    ["clientCertificate", { M: { certificate: text("-----BEGIN") } }],
    ["oauth2", text("secret")],
    ["oauth2", { M: { tokenUrl: text("https://token.example/"), clientId: text("us") } }],
    ["secretHeaders", { M: { names: { SS: ["authorization"] } } }],
    ["secretHeaders", { L: [] }],
  ])("is refused for %s as %j", (name, value) => {
    expect(parseMerchant(merchantRow({ [name]: value }))).toEqual({
      faults: [expect.stringMatching(`^${name}: `)],
    });
  });

  it("has no connection where it is reached the plain way, were that said", () => {
    const row = merchantRow({ headers: { M: {} }, payloadVersion: number(1), httpVersion: text("1.1") });
    expect(parseMerchant(row)).toEqual(parseMerchant(merchantRow()));
    expect("merchant" in parseMerchant(row) && parseMerchant(row)).not.toHaveProperty("merchant.connection");
  });

  it("has a connection with its headers as they are written, its form of the body and its version of HTTP", () => {
    const row = merchantRow({
      headers: { M: { "X-Partner": text("4711"), "x-a": text("b c") } },
      payloadVersion: number(2),
      httpVersion: text("2"),
    });
    expect(parseMerchant(row)).toMatchObject({
      merchant: {
        connection: { headerLines: "x-a: b c\r\nx-partner: 4711\r\n", payloadVersion: 2, httpVersion: "2" },
      },
    });
  });

  it("is taken for the same by what it is connected with, and never where KMS has to open something", () => {
    const read = (changes: Changes) => {
      const parsed = parseMerchant(merchantRow(changes));
      if ("faults" in parsed) throw new Error(parsed.faults.join());
      return parsed.merchant;
    };
    const headers = { M: { "x-a": text("1") } };
    const secretHeaders = { M: { names: { SS: ["authorization"] }, encrypted: { B: Uint8Array.of(1) } } };
    expect(isUnchanged(read({ headers }), read({ headers }))).toBe(true);
    expect(isUnchanged(read({ headers }), read({}))).toBe(false);
    expect(isUnchanged(read({ headers }), read({ headers: { M: { "x-a": text("2") } } }))).toBe(false);
    expect(isUnchanged(read({}), read({ payloadVersion: number(2) }))).toBe(false);
    const acknowledgement = (seconds: number) => ({ acknowledgement: { M: { withinSeconds: number(seconds) } } });
    expect(read(acknowledgement(60)).acknowledgement).toEqual({ withinSeconds: 60 });
    expect(isUnchanged(read({}), read(acknowledgement(60)))).toBe(false);
    expect(isUnchanged(read(acknowledgement(60)), read(acknowledgement(61)))).toBe(false);
    expect(isUnchanged(read(acknowledgement(60)), read(acknowledgement(60)))).toBe(true);
    expect(isUnchanged(read({ secretHeaders }), read({ secretHeaders }))).toBe(false);
  });

  it("may have an empty schedule, for one attempt", () => {
    expect(parseMerchant(merchantRow({ retryScheduleSeconds: { L: [] } }))).toMatchObject({
      merchant: { retryScheduleSeconds: [] },
    });
  });

  it("lists every fault at once, and no value, as one may be a secret", () => {
    const parsed = parseMerchant(merchantRow({ secret: number(424_242), deadlineMs: text("soon") }));
    expect(parsed).toEqual({ faults: [expect.stringMatching("^secret"), expect.stringMatching("^deadlineMs")] });
    expect(JSON.stringify(parsed)).not.toContain("424242");
  });

  it("may have its secret encrypted, but not in plain text beside it", () => {
    const encryptedSecret = { B: Buffer.from("sealed") };
    expect(parseMerchant(merchantRow({ encryptedSecret }))).toMatchObject({
      merchant: { encryptedSecret: encryptedSecret.B },
    });
    expect(parseMerchant(merchantRow({ encryptedSecret, secret: text("whsec_AAAA") }))).toEqual({
      faults: ["secret, encryptedSecret: expected one of them"],
    });
    expect(parseMerchant(merchantRow({ encryptedSecret: text("whsec_AAAA") }))).toEqual({
      faults: ["encryptedSecret: expected binary (B) or base64 (S), as KMS encrypted it"],
    });
  });
});
