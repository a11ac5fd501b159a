import { describe, expect, it } from "@jest/globals";
import type { AttributeMap } from "../../../core/transaction/attribute-value.ts";
import { importUpdate, overlapUntil, rotationUpdate } from "../../../core/signing/key-rotation.ts";
import { parseMerchant } from "../../../core/merchant/merchant.ts";
import { newestKeyVersion, parseMasterKeys } from "../../../core/signing/signature.ts";
import { merchantRow, number, text } from "../../support/rows.ts";

const NOW = Date.UTC(2026, 10, 22);
const HOUR_MS = 3_600_000;
const SALT = Buffer.alloc(16, 1).toString("base64");

function updateOf(row: AttributeMap, overlapMs = HOUR_MS) {
  const parsed = parseMerchant(row);
  if ("faults" in parsed) throw new Error(parsed.faults.join("; "));
  return rotationUpdate(row, parsed.merchant, { salt: "bmV3", keyVersion: "2", now: NOW, overlapMs });
}

describe("the update of a rotation", () => {
  it("derives new keys from a new salt and keeps the old ones with their end", () => {
    expect(updateOf(merchantRow())).toEqual({
      UpdateExpression:
        "SET secretSalt = :secretSalt, secretKeyVersion = :secretKeyVersion, previousSecretSalt = " +
        ":previousSecretSalt, " +
        "previousSecretKeyVersion = :previousSecretKeyVersion, previousSecretUntil = :previousSecretUntil " +
        "REMOVE secret, encryptedSecret, previousSecret, previousEncryptedSecret",
      ConditionExpression:
        "attribute_exists(merchantId) AND attribute_not_exists(secret) AND " +
        "attribute_not_exists(encryptedSecret) AND secretSalt = :read_secretSalt AND " +
        "attribute_not_exists(secretKeyVersion)",
      ExpressionAttributeValues: {
        ":secretSalt": { S: "bmV3" },
        ":secretKeyVersion": { S: "2" },
        ":previousSecretSalt": { S: SALT },
        ":previousSecretKeyVersion": { S: "1" },
        ":previousSecretUntil": { N: String(NOW + HOUR_MS) },
        ":read_secretSalt": { S: SALT },
      },
    });
  });

  it("keeps a secret that the merchant brought along as the one before", () => {
    const update = updateOf(merchantRow({ secret: text("whsec_AA"), secretKeyVersion: text("1") }));
    expect(update.UpdateExpression).toMatch(
      /previousSecret = :previousSecret REMOVE secret, encryptedSecret, previousEncryptedSecret$/,
    );
    expect(update.ConditionExpression).toContain("secret = :read_secret AND");
    expect(update.ExpressionAttributeValues).toMatchObject({
      ":previousSecret": { S: "whsec_AA" },
      ":read_secret": { S: "whsec_AA" },
    });
  });

  it("keeps one that was encrypted as it is", () => {
    const encryptedSecret = { B: Buffer.from("sealed") };
    const update = updateOf(merchantRow({ encryptedSecret }));
    expect(update.UpdateExpression).toMatch(
      /previousEncryptedSecret = :previousEncryptedSecret REMOVE secret, encrypted/,
    );
    expect(update.ConditionExpression).toContain("encryptedSecret = :read_encryptedSecret AND");
    expect(update.ExpressionAttributeValues).toMatchObject({
      ":previousEncryptedSecret": encryptedSecret,
      ":read_encryptedSecret": encryptedSecret,
    });
  });

  it("says that the key before had no salt", () => {
    const update = updateOf(merchantRow({ secretSalt: undefined }));
    expect(update.ConditionExpression).toContain("attribute_not_exists(secretSalt)");
    expect(update.ExpressionAttributeValues).toMatchObject({ ":previousSecretSalt": { S: "" } });
  });

  it("without an overlap keeps nothing of the old key", () => {
    const { UpdateExpression } = updateOf(merchantRow(), 0);
    expect(UpdateExpression).toBe(
      "SET secretSalt = :secretSalt, secretKeyVersion = :secretKeyVersion " +
        "REMOVE secret, encryptedSecret, previousSecret, previousEncryptedSecret, previousSecretSalt, " +
        "previousSecretKeyVersion, previousSecretUntil",
    );
  });
});

