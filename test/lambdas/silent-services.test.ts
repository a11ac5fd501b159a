/**
 * Each function against AWS that takes connections and never answers: it ends by itself, in the time that it has, and
 * says so.
 */
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Context } from "aws-lambda";
import { apiAuthorizerEnvironment } from "../../lambdas/api-authorizer/environment.ts";
import { auditTransactionsEnvironment } from "../../lambdas/audit-transactions/environment.ts";
import { canaryEnvironment } from "../../lambdas/canary/environment.ts";
import { confirmationWebhookEnvironment } from "../../lambdas/confirmation-webhook/environment.ts";
import { confirmationsApiEnvironment } from "../../lambdas/confirmations-api/environment.ts";
import { insertFakeTransactionsEnvironment } from "../../lambdas/insert-fake-transactions/environment.ts";
import { placeText } from "../../core/dashboard/place.ts";
import { parseSettings } from "../../core/settings/settings.ts";
import { webhookId } from "../../core/delivery/webhook.ts";
import { receiveAcknowledgementsEnvironment } from "../../lambdas/receive-acknowledgements/environment.ts";
import { releaseDueEnvironment } from "../../lambdas/release-due/environment.ts";
import { signingKeysEnvironment } from "../../lambdas/signing-keys/environment.ts";
import { streamTransactionsEnvironment } from "../../lambdas/stream-transactions/environment.ts";
import { type SilentServer, silentServer } from "../support/silent-server.ts";
import { number, text } from "../support/rows.ts";

/** What an invocation keeps to tell how it went, and half a second for its calls. */
const HAS_MS = 2500;
/** The same for the one function that keeps five seconds for itself. */
const HAS_LONGER_MS = 5200;

const ENVIRONMENTS = [
  apiAuthorizerEnvironment,
  auditTransactionsEnvironment,
  canaryEnvironment,
  confirmationWebhookEnvironment,
  confirmationsApiEnvironment,
  insertFakeTransactionsEnvironment,
  receiveAcknowledgementsEnvironment,
  releaseDueEnvironment,
  signingKeysEnvironment,
  streamTransactionsEnvironment,
];

let server: SilentServer;

