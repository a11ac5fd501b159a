/**
 * Calls of merchants that somebody asked for, from outside, in both modes: a job and its message as the API writes
 * them, and what a merchant's own server receives.
 */
import { GetItemCommand, PutItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { Webhook } from "standardwebhooks";
import { askForCall } from "../../core/jobs/ask-for-call.ts";
import { type MerchantCall, readMerchantCall } from "../../core/jobs/merchant-call.ts";
import type { DeliveryMode } from "../../core/settings/groups/delivery.ts";
import { patienceMs } from "../support/machine-speed.ts";
import { Pipeline, type Row } from "./pipeline.ts";
import { waitFor } from "./wait-for.ts";

const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const DEADLINE_MS = patienceMs(1000);

/** @returns what the tests have, once they run */
export function merchantCallsIn(mode: DeliveryMode) {
  let pipeline: Pipeline;

  beforeAll(async () => {
    pipeline = await Pipeline.start({ delivery: { mode, deadlineMs: DEADLINE_MS } });
  }, patienceMs(60_000));
  afterAll(() => pipeline?.stop(), patienceMs(30_000));

  const register = (merchantId: string, confirmationUrl: string, more: Row = {}) =>
    pipeline.dynamodb.send(
      new PutItemCommand({
        TableName: pipeline.stack.merchantsTable,
        Item: {
          merchantId: { S: merchantId },
          confirmationUrl: { S: confirmationUrl },
          secret: { S: SECRET },
          ...more,
        },
      }),
    );
  /** As the API does. @param askedAt epoch milliseconds. @default now */
  const ask = (jobId: string, merchantId: string, askedAt = Date.now()) =>
    askForCall(
      { jobId, kind: "test", merchantId, requestedBy: "somebody" },
      {
        put: async (row) => {
          await pipeline.dynamodb.send(new PutItemCommand({ TableName: "Jobs", Item: row as never }));
          return true;
        },
        send: (MessageBody) => pipeline.sqs.send(new SendMessageCommand({ QueueUrl: callsUrl(pipeline), MessageBody })),
        now: () => askedAt,
      },
    );
  const done = (jobId: string): Promise<MerchantCall> =>
    waitFor(`${jobId} is done`, async () => {
      const job = await jobOf(pipeline, jobId);
      return job?.state === "done" ? job : undefined;
    });

  describe("a test event", () => {
    it("reaches its merchant, signed as a delivery is, and its job shows request and response", async () => {
      await register("shop", pipeline.merchant.url("/shop"));
      pipeline.merchant.respond("/shop", () => ({
        status: 202,
        headers: { "content-type": "text/plain", "set-cookie": "session=1" },
        body: "thanks",
      }));

      await ask("test_1", "shop");

      const { result, ...job } = await done("test_1");
      expect(job).toMatchObject({ state: "done", merchantId: "shop", requestedBy: "somebody" });
      const [delivery] = pipeline.merchant.to("/shop");
      const { body = "", headers = {} } = delivery ?? {};
      expect(headers["webhook-id"]).toBe("test_1");
      expect(new Webhook(SECRET).verify(body, headers as Record<string, string>)).toEqual({
        type: "webhook.test",
        timestamp: expect.stringMatching(/^\d{4}-.*Z$/),
        data: { merchantId: "shop" },
      });
      expect(result).toEqual({
        outcome: "delivered",
        durationMs: expect.any(Number),
        request: { url: pipeline.merchant.url("/shop"), headers, body },
        response: {
          status: 202,
          headers: expect.objectContaining({ "content-type": "text/plain" }),
          body: "thanks",
        },
      });
      expect(result?.response?.headers).not.toHaveProperty("set-cookie");
    });

    it("is made once whatever the merchant answers, and tells nobody else of it", async () => {
      await register("broken", pipeline.merchant.url("/broken"));
      pipeline.merchant.respond("/broken", () => ({ status: 500, body: "token=hunter2hunter2" }));

      await ask("test_2", "broken");

      expect((await done("test_2")).result).toMatchObject({
        outcome: "status_5xx",
        error: expect.any(String),
        response: { status: 500, body: "token=[secret]" },
      });
      expect(pipeline.merchant.to("/broken")).toHaveLength(1);
      expect(await pipeline.merchantHealth("broken")).toEqual({});
    });

    it("ends with the deadline where the merchant says nothing", async () => {
      await register("silent", pipeline.merchant.url("/silent"));
      const held = Promise.withResolvers<number>();
      pipeline.merchant.respond("/silent", () => held.promise);

      await ask("test_3", "silent");

      const { result } = await done("test_3");
      held.resolve(200);
      expect(result).toMatchObject({ outcome: "timeout", request: { body: expect.stringContaining("webhook.test") } });
      expect(result).not.toHaveProperty("response");
      expect(await pipeline.merchantHealth("silent")).toEqual({});
    });

    it("goes to a merchant that is paused, or whose circuit is open, or whose URL is disabled", async () => {
      const url = pipeline.merchant.url("/paused");
      await register("paused", url);
      await pipeline.dynamodb.send(
        new UpdateItemCommand({
          TableName: pipeline.stack.outputs["MerchantGatesTableName"],
          Key: { merchantId: { S: "paused" } },
          UpdateExpression: "SET pausedAt = :now, circuitOpenUntil = :later, disabledUrls = :urls",
          ExpressionAttributeValues: {
            ":now": { N: String(Date.now()) },
            ":later": { N: String(Date.now() + 3_600_000) },
            ":urls": { SS: [url] },
          },
        }),
      );

      await ask("test_4", "paused");

      expect((await done("test_4")).result).toMatchObject({ outcome: "delivered" });
    });

    it.each([
      ["a private address", "private", "url_not_allowed"],
      ["an address of the cloud's own", "metadata", "url_not_allowed"],
      ["a merchant that nobody registered", "nobody", "merchant_unknown"],
      ["a merchant that was deleted", "deleted", "merchant_deleted"],
    ])("is not sent for %s, and its job says why", async (_, merchantId, outcome) => {
      await register("private", "https://10.1.2.3/confirmations");
      await register("metadata", "https://169.254.169.254/latest");
      await register("deleted", pipeline.merchant.url("/deleted"), { deletedAt: { N: "1" } });

      await ask(`test_5_${merchantId}`, merchantId);

      const { result } = await done(`test_5_${merchantId}`);
      expect(result).toEqual({ outcome, error: expect.any(String) });
      expect(pipeline.merchant.to("/deleted")).toEqual([]);
    });

    it("is not sent once its time is over", async () => {
      await register("late", pipeline.merchant.url("/late"));

      await ask("test_6", "late", Date.now() - 61_000);

      expect((await done("test_6")).result).toMatchObject({ outcome: "expired" });
      expect(pipeline.merchant.to("/late")).toEqual([]);
    });

    it("is sent once though its message comes twice", async () => {
      await register("twice", pipeline.merchant.url("/twice"));

      await ask("test_7", "twice");
      const first = await done("test_7");
      await pipeline.sqs.send(
        new SendMessageCommand({ QueueUrl: callsUrl(pipeline), MessageBody: '{"schema":1,"jobId":"test_7"}' }),
      );
      await ask("test_8", "twice");
      await done("test_8");

      expect(await jobOf(pipeline, "test_7")).toEqual(first);
      expect(pipeline.merchant.to("/twice").map(({ headers }) => headers["webhook-id"])).toEqual(["test_7", "test_8"]);
    });
  });

  return { pipeline: () => pipeline, register, ask, done };
}

async function jobOf(pipeline: Pipeline, jobId: string): Promise<MerchantCall | undefined> {
  const { Item } = await pipeline.dynamodb.send(
    new GetItemCommand({ TableName: "Jobs", Key: { jobId: { S: jobId } }, ConsistentRead: true }),
  );
  return Item === undefined ? undefined : readMerchantCall(Item);
}

function callsUrl({ stack }: Pipeline): string {
  return stack.confirmationsQueueUrl.replace(/[^/]+$/, "merchant-calls");
}
