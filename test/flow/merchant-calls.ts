/**
 * Calls of merchants that somebody asked for, from outside, in both modes: a job and its message as the API writes
 * them, and what a merchant's own server receives.
 */
import { createHmac } from "node:crypto";
import { GetItemCommand, PutItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { beforeAll, describe, expect, it } from "@jest/globals";
import { Webhook } from "standardwebhooks";
import { askForCall } from "../../core/jobs/ask-for-call.ts";
import { type MerchantCall, type NewMerchantCall, readMerchantCall } from "../../core/jobs/merchant-call.ts";
import { challenged } from "../../core/merchant/ask-origins.ts";
import { originOf, type Origins, originsAttribute, originsOf } from "../../core/merchant/ownership.ts";
import type { DeliveryMode } from "../../core/settings/groups/delivery.ts";
import { text, transactionRow } from "../support/rows.ts";
import { patienceMs } from "../support/machine-speed.ts";
import type { Delivery, MerchantResponse } from "./merchant-server.ts";
import type { Pipeline, Row } from "./pipeline.ts";
import { waitFor } from "./wait-for.ts";

const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

export function merchantCallsIn(mode: DeliveryMode, running: () => Pipeline): void {
  let pipeline: Pipeline;
  /** Answers that are held back. */
  const heldBack: ((status: number) => void)[] = [];

  beforeAll(() => {
    pipeline = running();
  });

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
  const ask = (jobId: string, merchantId: string, askedAt = Date.now(), more: Partial<NewMerchantCall> = {}) =>
    askForCall(
      { jobId, kind: "test", merchantId, requestedBy: "somebody", ...more },
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
      await register("tested", pipeline.merchant.url("/tested"));
      pipeline.merchant.respond("/tested", () => ({
        status: 202,
        headers: { "content-type": "text/plain", "set-cookie": "session=1" },
        body: "thanks",
      }));

      await ask("test_1", "tested");

      const { result, ...job } = await done("test_1");
      expect(job).toMatchObject({ state: "done", merchantId: "tested", requestedBy: "somebody" });
      const [delivery] = pipeline.merchant.to("/tested");
      const { body = "", headers = {} } = delivery ?? {};
      expect(headers["webhook-id"]).toBe("test_1");
      expect(new Webhook(SECRET).verify(body, headers as Record<string, string>)).toEqual({
        type: "webhook.test",
        timestamp: expect.stringMatching(/^\d{4}-.*Z$/),
        data: { merchantId: "tested" },
      });
      expect(result).toEqual({
        outcome: "delivered",
        durationMs: expect.any(Number),
        request: { url: pipeline.merchant.url("/tested"), headers, body },
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

  describe("the challenge of an address", () => {
    /** As the API does when a merchant is registered. */
    const challenge = async (jobId: string, merchantId: string, url = pipeline.merchant.url(`/${merchantId}`)) => {
      const origin = originOf(url) ?? "";
      await register(merchantId, url, {
        origins: originsAttribute(challenged(new Map(), { origin, url, jobId }, Date.now())),
      } as never);
      await ask(jobId, merchantId, Date.now(), { kind: "challenge", url });
      const { result } = await done(jobId);
      return { result, ownership: (await originsIn(pipeline, merchantId)).get(origin) };
    };
    const hmacOf = ({ body }: Delivery, secret = SECRET): string => {
      const { data } = JSON.parse(body) as { data: { challenge: string } };
      const key = Buffer.from(secret.replace("whsec_", ""), "base64");
      return createHmac("sha256", key).update(data.challenge).digest("base64");
    };
    const right = (delivery: Delivery) => ({ status: 200, body: JSON.stringify({ challenge: hmacOf(delivery) }) });

    it(
      "holds back what is for it until it is answered, and lets it go then",
      async () => {
        const failed = await challenge("ch_1", "owner");
        expect(failed.result).toMatchObject({ outcome: "wrong_response" });
        expect(failed.ownership).toMatchObject({ state: "failed", error: expect.stringMatching(/no JSON object/) });
        const id = "of-owner";
        await pipeline.put(transactionRow({ transactionId: text(id), merchantId: text("owner") }) as Row);
        await waitFor("it waits for its merchant's address", async () => {
          const row = await pipeline.row(id);
          return row["waitingFor"]?.S === "url unverified" ? row : undefined;
        });
        expect(pipeline.merchant.to("/owner")).toHaveLength(1);

        pipeline.merchant.respond("/owner", (delivery) =>
          delivery.body.includes("webhook.challenge") ? right(delivery) : 200,
        );
        const answered = await challenge("ch_2", "owner");

        expect(answered.result).toMatchObject({ outcome: "verified", response: { status: 200 } });
        expect(answered.ownership).toMatchObject({ state: "verified" });
        expect(answered.ownership).not.toHaveProperty("error");
        expect((await pipeline.terminalRow(id))["confirmationState"]).toEqual({ S: "CONFIRMED" });
        const [, asked] = pipeline.merchant.to("/owner");
        expect(new Webhook(SECRET).verify(asked?.body ?? "", asked?.headers as Record<string, string>)).toMatchObject({
          type: "webhook.challenge",
          data: { merchantId: "owner", challenge: expect.stringMatching(/^[\w-]{43}$/) },
        });
      },
      patienceMs(120_000),
    );

    it.each<[string, MerchantResponse, string]>([
      ["echoes", ({ body }) => ({ status: 200, body }), "wrong_response"],
      [
        "echoes the nonce",
        ({ body }) => ({ status: 200, body: JSON.stringify((JSON.parse(body) as { data: object }).data) }),
        "wrong_response",
      ],
      ["answers with 500", (delivery) => ({ ...right(delivery), status: 500 }), "status_5xx"],
      [
        "redirects inside",
        (delivery) => ({ ...right(delivery), status: 307, headers: { location: "http://169.254.169.254/latest" } }),
        "redirect",
      ],
      [
        "answers for another nonce",
        () => ({ status: 200, body: JSON.stringify({ challenge: Buffer.alloc(32).toString("base64") }) }),
        "wrong_response",
      ],
      ["sends 10 MB", (delivery) => ({ status: 200, body: right(delivery).body.padEnd(10_000_000) }), "wrong_response"],
      ["sends brackets", () => ({ status: 200, body: "[".repeat(4000) }), "wrong_response"],
      ["says nothing", () => new Promise<number>((resolve) => void heldBack.push(resolve)), "timeout"],
    ])("is not passed by a server that %s", async (what, respond, outcome) => {
      const merchantId = what.replaceAll(" ", "-");
      pipeline.merchant.respond(`/${merchantId}`, respond);
      const { result, ownership } = await challenge(`ch_${merchantId}`, merchantId);
      for (const resolve of heldBack.splice(0)) resolve(200);
      expect(result).toMatchObject({ outcome, error: expect.any(String) });
      expect(ownership).toMatchObject({ state: "failed", error: expect.stringContaining(outcome) });
      expect(pipeline.merchant.to(`/${merchantId}`)).toHaveLength(1);
    });

    it.each([
      "https://10.1.2.3/in",
      "https://169.254.169.254/latest",
      "https://[::ffff:127.0.0.1]/",
      "http://127.1:22/",
    ])("dials no address that may not be called: %s", async (url) => {
      const merchantId = `to ${url}`;
      const { result, ownership } = await challenge(
        `ch_${Buffer.from(url).toString("hex").slice(0, 50)}`,
        merchantId,
        url,
      );
      expect(result).toEqual({ outcome: "url_not_allowed", error: expect.any(String) });
      expect(ownership).toMatchObject({ state: "failed" });
    });
  });

  if (mode !== "fargate") return;
  describe("a worker that is killed inside a test event", () => {
    it(
      "leaves it to the next one, under the same id, and it is recorded once",
      async () => {
        const held = Promise.withResolvers<number>();
        await register("killed", pipeline.merchant.url("/killed"));
        pipeline.merchant.respond("/killed", (_delivery, nth) => (nth === 1 ? held.promise : 200));
        await ask("test_killed", "killed");
        await waitFor("the call is under way", () => (pipeline.merchant.to("/killed").length > 0 ? true : undefined));

        await pipeline.stack.worker.kill("SIGKILL");
        held.resolve(200);

        const { result } = await done("test_killed");
        const ids = pipeline.merchant.to("/killed").map(({ headers }) => headers["webhook-id"]);
        // On a machine that is slow enough its time is over by then.
        expect({ outcome: result?.outcome, ids }).toEqual(
          result?.outcome === "expired"
            ? { outcome: "expired", ids: ["test_killed"] }
            : { outcome: "delivered", ids: ["test_killed", "test_killed"] },
        );
      },
      patienceMs(90_000),
    );
  });
}

async function originsIn(pipeline: Pipeline, merchantId: string): Promise<Origins> {
  const { Item = {} } = await pipeline.dynamodb.send(
    new GetItemCommand({
      TableName: pipeline.stack.merchantsTable,
      Key: { merchantId: { S: merchantId } },
      ConsistentRead: true,
    }),
  );
  return originsOf(Item) ?? new Map();
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
