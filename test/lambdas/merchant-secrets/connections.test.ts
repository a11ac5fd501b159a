import { join } from "node:path";
import { GetItemCommand, PutItemCommand, QueryCommand } from "@aws-sdk/client-dynamodb";
import { KMSClient } from "@aws-sdk/client-kms";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { AuditedWrites } from "../../../core/aws/audited-writes.ts";
import { encryptSecret } from "../../../core/aws/encrypt-secret.ts";
import { ImportedSecrets } from "../../../core/aws/imported-secrets.ts";
import { MerchantRegistry } from "../../../core/aws/merchant-registry.ts";
import { AddressGuard } from "../../../core/delivery/address-guard.ts";
import { openConnection } from "../../../core/delivery/opened-connection.ts";
import { parseMerchant } from "../../../core/merchant/merchant.ts";
import { parseMasterKeys } from "../../../core/signing/signature.ts";
import type { AttributeMap } from "../../../core/transaction/attribute-value.ts";
import { merchantSecrets } from "../../../lambdas/merchant-secrets/app.ts";
import { type ControlServer, startControlServer } from "../../../local/control/control-server.ts";
import { keepKmsKeys } from "../../../local/control/kms.ts";
import { CREDENTIALS, REGION } from "../../../local/machine.ts";
import { temporaryDirectory } from "../../local/temporary-directory.ts";
import { type DynamoDbLocal, startDynamoDbLocal } from "../../support/dynamodb-local.ts";
import { patienceMs } from "../../support/machine-speed.ts";
import { neverCalled } from "../../support/strict-fake.ts";
import { forbiddenUrls } from "../../core/delivery/ssrf/asked-urls.ts";
import { API_TABLES, createApiTables } from "../confirmations-api/api-tables.ts";
import { CertificateMaker } from "../../support/openssl-certificates.ts";

const KEY_ARN = "arn:aws:kms:us-east-1:000000000000:key/ImportedSecrets";
const folder = temporaryDirectory();
const maker = new CertificateMaker(folder);
const own = maker.selfSigned("us");
const logged: unknown[] = [];

let dynamodb: DynamoDbLocal;
let server: ControlServer;
let kms: KMSClient;
let app: ReturnType<typeof merchantSecrets>;
let counter = 0;
let id = "";

beforeAll(async () => {
  dynamodb = await startDynamoDbLocal();
  await createApiTables(dynamodb.client);
  const keys = keepKmsKeys(join(folder, "kms.json"), [{ arn: KEY_ARN, aliases: [] }]);
  server = await startControlServer({
    port: 0,
    secrets: neverCalled("secrets"),
    kmsKeys: () => keys,
    queueAge: async () => neverCalled("queueAge")(),
    invoke: async () => neverCalled("invoke")(),
  });
  kms = new KMSClient({ endpoint: server.endpoint, region: REGION, credentials: CREDENTIALS, maxAttempts: 1 });
  const audited = new AuditedWrites(dynamodb.client, API_TABLES.auditLogTable);
  app = merchantSecrets({
    logError: (...line) => void logged.push(line),
    holder: {
      registry: new MerchantRegistry(dynamodb.client, API_TABLES.merchantsTable, audited),
      audited,
      masterKeys: async () => parseMasterKeys(JSON.stringify({ "1": "a".repeat(40) })),
      openSecret: async () => neverCalled("openSecret")(),
      sealSecret: (merchantId, secret, purpose) => encryptSecret(kms, KEY_ARN, merchantId, secret, purpose),
      guard: new AddressGuard(["127.0.0.1:9000"], [], []),
      nowMs: Date.now,
    },
  });
}, patienceMs(60_000));
afterAll(async () => {
  await server.stop();
  await dynamodb.stop();
});
beforeEach(async () => {
  id = `c-${(counter += 1)}`;
  const Item = { merchantId: { S: id }, secretSalt: { S: "c2FsdHNhbHRzYWx0" } };
  await dynamodb.client.send(new PutItemCommand({ TableName: "Merchants", Item }));
});

