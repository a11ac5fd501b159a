import { DecryptCommand, KMSClient } from "@aws-sdk/client-kms";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { mockClient } from "aws-sdk-client-mock";
import { encryptSecret } from "../../../core/aws/encrypt-secret.ts";
import { ImportedSecrets } from "../../../core/aws/imported-secrets.ts";
import { KeyError } from "../../../core/signing/signature.ts";
import { type ControlServer, startControlServer } from "../../../local/control/control-server.ts";
import { CREDENTIALS, REGION } from "../../../local/machine.ts";
import { neverCalled } from "../../support/strict-fake.ts";

const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const [KEY, OTHER_KEY] = ["arn:aws:kms:us-east-1:000000000000:key/one", "arn:aws:kms:us-east-1:000000000000:key/two"];
const material = (byte: number): string => Buffer.alloc(32, byte).toString("base64");
let server: ControlServer;
let kms: KMSClient;
let nowMs = 0;

beforeAll(async () => {
  server = await startControlServer({
    port: 0,
    secrets: neverCalled("secrets"),
    kmsKeys: () => [
      { arn: KEY, aliases: [], material: material(1) },
      { arn: OTHER_KEY, aliases: [], material: material(2) },
    ],
    queueAge: async () => neverCalled("queueAge")(),
    invoke: async () => neverCalled("invoke")(),
  });
  kms = new KMSClient({ endpoint: server.endpoint, region: REGION, credentials: CREDENTIALS, maxAttempts: 1 });
});
afterAll(() => server.stop());
beforeEach(() => {
  nowMs = 1_000_000;
});

const imported = (client: KMSClient = kms, keyArn = KEY) =>
  new ImportedSecrets({ kms: client, keyArn, nowMs: () => nowMs });

describe("an imported secret", () => {
  it("opens for its merchant, and its ciphertext tells nothing", async () => {
    const ciphertext = await encryptSecret(kms, KEY, "m-1", SECRET);
    expect(Buffer.from(ciphertext).toString("latin1")).not.toContain(SECRET.slice(6, 16));
    expect(await imported().open(ciphertext, "m-1")).toBe(SECRET);
  });

  it.each([
    ["of another merchant", async () => encryptSecret(kms, KEY, "m-2", SECRET)],
    ["of another key", async () => encryptSecret(kms, OTHER_KEY, "m-1", SECRET)],
    ["that was cut short", async () => (await encryptSecret(kms, KEY, "m-1", SECRET)).slice(0, -1)],
    ["that never was one", async () => Buffer.from(SECRET)],
  ])("%s never opens", async (_, make) => {
    await expect(imported().open(await make(), "m-1")).rejects.toThrow(KeyError);
  });
});

describe("KMS", () => {
  const fakedKms = new KMSClient({ region: REGION, credentials: CREDENTIALS });
  const faked = mockClient(fakedKms);
  const sealed = (nth = 0) => Buffer.from(`sealed ${nth}`);

  beforeEach(() => {
    faked.reset();
    faked.on(DecryptCommand).resolves({ Plaintext: Buffer.from(SECRET) });
  });
  afterAll(() => faked.restore());

  it("is asked with the key, the purpose and the merchant", async () => {
    await imported(fakedKms).open(sealed(), "m-1");
    expect(faked.commandCalls(DecryptCommand)[0]?.args[0].input).toEqual({
      KeyId: KEY,
      CiphertextBlob: sealed(),
      EncryptionContext: { merchantId: "m-1", purpose: "signing-secret" },
    });
  });

  it("is asked once in ten minutes for each merchant and ciphertext, however often it is needed", async () => {
    const secrets = imported(fakedKms);
    const asked = () => faked.commandCalls(DecryptCommand).length;
    await Promise.all(Array.from({ length: 50 }, () => secrets.open(sealed(), "m-1")));
    await secrets.open(sealed(), "m-2");
    await secrets.open(sealed(1), "m-1");
    expect(asked()).toBe(3);
    nowMs += 599_999;
    await secrets.open(sealed(), "m-1");
    expect(asked()).toBe(3);
    nowMs += 1;
    await secrets.open(sealed(), "m-1");
    expect(asked()).toBe(4);
  });

  it("is asked again after it could not answer, and its error is no fault of the merchant's", async () => {
    const secrets = imported(fakedKms);
    const disabled = Object.assign(new Error("disabled"), { name: "DisabledException" });
    faked
      .on(DecryptCommand)
      .rejectsOnce(disabled)
      .resolves({ Plaintext: Buffer.from(SECRET) });
    await expect(secrets.open(sealed(), "m-1")).rejects.toBe(disabled);
    expect(await secrets.open(sealed(), "m-1")).toBe(SECRET);
  });

  it("is asked for more merchants than are remembered, and none is mixed up", async () => {
    faked.on(DecryptCommand).callsFake(({ CiphertextBlob }) => ({ Plaintext: CiphertextBlob }));
    const secrets = imported(fakedKms);
    for (let nth = 0; nth < 10_050; nth += 1) expect(await secrets.open(sealed(nth), `m-${nth}`)).toBe(`sealed ${nth}`);
  });
});
