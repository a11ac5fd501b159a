import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { beforeEach, expect, test } from "@jest/globals";
import { mockClient } from "aws-sdk-client-mock";
import { registeredMerchants, type RegisteredMerchantsOptions } from "../../../core/aws/registered-merchants.ts";
import { merchantKeys } from "../../../core/signing/merchant-keys.ts";
import { KeyError, parseMasterKeys, secretText } from "../../../core/signing/signature.ts";

const MASTER_KEYS = JSON.stringify({ 1: "k".repeat(32) });
const ROW = {
  merchantId: { S: "m-1" },
  confirmationUrl: { S: "https://merchant.example/" },
  secretSalt: { S: "c2FsdA==" },
};
const dynamodb = mockClient(DynamoDBClient);
const secretsManager = mockClient(SecretsManagerClient);
let nowMs = 0;

beforeEach(() => {
  nowMs = 1_000_000;
  dynamodb.reset();
  secretsManager.reset();
  dynamodb.onAnyCommand().rejects("not faked");
  secretsManager.onAnyCommand().rejects("not faked");
  secretsManager.on(GetSecretValueCommand, { SecretId: "arn:keys" }).resolves({ SecretString: MASTER_KEYS });
});

function lookup(changes: Partial<RegisteredMerchantsOptions> = {}) {
  return registeredMerchants({
    dynamodb: new DynamoDBClient({}),
    secretsManager: new SecretsManagerClient({}),
    merchantsTable: "Merchants",
    masterKeysSecretArn: "arn:keys",
    merchantKeptMs: 60_000,
    nowMs: () => nowMs,
    ...changes,
  });
}

test("the keys are those that the pipeline signs with, of every scheme", async () => {
  dynamodb.on(GetItemCommand, { TableName: "Merchants", Key: { merchantId: { S: "m-1" } } }).resolves({ Item: ROW });
  const merchant = { merchantId: "m-1", secretKeyVersion: "1", secretSalt: "c2FsdA==" };
  const keys = merchantKeys(parseMasterKeys(MASTER_KEYS), merchant, nowMs);
  expect(keys.map(({ scheme }) => scheme)).toEqual(["v1", "v1a"]);
  expect(await lookup()("m-1")).toEqual({ kind: "registered", keys, isSandbox: false });
});

test("row and master keys are read once a minute, not once a delivery", async () => {
  dynamodb.on(GetItemCommand).resolves({ Item: ROW });
  const merchantOf = lookup();
  await Promise.all([merchantOf("m-1"), merchantOf("m-1"), merchantOf("m-1")]);
  expect(dynamodb.commandCalls(GetItemCommand)).toHaveLength(1);
  nowMs += 60_001;
  await merchantOf("m-1");
  expect(dynamodb.commandCalls(GetItemCommand)).toHaveLength(2);
  expect(secretsManager.commandCalls(GetSecretValueCommand)).toHaveLength(2);
});

test("a merchant that is not registered yet is looked up again at its next delivery", async () => {
  dynamodb.on(GetItemCommand).resolvesOnce({}).resolves({ Item: ROW });
  const merchantOf = lookup();
  expect(await merchantOf("m-1")).toEqual({ kind: "unknown" });
  expect(await merchantOf("m-1")).toMatchObject({ kind: "registered" });
});

test("what failed to load is asked for again", async () => {
  dynamodb.on(GetItemCommand).rejectsOnce("throttled").resolves({ Item: ROW });
  const merchantOf = lookup();
  await expect(merchantOf("m-1")).rejects.toThrow("throttled");
  expect(await merchantOf("m-1")).toMatchObject({ kind: "registered" });
});

test("a row with faults, or with a key version that does not exist, is unusable with its reason", async () => {
  dynamodb
    .on(GetItemCommand)
    .resolvesOnce({ Item: { ...ROW, secretSalt: { N: "1" } } })
    .resolves({ Item: { ...ROW, secretKeyVersion: { S: "9" } } });
  const merchantOf = lookup();
  expect(await merchantOf("m-1")).toEqual({ kind: "unusable", reason: expect.stringContaining("secretSalt") });
  expect(await merchantOf("m-1")).toEqual({ kind: "unusable", reason: expect.stringContaining("secretKeyVersion 9") });
});

const SECRET = Buffer.alloc(32, 5);
const IMPORTED = { ...ROW, encryptedSecret: { B: Buffer.from("sealed") } };

test("a secret that the merchant brought along is opened for its own merchant", async () => {
  dynamodb.on(GetItemCommand).resolves({ Item: IMPORTED });
  const openSecret = async (ciphertext: Uint8Array, merchantId: string) => {
    expect([Buffer.from(ciphertext).toString(), merchantId]).toEqual(["sealed", "m-1"]);
    return secretText(SECRET);
  };
  const found = await lookup({ openSecret })("m-1");
  const [key] = found !== undefined && "keys" in found ? found.keys : [];
  expect(key?.scheme === "v1" && key.key.secret.equals(SECRET)).toBe(true);
});

test("a program that asks for v1a alone opens nothing", async () => {
  dynamodb.on(GetItemCommand).resolves({ Item: IMPORTED });
  expect(await lookup({ schemes: ["v1a"] })("m-1")).toMatchObject({ kind: "registered", keys: [{ scheme: "v1a" }] });
});

test("a secret that never opens makes its merchant unusable, one that does not open now is retried", async () => {
  dynamodb.on(GetItemCommand).resolves({ Item: IMPORTED });
  const failing = (reason: Error) =>
    lookup({
      openSecret: async () => {
        throw reason;
      },
    })("m-1");
  expect(await failing(new KeyError("cannot be opened"))).toEqual({ kind: "unusable", reason: "cannot be opened" });
  await expect(failing(new Error("throttled"))).rejects.toThrow("throttled");
  expect(await lookup()("m-1")).toMatchObject({
    kind: "unusable",
    reason: expect.stringContaining("still encrypted"),
  });
});
