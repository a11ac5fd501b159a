import { join } from "node:path";
import { type AttributeValue, GetItemCommand, PutItemCommand, ScanCommand } from "@aws-sdk/client-dynamodb";
import { KMSClient } from "@aws-sdk/client-kms";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { AuditedWrites } from "../../../core/aws/audited-writes.ts";
import { AddressGuard } from "../../../core/delivery/address-guard.ts";
import { encryptSecret } from "../../../core/aws/encrypt-secret.ts";
import { ImportedSecrets } from "../../../core/aws/imported-secrets.ts";
import { MerchantRegistry } from "../../../core/aws/merchant-registry.ts";
import { isSignedBy, merchantKeys } from "../../../core/signing/merchant-keys.ts";
import { parseMerchant } from "../../../core/merchant/merchant.ts";
import { parseMasterKeys, parseSecret, secretText } from "../../../core/signing/signature.ts";
import { merchantSecrets } from "../../../lambdas/merchant-secrets/app.ts";
import type { KeyHolder } from "../../../lambdas/merchant-secrets/key-holder.ts";
import { type ControlServer, startControlServer } from "../../../local/control/control-server.ts";
import { keepKmsKeys } from "../../../local/control/kms.ts";
import { CREDENTIALS, REGION } from "../../../local/machine.ts";
import { temporaryDirectory } from "../../local/temporary-directory.ts";
import { type DynamoDbLocal, startDynamoDbLocal } from "../../support/dynamodb-local.ts";
import { patienceMs } from "../../support/machine-speed.ts";
import { neverCalled } from "../../support/strict-fake.ts";
import { API_TABLES, createApiTables } from "../confirmations-api/api-tables.ts";

const KEY_ARN = "arn:aws:kms:us-east-1:000000000000:key/ImportedSecrets";
const masterKeys = parseMasterKeys(JSON.stringify({ "1": "a".repeat(40), "2": "b".repeat(40) }));
const HOUR_MS = 3_600_000;
const brought = secretText(Buffer.alloc(32, 7));

const keyFile = join(temporaryDirectory(), "kms.json");
let dynamodb: DynamoDbLocal;
let server: ControlServer;
let app: ReturnType<typeof merchantSecrets>;
let holder: KeyHolder;
let now = Date.parse("2026-11-22T10:00:00Z");
let counter = 0;
let id = "";

beforeAll(async () => {
  dynamodb = await startDynamoDbLocal();
  await createApiTables(dynamodb.client);
  const keys = keepKmsKeys(keyFile, [{ arn: KEY_ARN, aliases: [] }]);
  server = await startControlServer({
    port: 0,
    secrets: neverCalled("secrets"),
    kmsKeys: () => keys,
    queueAge: async () => neverCalled("queueAge")(),
    invoke: async () => neverCalled("invoke")(),
  });
  const kms = new KMSClient({ endpoint: server.endpoint, region: REGION, credentials: CREDENTIALS, maxAttempts: 1 });
  const audited = new AuditedWrites(dynamodb.client, API_TABLES.auditLogTable);
  holder = {
    registry: new MerchantRegistry(dynamodb.client, API_TABLES.merchantsTable, audited),
    audited,
    masterKeys: async () => masterKeys,
    openSecret: new ImportedSecrets({ kms, keyArn: KEY_ARN, nowMs: () => now }).open,
    sealSecret: (merchantId, secret) => encryptSecret(kms, KEY_ARN, merchantId, secret),
    guard: new AddressGuard([]),
    nowMs: () => now,
  };
  app = merchantSecrets({ logError: () => undefined, holder });
}, patienceMs(60_000));
afterAll(async () => {
  await server.stop();
  await dynamodb.stop();
});
beforeEach(async () => {
  id = `s-${(counter += 1)}`;
  await putRow({ secretSalt: { S: "c2FsdHNhbHRzYWx0" } });
});

async function putRow(attributes: Record<string, AttributeValue>): Promise<void> {
  const Item = { merchantId: { S: id }, ...attributes };
  await dynamodb.client.send(new PutItemCommand({ TableName: "Merchants", Item }));
}
const rowOf = async () =>
  (await dynamodb.client.send(new GetItemCommand({ TableName: "Merchants", Key: { merchantId: { S: id } } }))).Item ??
  {};

async function entries(): Promise<Record<string, { S?: string }>[]> {
  const { Items = [] } = await dynamodb.client.send(new ScanCommand({ TableName: "AuditLog" }));
  return (Items as Record<string, { S?: string }>[])
    .filter(({ resource }) => resource?.S === `merchants/${id}`)
    .toSorted((one, other) => ((one["entry"]?.S ?? "") < (other["entry"]?.S ?? "") ? -1 : 1));
}

interface Asking {
  readonly body?: unknown;
  readonly scopes?: string;
  readonly merchantId?: string;
}