beforeAll(async () => {
  server = await silentServer();
  const queues = `${server.endpoint}/0`;
  Object.assign(process.env, {
    AWS_REGION: "eu-central-1",
    AWS_ACCESS_KEY_ID: "AKIDEXAMPLE",
    AWS_SECRET_ACCESS_KEY: "secret",
    AWS_ENDPOINT_URL: server.endpoint,
    POWERTOOLS_METRICS_DISABLED: "true",
    POWERTOOLS_METRICS_NAMESPACE: "Test",
    POWERTOOLS_LOG_LEVEL: "SILENT",
    ...Object.fromEntries(ENVIRONMENTS.flatMap(({ allNames }) => allNames.map((name) => [name, "1"]))),
    ...streamTransactionsEnvironment.write({
      publishedMetrics: ["*"],
      transactionsTable: "1",
      merchantsTable: "Merchants",
      confirmationsQueueUrl: `${queues}/confirmations.fifo`,
      orderedQueueUrl: `${queues}/confirmations-ordered.fifo`,
      deadLetterQueueUrl: `${queues}/confirmations-dl.fifo`,
      dueShards: 1,
      merchantShards: 1,
      leaseMs: 1000,
      order: "transaction",
      settledDays: 1,
      sampling: { share: 1, reservoirPerSecond: 1 },
      debugSamplePercent: 1,
      campaigns: [],
    }),
    [auditTransactionsEnvironment.names.confirmationsQueue]: "confirmations.fifo",
    [auditTransactionsEnvironment.names.streamTransactionsFunction]: "stream-transactions",
    [auditTransactionsEnvironment.names.queueUrl]: `${queues}/audit`,
    [apiAuthorizerEnvironment.names.issuer]: server.endpoint,
    JOURNAL_LOCK: "none",
    [confirmationsApiEnvironment.names.allowDestinations]: "",
    [confirmationsApiEnvironment.names.refuseDestinations]: "",
    [confirmationsApiEnvironment.names.enqueue]: "stream",
    [confirmationsApiEnvironment.names.live.place]: placeText({
      settings: parseSettings({}),
      cluster: "1",
      service: "1",
      natGateways: [],
      functions: [],
      logGroups: [],
    }),
    [confirmationsApiEnvironment.names.hasEvents]: "false",
    [canaryEnvironment.names.confirmationUrl]: "https://api.example/prod/confirmation",
  });
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

const BODY = JSON.stringify({ type: "transaction.approved", timestamp: "x", data: { merchantId: "m-1" } });
const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
const CHANGE = {
  NewImage: {
    transactionId: text("t-1"),
    version: number(1),
    merchantId: text("m-1"),
    outcome: text("APPROVED"),
    amount: number(1),
    currency: text("EUR"),
    occurredAt: text("2026-11-22T10:00:00Z"),
    dueKey: text("P#0"),
    dueAt: number(1),
  },
  SequenceNumber: "77",
};

/** Each function's event, and what it says without a response. */
const FUNCTIONS = {
  "stream-transactions": {
    event: { Records: [{ dynamodb: CHANGE }] },
    outcome: { batchItemFailures: [{ itemIdentifier: "77" }] },
  },
  "release-due": { event: {}, outcome: "fails" },
  "audit-transactions": { event: { audit: "due" }, outcome: "fails" },
  canary: { event: { time: "2026-11-22T10:07:31Z" }, outcome: "fails" },
  "insert-fake-transactions": {
    event: { ratePerSecond: 1, count: 1, merchants: 1 },
    outcome: "fails",
    hasMs: HAS_LONGER_MS,
  },
  // The Live page: what is kept of it is in a table.
  "confirmations-api": {
    event: {
      httpMethod: "GET",
      path: "/v1/live",
      resource: "/v1/live",
      headers: {},
      multiValueHeaders: {},
      queryStringParameters: null,
      multiValueQueryStringParameters: null,
      body: null,
      isBase64Encoded: false,
      requestContext: {
        requestId: "request-1",
        authorizer: { subject: "tests", clientId: "client", scopes: "transactions:read", merchantId: "" },
      },
    },
    outcome: expect.objectContaining({ statusCode: 503 }) as object,
  },
  "signing-keys": { event: { pathParameters: { merchantId: "m-1" } }, outcome: "fails" },
  "receive-acknowledgements": {
    event: {
      headers: {
        "webhook-id": webhookId("t-1", 1),
        "webhook-timestamp": String(Math.floor(Date.now() / 1000)),
        "webhook-signature": `v1,${Buffer.alloc(32).toString("base64")}`,
      },
      body: JSON.stringify({
        type: "webhook.acknowledgement",
        data: { merchantId: "m-1", transactionId: "t-1", version: 1 },
      }),
    },
    outcome: expect.objectContaining({ statusCode: 503 }) as object,
  },
  "api-authorizer": {
    event: () => ({
      headers: {
        authorization: `Bearer ${part({ alg: "ES256", kid: "k" })}.${part({ iss: server.endpoint, exp: 4e9 })}.AA`,
      },
    }),
    outcome: "fails",
  },
  "confirmation-webhook": {
    event: {
      headers: {
        "webhook-id": "msg_1",
        "webhook-timestamp": String(Math.floor(Date.now() / 1000)),
        "webhook-signature": `v1,${Buffer.alloc(32).toString("base64")}`,
      },
      body: BODY,
      queryStringParameters: null,
    },
    outcome: "fails",
  },
} as const;

type Handler = (event: unknown, context: Context) => Promise<unknown>;

describe("without a response of any service", () => {
  it.each(Object.entries(FUNCTIONS))("%s ends in its time, and says so", async (name, { event, outcome, ...given }) => {
    const { handler } = (await import(`../../lambdas/${name}/handler.ts`)) as { handler: Handler };
    const begun = performance.now();
    const { hasMs } = { hasMs: HAS_MS, ...given };
    const context = { getRemainingTimeInMillis: () => hasMs - (performance.now() - begun) } as Context;
    const before = server.requests();
    const input = typeof event === "function" ? event() : event;
    const ended = await handler(input, context).catch(() => "fails");
    expect(ended).toEqual(outcome);
    expect(server.requests()).toBeGreaterThan(before);
  });
});
