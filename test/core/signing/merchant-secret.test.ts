import { describe, expect, it } from "@jest/globals";
import type { Merchant } from "../../../core/merchant/merchant.ts";
import { merchantSecret, parseMasterKeys, secretText } from "../../../core/signing/signature.ts";

const KEY = "k".repeat(32);
const keys = parseMasterKeys(JSON.stringify({ 1: KEY, 2: "l".repeat(32) }));
const merchant: Merchant = {
  merchantId: "m-1",
  secretKeyVersion: "1",
  secretSalt: Buffer.alloc(16, 1).toString("base64"),
};
const secretOf = (changes: Partial<Merchant> = {}): string =>
  secretText(merchantSecret(keys, { ...merchant, ...changes }));

describe("a merchant's secret", () => {
  it("is the same each time, and stays so across releases of this program", () => {
    expect(secretOf()).toBe(secretOf());
    expect(secretOf()).toBe("whsec_NFMnpzrv/IzKzDaDz/ELc8c7Qe0/vE5r3U39hsbtpBo=");
  });

  it("stays so without a salt too", () => {
    const { secretSalt: _, ...unsalted } = merchant;
    expect(secretText(merchantSecret(keys, unsalted))).toBe("whsec_siZuL2Vc05XPWaVw7lbkgTbXrRkjRvFjr2Rb700YT7s=");
  });

  it("differs by merchant, by version of the master key, and by salt", () => {
    const salt = Buffer.alloc(16, 2).toString("base64");
    const { secretSalt: _, ...unsalted } = merchant;
    const secrets = [
      secretOf(),
      secretOf({ merchantId: "m-2" }),
      secretOf({ secretKeyVersion: "2" }),
      secretOf({ secretSalt: salt }),
      secretText(merchantSecret(keys, unsalted)),
    ];
    expect(new Set(secrets).size).toBe(secrets.length);
  });

  it("differs by master key", () => {
    const other = parseMasterKeys(JSON.stringify({ 1: "x".repeat(32) }));
    expect(secretText(merchantSecret(other, merchant))).not.toBe(secretOf());
  });

  it("does not run together where merchant and key version meet", () => {
    const more = parseMasterKeys(JSON.stringify({ 1: KEY, 11: KEY }));
    const one = merchantSecret(more, { ...merchant, merchantId: "m1", secretKeyVersion: "1" });
    const other = merchantSecret(more, { ...merchant, merchantId: "m", secretKeyVersion: "11" });
    expect(one.equals(other)).toBe(false);
  });

  it("is the merchant's own where it brought one", () => {
    const secret = secretText(Buffer.alloc(24, 9));
    expect(secretOf({ secret })).toBe(secret);
  });

  it("cannot be derived from a key version that does not exist", () => {
    expect(() => secretOf({ secretKeyVersion: "3" })).toThrow(
      "Merchant m-1 has secretKeyVersion 3, expected one of 1, 2.",
    );
  });

  it("is never a derived one where its own is still encrypted", () => {
    const encrypted = { ...merchant, encryptedSecret: new Uint8Array(40) };
    expect(() => merchantSecret(keys, encrypted)).toThrow(
      "The secret of merchant m-1 is still encrypted; this program may not open it.",
    );
  });
});

describe("master keys", () => {
  it.each([
    ["not JSON", "hunter2-hunter2-hunter2"],
    ["a string", '"hunter2-hunter2-hunter2-hunter2"'],
    ["null", "null"],
    ["no key at all", "{}"],
    ["a key that is too short", '{"1":"hunter2"}'],
    ["a key that is a number", '{"1":12345678901234567890}'],
  ])("are refused when they are %s, without repeating them", (_, json) => {
    expect(() => parseMasterKeys(json)).toThrow(expect.objectContaining({ name: "KeyError", code: "KEY_INVALID" }));
    expect(() => parseMasterKeys(json)).not.toThrow(/hunter2|123456/);
    expect(() => parseMasterKeys(json)).toThrow("check the secret in Secrets Manager.");
  });

  it("say what is wrong with them", () => {
    expect(() => parseMasterKeys("{")).toThrow('The master keys are not JSON. Expected {"1":"<key material>"}');
    expect(() => parseMasterKeys("[]")).toThrow("an object of strings of at least 24 characters by version");
  });

  it("have 24 characters at least, each of them", () => {
    const json = (length: number): string => JSON.stringify({ 1: "k".repeat(32), 2: "k".repeat(length) });
    expect([...parseMasterKeys(json(24)).keys()]).toEqual(["1", "2"]);
    expect(() => parseMasterKeys(json(23))).toThrow(expect.objectContaining({ code: "KEY_INVALID" }));
  });
});