async function ask(method: string, path: string, { body, scopes, merchantId = "" }: Asking = {}) {
  const given = scopes ?? "merchants:secrets merchants:read";
  const authorizer = { subject: "tests", clientId: "client", scopes: given, merchantId };
  const response = await app.request(
    `/v1${path}`,
    {
      method,
      ...(body !== undefined && { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
    },
    { requestContext: { requestId: "request-1", authorizer } },
  );
  const answer = (await response.json()) as Record<string, unknown>;
  return { status: response.status, headers: response.headers, body: answer };
}
const reveal = async () => (await ask("POST", `/merchants/${id}/secret`)).body;
const bring = (body: object) => ask("PUT", `/merchants/${id}/secret`, { body });
const rotate = (body: object = {}) => ask("POST", `/merchants/${id}/rotate`, { body });

describe("revealing a secret", () => {
  it("gives the one that the pipeline signs with, and is in the audit log without it", async () => {
    const { body, headers } = await ask("POST", `/merchants/${id}/secret`);
    const parsed = parseMerchant(await rowOf());
    const keys = "merchant" in parsed ? merchantKeys(masterKeys, parsed.merchant, now, ["v1"]) : [];
    const content = { id: "w", timestampSeconds: 5, body: "{}" };
    const [key] = keys;
    expect(key?.scheme === "v1" && secretText(key.key.secret)).toBe(body["secret"]);
    expect(isSignedBy(keys, content, "v1,no", now)).toBe(false);
    expect(headers.get("cache-control")).toBe("no-store");
    const [entry, ...others] = await entries();
    expect(others).toEqual([]);
    expect(entry).toMatchObject({ action: { S: "revealMerchantSecret" }, requestId: { S: "request-1" } });
    expect(JSON.stringify(entry)).not.toContain(String(body["secret"]).slice(6));
  });

  it("gives the one of its mirror, which is another, where it has one", async () => {
    expect((await ask("POST", `/merchants/${id}/secret?of=mirror`)).status).toBe(409);
    const mirror = {
      url: { S: "https://mirror.example/" },
      secretSalt: { S: "bWlycm9y" },
      secretKeyVersion: { S: "1" },
    };
    await putRow({ secretSalt: { S: "c2FsdHNhbHRzYWx0" }, mirror: { M: mirror } });
    const { status, body } = await ask("POST", `/merchants/${id}/secret?of=mirror`);
    expect([status, Object.keys(body).toSorted()]).toEqual([200, ["merchantId", "secret"]]);
    expect(body["secret"]).toMatch(/^whsec_/);
    expect(body["secret"]).not.toBe((await reveal())["secret"]);
    const said = { after: { S: expect.stringContaining("mirror") } };
    expect(await entries()).toContainEqual(expect.objectContaining(said));
    expect((await ask("POST", `/merchants/${id}/secret?of=other`)).status).toBe(400);
  });

  it("says so before it makes the secret, and shows none where that cannot be written", async () => {
    const order: string[] = [];
    const failing = merchantSecrets({
      logError: () => undefined,
      holder: {
        ...holder,
        masterKeys: async () => {
          order.push("keys");
          return masterKeys;
        },
        audited: {
          write: async () => {
            order.push("entry");
            throw new Error("not written");
          },
        },
      },
    });
    const authorizer = { subject: "t", clientId: "c", scopes: "merchants:secrets", merchantId: "" };
    const response = await failing.request(
      `/v1/merchants/${id}/secret`,
      { method: "POST" },
      { requestContext: { authorizer } },
    );
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain("whsec");
    expect(order).toEqual(["entry"]);
  });

  it("shows a narrowed token its own, and no scope but its own helps", async () => {
    expect((await ask("POST", `/merchants/${id}/secret`, { merchantId: id })).status).toBe(200);
    expect((await ask("POST", `/merchants/${id}/secret`, { merchantId: "other" })).status).toBe(404);
    const { status, body } = await ask("POST", `/merchants/${id}/secret`, { scopes: "merchants:read merchants:write" });
    expect([status, body["code"]]).toEqual([403, "API_SCOPE_MISSING"]);
    expect((await ask("POST", "/merchants/none/secret")).status).toBe(404);
    expect((await ask("POST", "/merchants/pipeline-canary/secret")).status).toBe(404);
  });

  it("answers other methods 405, and a row that no key can be made of 409", async () => {
    const { status, headers } = await ask("DELETE", `/merchants/${id}/secret`);
    expect([status, headers.get("allow")]).toEqual([405, "POST, PUT"]);
    await putRow({ secretKeyVersion: { S: "9" } });
    expect((await ask("POST", `/merchants/${id}/secret`)).status).toBe(409);
    await putRow({ deadlineMs: { S: "x" } });
    expect((await ask("POST", `/merchants/${id}/secret`)).status).toBe(409);
  });
});

describe("importing a secret", () => {
  it("seals it as this merchant's, and the one before signs too for the overlap", async () => {
    const before = (await reveal())["secret"];
    const { status, body } = await bring({ secret: brought, overlapHours: 2 });
    const until = new Date(now + 2 * HOUR_MS).toISOString();
    expect([status, body]).toEqual([
      200,
      expect.objectContaining({ secret: "imported", previousKeyUntil: until, keys: [expect.any(Object)] }),
    ]);
    expect(JSON.stringify(await rowOf())).not.toContain(brought);
    expect(await reveal()).toEqual({ merchantId: id, secret: brought, previous: { secret: before, until } });
    const told = JSON.stringify(await entries());
    expect(told).toContain("importMerchantSecret");
    expect(told).not.toContain(brought.slice(6));
  });

  it("is no change where it is the same again", async () => {
    await bring({ secret: brought, overlapHours: 0 });
    const row = await rowOf();
    expect((await bring({ secret: brought })).status).toBe(200);
    expect(await rowOf()).toEqual(row);
    expect(await entries()).toHaveLength(1);
  });

  it("takes a secret out of the row that lies there in plain text", async () => {
    await putRow({ secret: { S: secretText(Buffer.alloc(32, 9)) } });
    await bring({ secret: brought });
    expect(JSON.stringify(await rowOf())).not.toContain("whsec_");
    expect(await reveal()).toMatchObject({
      secret: brought,
      previous: { secret: secretText(Buffer.alloc(32, 9)) },
    });
  });

  it.each(["hush-hush-hush", "whsec_aHVzaA==", `whsec_${"A".repeat(180)}`])(
    "refuses %s and never repeats it",
    async (secret) => {
      const { status, body } = await bring({ secret });
      expect([status, body["errors"]]).toEqual([422, [expect.objectContaining({ pointer: "/secret" })]]);
      expect(JSON.stringify(body)).not.toContain(secret);
      expect(await entries()).toEqual([]);
    },
  );
});

describe("rotating", () => {
  it("makes new keys of the newest master key; those before sign too until the overlap is over", async () => {
    const before = await reveal();
    const keysBefore = (await ask("GET", `/merchants/${id}/keys`)).body;
    const { body } = await rotate();
    expect(body).toMatchObject({
      secret: "derived",
      secretKeyVersion: "2",
      previousKeyUntil: new Date(now + 24 * HOUR_MS).toISOString(),
    });
    const after = await reveal();
    expect(after["secret"]).not.toBe(before["secret"]);
    expect(after["previous"]).toMatchObject({ secret: before["secret"] });
    const keys = body["keys"] as { kid: string }[];
    expect(keys).toHaveLength(2);
    expect(keys[1]).toEqual((keysBefore["keys"] as { kid: string }[])[0]);
    now += 25 * HOUR_MS;
    expect(await reveal()).toEqual({ merchantId: id, secret: after["secret"] });
    expect((await ask("GET", `/merchants/${id}/keys`)).body).not.toHaveProperty("previousKeyUntil");
  });

  it("ends an overlap only if it is forced to", async () => {
    await rotate();
    const { status, body } = await rotate();
    expect([status, body["code"], body["detail"]]).toEqual([
      409,
      "API_MERCHANT_CONFLICT",
      expect.stringContaining("force"),
    ]);
    expect((await rotate({ force: true, overlapHours: 0 })).body).not.toHaveProperty("previousKeyUntil");
    expect((await entries()).map(({ action }) => action?.S)).toEqual(["rotateMerchantKeys", "rotateMerchantKeys"]);
  });

  it.each([-1, 169, "24"])("refuses an overlap of %j hours", async (overlapHours) => {
    expect((await rotate({ overlapHours })).status).toBe(422);
  });

  it("lets one of two at once win", async () => {
    const results = await Promise.all([rotate({ force: true }), rotate({ force: true })]);
    const statuses = results.map(({ status }) => status).toSorted((one, other) => one - other);
    const parsed = parseMerchant(await rowOf());
    expect("merchant" in parsed).toBe(true);
    expect([
      [200, 200],
      [200, 409],
    ]).toContainEqual(statuses);
    expect(await entries()).toHaveLength(statuses.filter((status) => status === 200).length);
  });
});

it("shows public keys without a secret", async () => {
  const { body } = await ask("GET", `/merchants/${id}/keys`, { scopes: "merchants:read" });
  expect(body).toEqual({
    merchantId: id,
    secret: "derived",
    secretKeyVersion: "1",
    keys: [{ kty: "OKP", crv: "Ed25519", x: expect.any(String), kid: expect.any(String), use: "sig", alg: "EdDSA" }],
  });
  expect(parseSecret(brought)).toHaveLength(32);
});