describe("an overlap", () => {
  const merchant = { merchantId: "m-1", secretKeyVersion: "1" };

  it("is under way until its time, and no longer", () => {
    expect(overlapUntil(merchant, NOW)).toBeUndefined();
    expect(overlapUntil({ ...merchant, previousKey: { until: NOW + 1 } }, NOW)).toBe(NOW + 1);
    expect(overlapUntil({ ...merchant, previousKey: { until: NOW } }, NOW)).toBeUndefined();
  });
});

describe("the newest master key", () => {
  it.each([
    ['{"1":"K"}', "1"],
    ['{"2":"K","10":"K","9":"K"}', "10"],
    ['{"1":"K","2027-q1":"K"}', "2027-q1"],
  ])("of %s is %s", (json, version) => {
    expect(newestKeyVersion(parseMasterKeys(json.replaceAll("K", "k".repeat(32))))).toBe(version);
  });

  it("has no name where there is none", () => {
    expect(newestKeyVersion(new Map())).toBe("");
  });
});

it("what a rotation writes is a row that can be read again", () => {
  const row = merchantRow({
    secretSalt: text("bmV3"),
    secretKeyVersion: text("2"),
    previousSecretSalt: text(SALT),
    previousSecretKeyVersion: text("1"),
    previousSecretUntil: number(NOW),
  });
  expect(parseMerchant(row)).toMatchObject({ merchant: { secretKeyVersion: "2", previousKey: { until: NOW } } });
});

describe("the update of an import", () => {
  const NEW = Buffer.from("new");
  const importInto = (row: AttributeMap, changes: Partial<Parameters<typeof importUpdate>[2]> = {}) => {
    const parsed = parseMerchant(row);
    if ("faults" in parsed) throw new Error(parsed.faults.join("; "));
    return importUpdate(row, parsed.merchant, { encryptedSecret: NEW, now: NOW, overlapMs: HOUR_MS, ...changes });
  };

  it("replaces the derived secret by the merchant's own; the old one signs on for a while, the salt stays", () => {
    const { UpdateExpression, ExpressionAttributeValues } = importInto(merchantRow());
    expect(UpdateExpression).toBe(
      "SET encryptedSecret = :encryptedSecret, previousSecretUntil = :previousSecretUntil, " +
        "previousSecretSalt = :previousSecretSalt, " +
        "previousSecretKeyVersion = :previousSecretKeyVersion REMOVE secret, previousSecret, previousEncryptedSecret",
    );
    expect(ExpressionAttributeValues).toMatchObject({
      ":encryptedSecret": { B: NEW },
      ":previousSecretSalt": { S: SALT },
      ":previousSecretUntil": { N: String(NOW + HOUR_MS) },
    });
  });

  it("keeps the one before encrypted, also when it lay there in plain text", () => {
    const old = Buffer.from("old");
    for (const [row, changes] of [
      [merchantRow({ encryptedSecret: { B: old } }), {}],
      [merchantRow({ secret: text("whsec_AA") }), { encryptedBefore: old }],
    ] as const) {
      const { UpdateExpression, ExpressionAttributeValues } = importInto(row, changes);
      expect(ExpressionAttributeValues[":previousEncryptedSecret"]).toEqual({ B: old });
      expect(UpdateExpression).toMatch(/REMOVE secret, previousSecret, previousSecretSalt, previousSecretKeyVersion$/);
    }
  });

  it("without an overlap keeps nothing of the key before", () => {
    const { UpdateExpression } = importInto(merchantRow({ encryptedSecret: { B: Buffer.from("old") } }), {
      overlapMs: 0,
    });
    expect(UpdateExpression).toBe(
      "SET encryptedSecret = :encryptedSecret " +
        "REMOVE secret, previousSecret, previousEncryptedSecret, previousSecretSalt, " +
        "previousSecretKeyVersion, previousSecretUntil",
    );
  });
});
