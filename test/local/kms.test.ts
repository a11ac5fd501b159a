import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { DecryptCommand, EncryptCommand, GenerateDataKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type ControlServer, startControlServer } from "../../local/control/control-server.ts";
import { keepKmsKeys, type KmsKey } from "../../local/control/kms.ts";
import { CREDENTIALS, REGION } from "../../local/machine.ts";
import { neverCalled } from "../support/strict-fake.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

const ARN = "arn:aws:kms:us-east-1:000000000000:key/Secrets";
const ALIAS = "alias/secrets";
const CONTEXT = { merchantId: "m-1", purpose: "test" };
const file = join(temporaryDirectory(), "kms.json");
let keys: readonly KmsKey[];
let server: ControlServer;
let kms: KMSClient;

beforeAll(async () => {
  keys = keepKmsKeys(file, [{ arn: ARN, aliases: [ALIAS] }]);
  server = await startControlServer({
    port: 0,
    secrets: neverCalled("secrets"),
    kmsKeys: () => keys,
    queueAge: async () => neverCalled("queueAge")(),
    invoke: async () => neverCalled("invoke")(),
  });
  kms = new KMSClient({ endpoint: server.endpoint, region: REGION, credentials: CREDENTIALS, maxAttempts: 1 });
});
afterAll(() => server.stop());

const encrypt = async (KeyId = ARN, text = "hush") =>
  (await kms.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from(text), EncryptionContext: CONTEXT })))
    .CiphertextBlob as Uint8Array;

describe("KMS on this machine, asked by the SDK", () => {
  it("decrypts what it encrypted, with the context in any order", async () => {
    const CiphertextBlob = await encrypt();
    const EncryptionContext = { purpose: "test", merchantId: "m-1" };
    const { Plaintext, KeyId } = await kms.send(new DecryptCommand({ CiphertextBlob, EncryptionContext }));
    expect([Buffer.from(Plaintext ?? []).toString(), KeyId]).toEqual(["hush", ARN]);
  });

  it.each([ARN, "Secrets", ALIAS, "arn:aws:kms:us-east-1:000000000000:alias/secrets"])(
    "knows the key as %s",
    async (KeyId) => {
      const CiphertextBlob = await encrypt(KeyId);
      const { KeyId: used } = await kms.send(new DecryptCommand({ KeyId, CiphertextBlob, EncryptionContext: CONTEXT }));
      expect(used).toBe(ARN);
    },
  );

  it("encrypts the same text otherwise each time", async () => {
    expect(await encrypt()).not.toEqual(await encrypt());
  });

  it("gives a data key, open and sealed", async () => {
    const { Plaintext, CiphertextBlob } = await kms.send(
      new GenerateDataKeyCommand({ KeyId: ARN, KeySpec: "AES_256", EncryptionContext: CONTEXT }),
    );
    const opened = await kms.send(new DecryptCommand({ CiphertextBlob, EncryptionContext: CONTEXT }));
    expect(Plaintext).toHaveLength(32);
    expect(opened.Plaintext).toEqual(Plaintext);
  });

  it.each<[string, (ciphertext: Uint8Array) => object, string]>([
    ["another context", () => ({ EncryptionContext: { ...CONTEXT, merchantId: "m-2" } }), "InvalidCiphertextException"],
    ["no context", () => ({ EncryptionContext: undefined }), "InvalidCiphertextException"],
    [
      "a changed byte",
      (c) => ({ CiphertextBlob: c.map((byte, index) => (index === c.length - 1 ? byte ^ 1 : byte)) }),
      "InvalidCiphertextException",
    ],
    ["another key", () => ({ KeyId: "Other" }), "IncorrectKeyException"],
  ])("decrypts nothing with %s", async (_, changes, name) => {
    const CiphertextBlob = await encrypt();
    const input = { CiphertextBlob, EncryptionContext: CONTEXT, ...changes(CiphertextBlob) };
    await expect(kms.send(new DecryptCommand(input))).rejects.toMatchObject({ name });
  });

  it("refuses a key that is not there, and more than it takes", async () => {
    await expect(encrypt("Other")).rejects.toMatchObject({ name: "NotFoundException" });
    await expect(encrypt(ARN, "x".repeat(4097))).rejects.toMatchObject({ name: "ValidationException" });
  });
});

describe("keys of the template", () => {
  it("are made once, and kept for their owner's eyes only", () => {
    expect(keepKmsKeys(file, [{ arn: ARN, aliases: [ALIAS] }])).toEqual(keys);
    expect(Buffer.from(keys[0]?.material ?? "", "base64")).toHaveLength(32);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(Object.keys(JSON.parse(readFileSync(file, "utf8")) as object)).toEqual([ARN]);
  });
});
