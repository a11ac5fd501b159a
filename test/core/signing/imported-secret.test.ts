import { describe, expect, it } from "@jest/globals";
import { ciphertextOf, encryptionContext } from "../../../core/signing/imported-secret.ts";
import type { Merchant } from "../../../core/merchant/merchant.ts";
import { merchantKeys } from "../../../core/signing/merchant-keys.ts";
import { KeyError, parseMasterKeys, secretText } from "../../../core/signing/signature.ts";
import { withOpenSecrets } from "../../../core/signing/open-secrets.ts";

const NOW = 1_000;
const MASTER_KEYS = parseMasterKeys(JSON.stringify({ 1: "k".repeat(32) }));
const [OLD, NEW] = [Buffer.from("old"), Buffer.from("new")];
const merchant: Merchant = { merchantId: "m-1", secretKeyVersion: "1", encryptedSecret: NEW };
const open = async (ciphertext: Uint8Array, merchantId: string) =>
  `${Buffer.from(ciphertext).toString()} of ${merchantId}`;

describe("a secret as it lies in a row", () => {
  it("is bound to its merchant and to what it is for", () => {
    expect(encryptionContext("m-1")).toEqual({ merchantId: "m-1", purpose: "signing-secret" });
  });

  it.each([
    [{ B: NEW }, NEW],
    [{ B: NEW.toString("base64") }, NEW],
    [{ B: new Uint8Array() }, undefined],
    [{ S: "whsec_AA" }, undefined],
    [undefined, undefined],
    [{ S: NEW.toString("base64") }, NEW],
    [{ S: "" }, undefined],
    [{ N: "1" }, undefined],
  ])("is binary, or base64 of it: %j", (attribute, ciphertext) => {
    expect(ciphertextOf(attribute)).toEqual(ciphertext);
  });
});

describe("a merchant with open secrets", () => {
  it("has the text in the place of the ciphertext", async () => {
    const opened = await withOpenSecrets(merchant, NOW, open);
    expect(opened).toEqual({ merchantId: "m-1", secretKeyVersion: "1", secret: "new of m-1" });
  });

  it("has the secret before as well, as long as that signs too", async () => {
    const rotated = { ...merchant, previousKey: { until: NOW + 1, encryptedSecret: OLD } };
    expect(await withOpenSecrets(rotated, NOW, open)).toMatchObject({
      previousKey: { until: NOW + 1, secret: "old of m-1" },
    });
    const asked: string[] = [];
    const over = await withOpenSecrets(rotated, NOW + 1, (ciphertext, id) => {
      asked.push(Buffer.from(ciphertext).toString());
      return open(ciphertext, id);
    });
    expect([over.previousKey, asked]).toEqual([undefined, ["new"]]);
  });

  it("is the same as before when it brought none along", async () => {
    const derived: Merchant = {
      merchantId: "m-1",
      secretKeyVersion: "1",
      secretSalt: "c2FsdA==",
      previousKey: { until: NOW + 1, derivation: { secretKeyVersion: "1" } },
    };
    expect(await withOpenSecrets(derived, NOW, open)).toEqual(derived);
  });
});

describe("a secret that was not opened", () => {
  it("gives no key: a derived one in its place could not be verified by the merchant", () => {
    expect(() => merchantKeys(MASTER_KEYS, merchant, NOW)).toThrow(KeyError);
    const rotated: Merchant = {
      merchantId: "m-1",
      secretKeyVersion: "1",
      secret: secretText(Buffer.alloc(32)),
      previousKey: { until: NOW + 1, encryptedSecret: OLD },
    };
    expect(() => merchantKeys(MASTER_KEYS, rotated, NOW)).toThrow("still encrypted");
  });

  it("does not stand in the way of the key that is derived all the same", () => {
    expect(merchantKeys(MASTER_KEYS, merchant, NOW, ["v1a"])).toHaveLength(1);
  });
});
