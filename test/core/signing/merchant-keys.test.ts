import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { Webhook } from "standardwebhooks";
import { isSignedBy, merchantKeys, publicKeys, signatureHeader } from "../../../core/signing/merchant-keys.ts";
import type { Merchant } from "../../../core/merchant/merchant.ts";
import { parseMasterKeys, secretText } from "../../../core/signing/signature.ts";

const masterKeys = parseMasterKeys(JSON.stringify({ 1: "k".repeat(32), 2: "l".repeat(32) }));
const NOW = Date.UTC(2026, 10, 22);
const salt = (byte: number): string => Buffer.alloc(16, byte).toString("base64");
const OLD: Merchant = { merchantId: "m-1", secretKeyVersion: "1", secretSalt: salt(1) };
const NEW: Merchant = { merchantId: "m-1", secretKeyVersion: "2", secretSalt: salt(2) };
const OLD_DERIVATION = { secretKeyVersion: "1", secretSalt: salt(1) };
const rotated = (until: number): Merchant => ({ ...NEW, previousKey: { until, derivation: OLD_DERIVATION } });
const content = { id: "msg_1", timestampSeconds: NOW / 1000, body: '{"amount":"12.50 €"}' };
const schemesIn = (header: string): string[] => header.split(" ").map((signature) => signature.replace(/,.*/, ""));
const headerOf = (merchant: Merchant, now = NOW): string =>
  signatureHeader(merchantKeys(masterKeys, merchant, now, merchant.signatures), content, now);

describe("the signatures of a webhook", () => {
  it("are one of each scheme in one header", () => {
    expect(schemesIn(headerOf(OLD))).toEqual(["v1", "v1a"]);
  });

  it.each([[["v1"]], [["v1a"]], [["v1", "v1a"]]] as const)(
    "are of the schemes that the merchant chose: %j",
    (schemes) => {
      expect(schemesIn(headerOf({ ...OLD, signatures: schemes }))).toEqual(schemes);
    },
  );

  it("are also made for a merchant that brought its own secret: v1a with a derived key", () => {
    const secret = secretText(Buffer.alloc(24, 9));
    const header = headerOf({ ...OLD, secret });
    expect(schemesIn(header)).toEqual(["v1", "v1a"]);
    expect(header.split(" ")[0]).not.toBe(headerOf(OLD).split(" ")[0]);
    expect(header.split(" ")[1]).toBe(headerOf(OLD).split(" ")[1]);
  });

  it("are verified by the package standardwebhooks, which passes over v1a, with the new secret and the old", () => {
    const now = Date.now();
    const timestampSeconds = Math.floor(now / 1000);
    const keys = merchantKeys(masterKeys, rotated(now + 1000), now);
    const headers = {
      "webhook-id": content.id,
      "webhook-timestamp": String(timestampSeconds),
      "webhook-signature": signatureHeader(keys, { ...content, timestampSeconds }, now),
    };
    const secrets = keys.flatMap((key) => (key.scheme === "v1" ? [secretText(key.key.secret)] : []));
    expect(secrets).toHaveLength(2);
    for (const secret of secrets)
      expect(new Webhook(secret).verify(content.body, headers)).toEqual({ amount: "12.50 €" });
  });
});

describe("a rotation", () => {
  it("has both keys sign while it lasts, the new one first, and then the new one alone: to the millisecond", () => {
    const times = fc.integer({ min: 1_000_000_000_000, max: 4_000_000_000_000 });
    fc.assert(
      fc.property(times, fc.integer({ min: -2, max: 2 }), times, (until, edge, readAt) => {
        const now = until + edge;
        const [newOnly, oldOnly] = [headerOf(NEW), headerOf(OLD)];
        // Keys are read before they are used, and kept.
        const keys = merchantKeys(masterKeys, rotated(until), Math.min(readAt, now));
        const header = signatureHeader(keys, content, now);
        expect(header).toBe(now < until ? `${newOnly} ${oldOnly}` : newOnly);
        expect(isSignedBy(keys, content, oldOnly, now)).toBe(now < until);
        expect(isSignedBy(keys, content, newOnly, now)).toBe(true);
        expect(publicKeys(keys, now)).toHaveLength(now < until ? 2 : 1);
      }),
      { numRuns: 40 },
    );
  });

  it("that is over needs the old master key no more", () => {
    const onlyNew = parseMasterKeys(JSON.stringify({ 2: "l".repeat(32) }));
    expect(() => merchantKeys(onlyNew, rotated(NOW + 1), NOW)).toThrow("secretKeyVersion 1, expected one of 2");
    expect(merchantKeys(onlyNew, rotated(NOW), NOW)).toHaveLength(2);
  });

  it("of the secret alone leaves the ed25519 key as it is, and it signs once", () => {
    const secret = secretText(Buffer.alloc(24, 9));
    expect(schemesIn(headerOf({ ...OLD, previousKey: { until: NOW + 1, secret } }))).toEqual(["v1", "v1a", "v1"]);
  });

  it("from a derived secret to one of the merchant's own signs with the unchanged ed25519 key once", () => {
    const secret = secretText(Buffer.alloc(24, 9));
    const previousKey = { until: NOW + 1, derivation: OLD_DERIVATION };
    expect(schemesIn(headerOf({ ...OLD, secret, previousKey }))).toEqual(["v1", "v1a", "v1"]);
  });
});

describe("a header", () => {
  const keys = merchantKeys(masterKeys, OLD, NOW);
  const [hmac = "", ed25519 = ""] = headerOf(OLD).split(" ");

  it.each([
    ["v1", hmac],
    ["v1a", ed25519],
  ])("is refused when body, id or time differ from what was signed by %s", (_, header) => {
    expect(isSignedBy(keys, content, header, NOW)).toBe(true);
    fc.assert(
      fc.property(fc.string(), fc.constantFrom("id", "body"), (text, part) => {
        fc.pre(text !== content[part]);
        expect(isSignedBy(keys, { ...content, [part]: text }, header, NOW)).toBe(false);
      }),
      { numRuns: 50 },
    );
    expect(isSignedBy(keys, { ...content, timestampSeconds: content.timestampSeconds + 1 }, header, NOW)).toBe(false);
    expect(isSignedBy(merchantKeys(masterKeys, { ...OLD, merchantId: "m-2" }, NOW), content, header, NOW)).toBe(false);
  });

  it("may hold signatures of others and of unknown schemes", () => {
    const others = `v2,AAAA v1a,AAAA v1,${Buffer.alloc(32).toString("base64")}`;
    expect(isSignedBy(keys, content, `${others} ${ed25519}`, NOW)).toBe(true);
    expect(isSignedBy(keys, content, others, NOW)).toBe(false);
    expect(isSignedBy(keys, content, "", NOW)).toBe(false);
  });
});