async function ask(method: string, part: string, body?: unknown, scopes = "merchants:secrets", merchantId = "") {
  const response = await app.request(
    `/v1/merchants/${id}/${part}`,
    {
      method,
      ...(body !== undefined && { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
    },
    { requestContext: { requestId: "r", authorizer: { subject: "tests", clientId: "client", scopes, merchantId } } },
  );
  const text = await response.text();
  return { status: response.status, text, body: JSON.parse(text) as Record<string, unknown> };
}
const rowOf = async (): Promise<AttributeMap> =>
  (await dynamodb.client.send(new GetItemCommand({ TableName: "Merchants", Key: { merchantId: { S: id } } })))
    .Item as AttributeMap;
async function openedRow() {
  const parsed = parseMerchant(await rowOf());
  if ("faults" in parsed) throw new Error(parsed.faults.join("; "));
  return openConnection(parsed.merchant, new ImportedSecrets({ kms, keyArn: KEY_ARN, nowMs: Date.now }).open);
}
async function logText(): Promise<string> {
  const { Items = [] } = await dynamodb.client.send(
    new QueryCommand({
      TableName: "AuditLog",
      KeyConditionExpression: "#day = :day",
      ExpressionAttributeNames: { "#day": "day" },
      ExpressionAttributeValues: { ":day": { S: new Date().toISOString().slice(0, 10) } },
    }),
  );
  return JSON.stringify(Items.filter(({ resource }) => resource?.S === `merchants/${id}`));
}

const oauth2 = {
  tokenUrl: "https://token.example/oauth/token?tenant=hush-query",
  clientId: "us",
  clientSecret: "hush-client-secret",
  scope: "webhooks:write",
};

describe("what a connection keeps secret", () => {
  it("opens for its merchant as it was set, and is in no answer, no log and not in the audit log", async () => {
    const set = [
      await ask("PUT", "client-certificate", own),
      await ask("PUT", "oauth2", oauth2),
      await ask("PUT", "secret-headers", { headers: { "X-Key": "hush-header", cookie: "hush-cookie" } }),
    ];
    expect(set.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(set[2]?.body).toEqual({
      merchantId: id,
      clientCertificate: {
        subject: "O=Us, CN=us",
        fingerprint: expect.stringMatching(/^(?:[0-9A-F]{2}:){31}/),
        notAfter: expect.any(String),
      },
      oauth2: {
        tokenUrl: oauth2.tokenUrl,
        clientId: "us",
        authMethod: "client_secret_basic",
        scope: "webhooks:write",
      },
      secretHeaders: ["cookie", "x-key"],
    });
    expect(await openedRow()).toMatchObject({
      headerLines: "cookie: hush-cookie\r\nx-key: hush-header\r\n",
      identity: { certificate: own.certificate, privateKey: own.privateKey },
      oauth2: { clientSecret: "hush-client-secret" },
    });
    const log = await logText();
    for (const action of ["setClientCertificate", "setOAuth2Client", "setSecretHeaders"]) expect(log).toContain(action);
    const seen = [...set.map(({ text }) => text), log, JSON.stringify(logged)].join("\n");
    expect(seen.replaceAll("hush-query", "")).not.toMatch(/hush|PRIVATE/);
    expect(log).not.toContain("hush-query");
    expect(JSON.stringify(await rowOf())).not.toMatch(/hush-(?!query)|PRIVATE/);
  });

  it("can be taken away, each by itself, and again", async () => {
    await ask("PUT", "client-certificate", own);
    await ask("PUT", "oauth2", oauth2);
    await ask("PUT", "secret-headers", { headers: { "x-key": "hush" } });
    expect((await ask("DELETE", "oauth2")).body).not.toHaveProperty("oauth2");
    expect((await ask("DELETE", "client-certificate")).body).toEqual({ merchantId: id, secretHeaders: ["x-key"] });
    expect((await ask("DELETE", "secret-headers")).body).toEqual({ merchantId: id });
    expect((await ask("DELETE", "secret-headers")).status).toBe(200);
    expect(await openedRow()).toBeUndefined();
    expect((await logText()).match(/removeSecretHeaders/g)).toHaveLength(1);
  });

  it("opens for no other merchant, and for no other purpose", async () => {
    await ask("PUT", "oauth2", oauth2);
    const sealed = (await rowOf())["oauth2"]?.M?.["encryptedClientSecret"]?.B as Uint8Array;
    const { open } = new ImportedSecrets({ kms, keyArn: KEY_ARN, nowMs: Date.now });
    await expect(open(sealed, "another", "client-secret")).rejects.toThrow(/The client secret of merchant another/);
    await expect(open(sealed, id)).rejects.toThrow(/encryptedSecret/);
    expect(await open(sealed, id, "client-secret")).toBe("hush-client-secret");
  });

  it("is for who may have secrets, and whom it belongs to", async () => {
    expect((await ask("PUT", "oauth2", oauth2, "merchants:write merchants:read")).status).toBe(403);
    expect((await ask("PUT", "oauth2", oauth2, "merchants:secrets", "another")).status).toBe(404);
    expect((await ask("PUT", "oauth2", oauth2, "merchants:secrets", id)).status).toBe(200);
  });

  it("is not set for a merchant that is not there", async () => {
    id = "nobody";
    expect((await ask("PUT", "client-certificate", own)).status).toBe(404);
    expect((await ask("DELETE", "oauth2")).status).toBe(404);
  });
});

describe("what is refused", () => {
  it.each(Object.entries(forbiddenUrls()))(
    "is a token address inside, before anything is written: %s",
    async (_, urls) => {
      for (const tokenUrl of urls) {
        const { status, body } = await ask("PUT", "oauth2", { ...oauth2, tokenUrl });
        expect([tokenUrl, status, body["errors"]]).toEqual([
          tokenUrl,
          422,
          [{ pointer: "/tokenUrl", detail: expect.any(String) }],
        ]);
      }
      expect(await rowOf()).not.toHaveProperty("oauth2");
    },
  );

  it.each([
    "http://token.example/",
    "http://127.0.0.1:8080/",
    "https://us:hush@token.example/",
    "https://token.example:8443/",
    "ftp://token.example/",
    "file:///etc/passwd",
    "nowhere",
  ])("is the token address %s, before anything is written", async (tokenUrl) => {
    const { status, body } = await ask("PUT", "oauth2", { ...oauth2, tokenUrl });
    expect([status, body["errors"]]).toEqual([422, [{ pointer: "/tokenUrl", detail: expect.any(String) }]]);
    expect(await rowOf()).not.toHaveProperty("oauth2");
  });

  it("is not the address that the operator listed", async () => {
    expect((await ask("PUT", "oauth2", { ...oauth2, tokenUrl: "http://127.0.0.1:9000/token" })).status).toBe(200);
  });

  it.each<[string, object, string]>([
    ["oauth2", { ...oauth2, clientSecret: "" }, "/clientSecret"],
    ["oauth2", { ...oauth2, clientSecret: "hush\r\nx: 1" }, "/clientSecret"],
    ["oauth2", { ...oauth2, clientId: "ü" }, "/clientId"],
    ["oauth2", { ...oauth2, scope: "a  b" }, "/scope"],
    ["oauth2", { ...oauth2, scope: 'a"b' }, "/scope"],
    ["oauth2", { ...oauth2, authMethod: "none" }, "/authMethod"],
    ["oauth2", { ...oauth2, clientSecret: "h".repeat(1025) }, "/clientSecret"],
    ["secret-headers", { headers: {} }, "/headers"],
    ["secret-headers", { headers: { host: "hush" } }, "/headers/host"],
    ["secret-headers", { headers: { "webhook-signature": "hush" } }, "/headers/webhook-signature"],
    ["secret-headers", { headers: { "x-a": "hush\r\nx-b: 1" } }, "/headers/x-a"],
    ["secret-headers", { headers: { "x-a": '"'.repeat(2048) } }, "/headers"],
    ["client-certificate", { ...own, privateKey: "hush" }, "/privateKey"],
    ["client-certificate", { ...own, certificate: "hush" }, "/certificate"],
    ["client-certificate", { ...own, certificate: "-".repeat(16_385) }, "/certificate"],
  ])("is %s with what cannot be, by its place alone", async (part, body, pointer) => {
    const { status, text, body: answer } = await ask("PUT", part, body);
    expect([status, answer["errors"]]).toEqual([422, [expect.objectContaining({ pointer })]]);
    expect(text).not.toContain("hush");
  });

  it("is a token beside a secret header of the same place, in either order", async () => {
    const authorization = { headers: { Authorization: "Basic hush" } };
    await ask("PUT", "oauth2", oauth2);
    expect((await ask("PUT", "secret-headers", authorization)).body).toMatchObject({ code: "API_MERCHANT_CONFLICT" });
    await ask("DELETE", "oauth2");
    expect((await ask("PUT", "secret-headers", authorization)).status).toBe(200);
    expect((await ask("PUT", "oauth2", oauth2)).body).toMatchObject({ code: "API_MERCHANT_CONFLICT" });
  });
});
