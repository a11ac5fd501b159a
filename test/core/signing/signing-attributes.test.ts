import { describe, expect, it } from "@jest/globals";
import type { AttributeMap, AttributeValue } from "../../../core/transaction/attribute-value.ts";
import { parseMerchant } from "../../../core/merchant/merchant.ts";
import { merchantRow, number, text } from "../../support/rows.ts";

const UNTIL = 1_795_341_600_000;
const DERIVED = { previousSecretSalt: text("b2xk"), previousSecretKeyVersion: text("1") };

function faultsOf(changes: AttributeMap): readonly string[] {
  const parsed = parseMerchant(merchantRow(changes));
  return "faults" in parsed ? parsed.faults : [];
}

function merchantOf(changes: AttributeMap) {
  const parsed = parseMerchant(merchantRow(changes));
  if ("faults" in parsed) throw new Error(parsed.faults.join("; "));
  return parsed.merchant;
}

describe("the schemes of a merchant", () => {
  it.each<[string, AttributeValue, readonly string[]]>([
    ["a set", { SS: ["v1a", "v1"] }, ["v1", "v1a"]],
    ["a list", { L: [text("v1a")] }, ["v1a"]],
    ["a list that says one twice", { L: [text("v1"), text("v1")] }, ["v1"]],
  ])("may be chosen by %s", (_, signatures, schemes) => {
    expect(merchantOf({ signatures })).toMatchObject({ signatures: schemes });
  });

  it("are left open by most rows, which means both", () => {
    expect(merchantOf({})).not.toHaveProperty("signatures");
  });

  it.each<[string, AttributeValue]>([
    ["none", { L: [] }],
    ["an unknown one", { SS: ["v1", "v2"] }],
    ["a text", text("v1")],
    ["a number in the list", { L: [text("v1"), number(1)] }],
    ["another case", { SS: ["V1"] }],
  ])("are refused when they are %s", (_, signatures) => {
    expect(faultsOf({ signatures })).toEqual([
      "signatures: expected a set (SS) or list (L) of v1 and v1a, at least one of them",
    ]);
  });
});

describe("the key before the current one", () => {
  it.each<[string, AttributeMap, object]>([
    ["a derived one", DERIVED, { derivation: { secretSalt: "b2xk", secretKeyVersion: "1" } }],
    [
      "one that was derived without a salt",
      { ...DERIVED, previousSecretSalt: text("") },
      { derivation: { secretSalt: "", secretKeyVersion: "1" } },
    ],
    ["a secret of the merchant's own", { previousSecret: text("whsec_AA") }, { secret: "whsec_AA" }],
    [
      "the same as KMS encrypted it",
      { previousEncryptedSecret: { B: Buffer.from("sealed") } },
      { encryptedSecret: Buffer.from("sealed") },
    ],
    [
      "a secret of its own beside a derived key",
      { ...DERIVED, previousSecret: text("whsec_AA") },
      { secret: "whsec_AA", derivation: { secretSalt: "b2xk", secretKeyVersion: "1" } },
    ],
  ])("is %s", (_, attributes, key) => {
    expect(merchantOf({ ...attributes, previousSecretUntil: number(UNTIL) }).previousKey).toEqual({
      until: UNTIL,
      ...key,
    });
  });

  it.each<[string, AttributeMap, RegExp]>([
    ["no time", DERIVED, /^previousSecretUntil: expected epoch milliseconds/],
    ["a time in seconds", { ...DERIVED, previousSecretUntil: number(UNTIL / 1000) }, /epoch milliseconds/],
    ["a time as text", { ...DERIVED, previousSecretUntil: text(String(UNTIL)) }, /epoch milliseconds/],
    [
      "a time but no key",
      { previousSecretUntil: number(UNTIL) },
      new RegExp(
        "^previousSecretUntil: expected previousEncryptedSecret, previousSecret, " +
          "or previousSecretSalt and previousSecretKeyVersion, with it$",
      ),
    ],
    [
      "a salt but no key version",
      { previousSecretSalt: text("b2xk"), previousSecretUntil: number(UNTIL) },
      /expected both or none, the rotation is only half written/,
    ],
    [
      "a key version but no salt",
      { previousSecretKeyVersion: text("1"), previousSecretUntil: number(UNTIL) },
      /expected both or none/,
    ],
    ["an empty secret", { previousSecret: text(""), previousSecretUntil: number(UNTIL) }, /^previousSecret: expected/],
    [
      "a plain text for an encrypted secret",
      { previousEncryptedSecret: text("whsec_b2xk"), previousSecretUntil: number(UNTIL) },
      /^previousEncryptedSecret: expected binary/,
    ],
    [
      "a secret in both forms",
      {
        previousSecret: text("whsec_AA"),
        previousEncryptedSecret: { B: Buffer.from("sealed") },
        previousSecretUntil: number(UNTIL),
      },
      /^previousSecret, previousEncryptedSecret: expected one of them$/,
    ],
    [
      "a number for a salt",
      { ...DERIVED, previousSecretSalt: number(424_242), previousSecretUntil: number(UNTIL) },
      /^previousSecretSalt: expected a string/,
    ],
  ])("is refused with %s, without a value", (_, attributes, said) => {
    const faults = faultsOf(attributes);
    expect(faults).toEqual([expect.stringMatching(said)]);
    expect(faults.join()).not.toMatch(/424242|b2xk/);
  });
});
