import { describe, expect, it } from "@jest/globals";
import { connectionSecrets, openConnection } from "../../../core/delivery/opened-connection.ts";
import type { MerchantConnection } from "../../../core/merchant/connection/connection.ts";
import { KeyError } from "../../../core/signing/signature.ts";

const certificate = {
  certificate: "PEM",
  encryptedKey: Buffer.from("the key"),
  fingerprint: "AA:BB",
  subject: "CN=us",
  notAfter: 2e12,
};
const oauth2 = {
  tokenUrl: "https://token.example/",
  clientId: "us",
  encryptedClientSecret: Buffer.from("the secret"),
  authMethod: "client_secret_basic",
} as const;
const secretHeaders = { names: ["authorization", "x-a"], encrypted: Buffer.from("the headers") };
const sealed: Readonly<Record<string, string>> = {
  "the key client-key": "PRIVATE",
  "the secret client-secret": "hush",
  "the headers secret-headers": JSON.stringify({ authorization: "Basic dXM6aHVzaA==", "x-a": "secret one" }),
};
const opened = (connection: MerchantConnection, texts = sealed) =>
  openConnection({ merchantId: "m-1", secretKeyVersion: "1", connection }, async (ciphertext, merchantId, purpose) => {
    const text = texts[`${Buffer.from(ciphertext).toString()} ${purpose}`];
    if (text === undefined || merchantId !== "m-1") throw new KeyError("cannot be opened");
    return text;
  });

describe("a connection with secrets", () => {
  it("opens each for its own purpose, and names each of them to whoever asks KMS", async () => {
    const connection = { clientCertificate: certificate, oauth2, secretHeaders };
    expect(connectionSecrets(connection)).toEqual([
      certificate.encryptedKey,
      oauth2.encryptedClientSecret,
      secretHeaders.encrypted,
    ]);
    expect(await opened({ ...connection, httpVersion: "2" })).toEqual({
      secretNames: ["authorization", "x-a"],
      headerLines: "x-a: secret one\r\n",
      httpVersion: "2",
      identity: { name: "AA:BB", certificate: "PEM", privateKey: "PRIVATE" },
      oauth2: {
        merchantId: "m-1",
        name: expect.stringContaining("token.example"),
        tokenUrl: "https://token.example/",
        clientId: "us",
        clientSecret: "hush",
        authMethod: "client_secret_basic",
      },
    });
  });

  it("has a secret header in the place of a plain one of its name, and the others beside it", async () => {
    const headerLines = "authorization: plain\r\nx-a: plain\r\nx-b: plain\r\n";
    expect(await opened({ headerLines, secretHeaders })).toMatchObject({
      headerLines: "x-b: plain\r\nauthorization: Basic dXM6aHVzaA==\r\nx-a: secret one\r\n",
    });
  });

  it("leaves the place of the token free", async () => {
    expect(await opened({ headerLines: "authorization: plain\r\n", oauth2 })).toEqual({
      secretNames: ["authorization"],
      oauth2: expect.anything(),
    });
  });

  it.each([
    ["no JSON", "x-a: 1"],
    ["a list", "[]"],
    ["a number", '{"x-a":1}'],
    ["one that ends its line", '{"x-a":"1\\r\\nhost: other"}'],
    ["the pipeline's own", '{"webhook-id":"mine"}'],
  ])("writes nothing to anybody where the secret headers are %s", async (_, text) => {
    const texts = { ...sealed, "the headers secret-headers": text };
    await expect(opened({ secretHeaders }, texts)).rejects.toThrow(KeyError);
  });
});
