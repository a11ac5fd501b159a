import { ConditionalCheckFailedException, DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, PutCommand } from "@aws-sdk/lib-dynamodb";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { afterEach, beforeAll, beforeEach, expect, jest, test } from "@jest/globals";
import type { APIGatewayProxyEvent, Context } from "aws-lambda";
import { mockClient } from "aws-sdk-client-mock";
import { Webhook } from "standardwebhooks";
import { secretText } from "../../../core/signing/signature.ts";

const SECRET = secretText(Buffer.alloc(32, 3));
const BODY =
  '{"type":"transaction.approved","timestamp":"2026-11-22T10:00:00Z",' +
  '"data":{"merchantId":"m-1","transactionId":"t-1"}}';
const dynamodb = mockClient(DynamoDBClient);
const documents = mockClient(DynamoDBDocumentClient);
const secretsManager = mockClient(SecretsManagerClient);
let handler: (event: APIGatewayProxyEvent, context: Context) => Promise<{ statusCode: number; body: string }>;
const written: string[] = [];

beforeAll(async () => {
  Object.assign(process.env, {
    MERCHANTS_TABLE: "Merchants",
    RECEIVED_TABLE: "Received",
    MASTER_KEYS_SECRET_ARN: "arn:keys",
    IMPORTED_SECRETS_KEY_ARN: "arn:imported",
    AWS_REGION: "eu-west-1",
  });
  Object.assign(process.env, {
    POWERTOOLS_SERVICE_NAME: "confirmation-webhook",
    POWERTOOLS_METRICS_NAMESPACE: "Test",
    POWERTOOLS_DEV: "true",
    POWERTOOLS_METRICS_DISABLED: "false",
  });
  ({ handler } = await import("../../../lambdas/confirmation-webhook/handler.ts"));
});

beforeEach(() => {
  dynamodb.reset();
  dynamodb.onAnyCommand().rejects("not faked");
  documents.reset();
  documents.onAnyCommand().rejects("not faked");
  dynamodb.on(GetItemCommand).resolves({ Item: { merchantId: { S: "m-1" }, secret: { S: SECRET } } });
  secretsManager.on(GetSecretValueCommand).resolves({ SecretString: JSON.stringify({ 1: "k".repeat(32) }) });
  written.length = 0;
  for (const method of ["log", "info", "warn"] as const)
    jest.spyOn(console, method).mockImplementation((line: unknown) => void written.push(String(line)));
});

afterEach(() => {
  jest.restoreAllMocks();
});

function event(id: string): APIGatewayProxyEvent {
  const headers = {
    "webhook-id": id,
    "webhook-timestamp": String(Math.floor(Date.now() / 1000)),
    "webhook-signature": new Webhook(SECRET).sign(id, new Date(), BODY),
  };
  return {
    headers,
    body: Buffer.from(BODY).toString("base64"),
    isBase64Encoded: true,
    queryStringParameters: null,
  } as unknown as APIGatewayProxyEvent;
}

test("a delivery through the REST proxy is remembered with a time to live and answered 200", async () => {
  documents.on(PutCommand).resolves({});
  const { statusCode, body } = await handler(event("msg_1"), {} as Context);
  expect([statusCode, JSON.parse(body)]).toEqual([200, { received: true, duplicate: false }]);
  expect(documents.commandCalls(PutCommand)[0]?.args[0].input).toMatchObject({
    TableName: "Received",
    Item: { webhookId: "msg_1", purgeAt: expect.any(Number) },
    ConditionExpression: "attribute_not_exists(webhookId)",
  });
});

test("an id that the table knows is a duplicate", async () => {
  documents.on(PutCommand).rejects(new ConditionalCheckFailedException({ $metadata: {}, message: "known" }));
  const { statusCode, body } = await handler(event("msg_1"), {} as Context);
  expect([statusCode, JSON.parse(body)]).toEqual([200, { received: true, duplicate: true }]);
});

test("what it received is counted as an EMF metric; neither secret nor body is logged", async () => {
  documents.on(PutCommand).resolves({});
  await handler(event("msg_1"), {} as Context);
  const everything = written.join("\n");
  expect(everything).toContain('"ConfirmationsReceived":1');
  expect(everything).toContain("msg_1");
  expect(everything).not.toContain(SECRET.slice(6));
  expect(everything).not.toContain("t-1");
});

test("a fault of the table is not answered as received", async () => {
  documents.on(PutCommand).rejects("throttled");
  await expect(handler(event("msg_1"), {} as Context)).rejects.toThrow("throttled");
});
