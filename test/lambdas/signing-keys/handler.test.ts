import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { afterEach, beforeAll, beforeEach, expect, jest, test } from "@jest/globals";
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from "aws-lambda";
import { mockClient } from "aws-sdk-client-mock";
import { merchantPrivateKey, publicJwk } from "../../../core/signing/ed25519-key.ts";
import { parseMasterKeys } from "../../../core/signing/signature.ts";

const MASTER_KEYS = JSON.stringify({ 1: "k".repeat(32) });
const dynamodb = mockClient(DynamoDBClient);
const secretsManager = mockClient(SecretsManagerClient);
const written: string[] = [];
let handler: (event: APIGatewayProxyEvent, context: Context) => Promise<APIGatewayProxyResult>;

beforeAll(async () => {
  Object.assign(process.env, {
    MERCHANTS_TABLE: "Merchants",
    MASTER_KEYS_SECRET_ARN: "arn:keys",
    AWS_REGION: "eu-west-1",
    POWERTOOLS_SERVICE_NAME: "signing-keys",
    POWERTOOLS_DEV: "true",
  });
  ({ handler } = await import("../../../lambdas/signing-keys/handler.ts"));
});

beforeEach(() => {
  dynamodb.reset();
  dynamodb.onAnyCommand().rejects("not faked");
  secretsManager.on(GetSecretValueCommand, { SecretId: "arn:keys" }).resolves({ SecretString: MASTER_KEYS });
  written.length = 0;
  for (const method of ["log", "info", "warn", "error"] as const)
    jest.spyOn(console, method).mockImplementation((line: unknown) => void written.push(String(line)));
});

afterEach(() => {
  jest.restoreAllMocks();
});

const asked = (merchantId: string) => ({ pathParameters: { merchantId } }) as unknown as APIGatewayProxyEvent;

test("the key set of a merchant is answered, and no key is logged", async () => {
  const Key = { merchantId: { S: "m 1" } };
  dynamodb.on(GetItemCommand).resolves({});
  dynamodb.on(GetItemCommand, { TableName: "Merchants", Key }).resolves({ Item: { merchantId: { S: "m 1" } } });
  const { statusCode, headers, body } = await handler(asked("m%201"), {} as Context);
  const key = merchantPrivateKey(parseMasterKeys(MASTER_KEYS), { merchantId: "m 1", secretKeyVersion: "1" });
  expect([statusCode, JSON.parse(body)]).toEqual([200, { keys: [publicJwk(key)] }]);
  expect(headers).toMatchObject({ "content-type": "application/jwk-set+json" });
  expect(written.join()).not.toContain(publicJwk(key).x);
});

test("an unknown merchant is answered 404", async () => {
  dynamodb.on(GetItemCommand).resolves({});
  expect(await handler(asked("nobody"), {} as Context)).toMatchObject({ statusCode: 404 });
});

test("a row that is only half rotated is answered 500, and the log says what is wrong with it", async () => {
  dynamodb
    .on(GetItemCommand)
    .resolves({ Item: { merchantId: { S: "m-1" }, previousSecretUntil: { N: "1795341600000" } } });
  expect(await handler(asked("m-1"), {} as Context)).toMatchObject({ statusCode: 500 });
  expect(written.join()).toContain("previousSecretUntil: expected");
});
