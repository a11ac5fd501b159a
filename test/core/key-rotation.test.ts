import { describe, expect, it } from "@jest/globals";
import type { AttributeMap } from "../../core/attribute-value.ts";
import { overlapUntil, rotationUpdate } from "../../core/key-rotation.ts";
import { parseMerchant } from "../../core/merchant.ts";
import { newestKeyVersion, parseMasterKeys } from "../../core/signature.ts";
import { merchantRow, number, text } from "../faults/rows.ts";

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
        "SET secretSalt = :secretSalt, secretKeyVersion = :secretKeyVersion, previousSecretSalt = :previousSecretSalt, " +
        "previousSecretKeyVersion = :previousSecretKeyVersion, previousSecretUntil = :previousSecretUntil " +
        "REMOVE secret, previousSecret",
      ConditionExpression:
        "attribute_exists(merchantId) AND attribute_not_exists(secret) AND secretSalt = :read_secretSalt AND attribute_not_exists(secretKeyVersion)",
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
    expect(update.UpdateExpression).toMatch(/previousSecret = :previousSecret REMOVE secret$/);
    expect(update.ConditionExpression).toContain("secret = :read_secret AND");
    expect(update.ExpressionAttributeValues).toMatchObject({
      ":previousSecret": { S: "whsec_AA" },
      ":read_secret": { S: "whsec_AA" },
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
        "REMOVE secret, previousSecret, previousSecretSalt, previousSecretKeyVersion, previousSecretUntil",
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
