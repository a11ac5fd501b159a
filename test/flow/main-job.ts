/**
 * The main job on the synthesized stack, from outside: plain AWS clients write, a merchant's own server receives. Both
 * modes do it.
 */
import type { DeliveryMode } from "../../core/settings/groups/delivery.ts";
import { beforeAll, describe, expect, it } from "@jest/globals";
import { PurgeQueueCommand } from "@aws-sdk/client-sqs";
import { Webhook } from "standardwebhooks";
import { commandLineOn, registerVouched } from "./command-line.ts";
import { type Pipeline, transactionRow } from "./pipeline.ts";
import { waitFor } from "./wait-for.ts";
import { patienceMs, patienceSeconds } from "../support/machine-speed.ts";
import { journalLines } from "./journal-lines.ts";

const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const ASKED_SECONDS = 2;

/** What a stack is to have, in either mode. */
export const MAIN_JOB = {
  delivery: { deadlineMs: patienceMs(2000), maxBodyBytes: 4096 },
  retry: { scheduleSeconds: [1, 1], inQueueMaxSeconds: 1 },
  release: { leaseSeconds: patienceSeconds(3), everySeconds: 1 },
  journal: { everySeconds: 1 },
};

export function mainJobIn(mode: DeliveryMode, running: () => Pipeline): void {
  let pipeline: Pipeline;

  beforeAll(async () => {
    pipeline = running();
    await pipeline.registerMerchant({
      merchantId: "shop",
      confirmationUrl: pipeline.merchant.url("/shop"),
      secret: SECRET,
    });
  });

  describe("a transaction put by a producer that knows nothing of the pipeline", () => {
    it("reaches its merchant, signed, and is confirmed", async () => {
      await pipeline.put(
        transactionRow("t-1", "shop", { payload: { M: { order: { N: "12345678901234567890123456789" } } } }),
      );

      const row = await pipeline.terminalRow("t-1");

      expect(row["confirmationState"]).toEqual({ S: "CONFIRMED" });
      expect(row["attemptCount"]).toEqual({ N: "1" });
      const delivery = pipeline.merchant.to("/shop").find(({ body }) => body.includes('"t-1"'));
      const { body, headers } = delivery ?? { body: "", headers: {} };
      expect(new Webhook(SECRET).verify(body, headers as Record<string, string>)).toMatchObject({
        type: "transaction.approved",
        data: { transactionId: "t-1", version: 1, merchantId: "shop", amount: "12.50", currency: "EUR" },
      });
      expect(body).toContain('"order":12345678901234567890123456789');
      expect(headers["accept-encoding"]).toBe("identity");
    });

    it("leaves the due index and gets a time to live when it is terminal", async () => {
      await pipeline.put(transactionRow("t-2", "shop"));

      const row = await pipeline.terminalRow("t-2");

      expect(row["dueKey"]).toBeUndefined();
      expect(row["purgeAt"]).toBeDefined();
      await waitFor("it is in the merchant index", async () =>
        (await pipeline.row("t-2"))["merchantKey"]?.S?.startsWith("shop#2026-11-22#") ? true : undefined,
      );
    });

    it("goes to its own URL, where it carries one", async () => {
      await pipeline.put(
        transactionRow("t-3", "shop", { confirmationUrl: { S: pipeline.merchant.url("/own?order=7") } }),
      );

      await pipeline.terminalRow("t-3");

      expect(pipeline.merchant.to("/own?order=7")).toHaveLength(1);
    });
  });

  describe("what is confirmed", () => {
    it("is in the journal too, with what its merchant accepted", async () => {
      await pipeline.put(transactionRow("j-1", "shop"));
      await pipeline.terminalRow("j-1");
      // In small-account mode it is written with a later invocation, as nothing happens between two of them.
      let others = 0;
      const line = await waitFor("it is in a file", async () => {
        await pipeline.put(transactionRow(`j-other-${(others += 1)}`, "shop"));
        return (await journalLines(pipeline)).find(([transactionId]) => transactionId === "j-1");
      });
      const { settledAt, accepted } = await pipeline.row("j-1");
      expect(line.slice(0, 2)).toEqual(["j-1", 1]);
      expect(Math.abs(Number(line[2]) - Number(settledAt?.N))).toBeLessThan(patienceMs(10_000));
      const digest = accepted?.M?.["payloadDigest"]?.S;
      const content = ["shop", "APPROVED", "12.50", "EUR", "2026-11-22T10:00:00Z", digest, 1];
      expect(line.slice(3)).toEqual(content);
    });
  });

  describe("a raised version", () => {
    it("is confirmed in its turn, after the version before it", async () => {
      await pipeline.put(transactionRow("v-1", "shop", { confirmationUrl: { S: pipeline.merchant.url("/versions") } }));
      await pipeline.terminalRow("v-1");

      await pipeline.update("v-1", "SET version = :two, outcome = :refunded", {
        ":two": { N: "2" },
        ":refunded": { S: "REFUNDED" },
      });

      const row = await pipeline.terminalRow("v-1");
      expect(row["stateVersion"]).toEqual({ N: "2" });
      const versions = pipeline.merchant
        .to("/versions")
        .map(({ body }) => (JSON.parse(body) as { data: { version: number } }).data.version);
      expect(versions).toEqual([1, 2]);
      const ids = pipeline.merchant.to("/versions").map(({ headers }) => headers["webhook-id"]);
      expect(new Set(ids).size).toBe(2);
    });

    it("takes the place of one that is still failing", async () => {
      const url = pipeline.merchant.url("/superseded");
      pipeline.merchant.respond("/superseded", ({ body }) => (body.includes('"version":1') ? 500 : 200));
      await pipeline.put(transactionRow("v-2", "shop", { confirmationUrl: { S: url } }));
      await waitFor("version 1 was tried", () => (pipeline.merchant.to("/superseded").length > 0 ? true : undefined));

      await pipeline.put(transactionRow("v-2", "shop", { version: { N: "2" }, confirmationUrl: { S: url } }));

      const row = await pipeline.terminalRow("v-2");
      expect(row).toMatchObject({
        confirmationState: { S: "CONFIRMED" },
        stateVersion: { N: "2" },
        attemptCount: { N: "1" },
      });
    });

    it("is not delivered again when the producer repeats its put", async () => {
      const row = transactionRow("v-3", "shop", { confirmationUrl: { S: pipeline.merchant.url("/repeated") } });
      await pipeline.put(row);
      await pipeline.terminalRow("v-3");

      await pipeline.put(row);

      expect(await pipeline.terminalRow("v-3")).toMatchObject({ confirmationState: { S: "CONFIRMED" } });
      expect(pipeline.merchant.to("/repeated")).toHaveLength(1);
    });
  });

  describe("a merchant that fails", () => {
    it("is tried on the schedule, in the queue and parked, with the same webhook-id each time", async () => {
      pipeline.merchant.respond("/flaky", (_delivery, nth) => (nth < 3 ? 503 : 204));
      await pipeline.put(transactionRow("f-1", "shop", { confirmationUrl: { S: pipeline.merchant.url("/flaky") } }));

      const row = await pipeline.terminalRow("f-1");

      expect(row).toMatchObject({ confirmationState: { S: "CONFIRMED" }, attemptCount: { N: "3" } });
      const ids = pipeline.merchant.to("/flaky").map(({ headers }) => headers["webhook-id"]);
      expect(ids).toHaveLength(3);
      expect(new Set(ids).size).toBe(1);
    });

    it("ends in the dead-letter queue with the reason, and is confirmed once its dead letter is put back", async () => {
      pipeline.merchant.respond("/broken", () => 500);
      await pipeline.put(transactionRow("f-2", "shop", { confirmationUrl: { S: pipeline.merchant.url("/broken") } }));
      expect(await pipeline.terminalRow("f-2")).toMatchObject({
        confirmationState: { S: "FAILED" },
        attemptCount: { N: "3" },
      });
      const deadLetter = await pipeline.deadLetter("f-2");
      expect(deadLetter).toMatchObject({
        version: 1,
        deadLettered: true,
        failure: { code: "attempts_exhausted", fault: "merchant" },
      });

      pipeline.merchant.respond("/broken", () => 200);
      await pipeline.send(JSON.stringify(deadLetter), "put-back", "put-back-f-2");

      await waitFor("it is confirmed", async () =>
        (await pipeline.row("f-2"))["confirmationState"]?.S === "CONFIRMED" ? true : undefined,
      );
    });

    it("never sees a redirect followed", async () => {
      pipeline.merchant.respond("/moved", () => 302);
      await pipeline.put(transactionRow("f-3", "shop", { confirmationUrl: { S: pipeline.merchant.url("/moved") } }));

      expect(await pipeline.terminalRow("f-3")).toMatchObject({ confirmationState: { S: "FAILED" } });
    });
  });

  describe("a merchant that asks for it", () => {
    it("by Retry-After is called then and not before, and no attempt is counted", async () => {
      const busy = { status: 503, headers: { "retry-after": String(ASKED_SECONDS) }, body: "stock-taking, call 12345" };
      pipeline.merchant.respond("/busy", (_delivery, nth) => (nth < 2 ? busy : 200));
      await pipeline.put(transactionRow("w-1", "shop", { confirmationUrl: { S: pipeline.merchant.url("/busy") } }));

      const row = await pipeline.terminalRow("w-1");

      expect(row).toMatchObject({ confirmationState: { S: "CONFIRMED" }, attemptCount: { N: "1" } });
      const [first, second] = pipeline.merchant.to("/busy");
      expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(ASKED_SECONDS * 1000);
      expect(row["attempts"]?.L?.map(({ M }) => M)).toMatchObject([
        {
          outcome: { S: "status_5xx" },
          status: { N: "503" },
          retryAfterSeconds: { N: String(ASKED_SECONDS) },
          answer: { S: "stock-taking, call 12345" },
        },
        { outcome: { S: "delivered" }, status: { N: "200" } },
      ]);
    });

    it("by aborting a message gets it no second time: it is a dead letter at once", async () => {
      const headers = { "webhook-delivery": "abort-message" };
      pipeline.merchant.respond("/abort", () => ({ status: 422, headers }));
      await pipeline.put(transactionRow("w-2", "shop", { confirmationUrl: { S: pipeline.merchant.url("/abort") } }));

      const row = await pipeline.terminalRow("w-2");

      expect(row).toMatchObject({ confirmationState: { S: "FAILED" }, attemptCount: { N: "1" } });
      expect(await pipeline.deadLetter("w-2")).toMatchObject({
        failure: { code: "aborted_by_merchant", fault: "merchant" },
      });
      expect(pipeline.merchant.to("/abort")).toHaveLength(1);
    });

    it("by a schedule of its own is tried on that", async () => {
      const url = pipeline.merchant.url("/own");
      const options = ["--url", url, "--retry-schedule", "1"];
      const { stdout } = await registerVouched(commandLineOn(pipeline.stateDirectory), "own", ...options);
      expect(stdout).toMatch(/^retries +after 1 s$/m);
      pipeline.merchant.respond("/own", () => 500);
      await pipeline.put(transactionRow("w-3", "own"));

      const row = await pipeline.terminalRow("w-3");

      expect(row).toMatchObject({ confirmationState: { S: "FAILED" }, attemptCount: { N: "2" } });
    });
  });

  describe("a bad row", () => {
    const bad = [
      ["an unknown merchant", "b-1", transactionRow("b-1", "nobody"), "merchant_unknown"],
      [
        "a URL that is none",
        "b-2",
        transactionRow("b-2", "shop", { confirmationUrl: { S: "not a url" } }),
        "url_invalid",
      ],
      [
        "a private address",
        "b-3",
        transactionRow("b-3", "shop", { confirmationUrl: { S: "https://10.0.0.1/" } }),
        "url_not_allowed",
      ],
      ["an amount that is a number", "b-4", transactionRow("b-4", "shop", { amount: { N: "1" } }), "row_invalid"],
      [
        "a body over the limit",
        "b-5",
        transactionRow("b-5", "shop", { payload: { M: { note: { S: "x".repeat(5000) } } } }),
        "body_too_large",
      ],
      ["a version that is a text", "b-6", transactionRow("b-6", "shop", { version: { S: "one" } }), "version_invalid"],
      [
        "a past deliverBy",
        "b-7",
        transactionRow("b-7", "shop", { deliverBy: { S: "2020-01-01T00:00:00Z" } }),
        "expired_when_written",
      ],
    ] as const;

    it.each(bad)(
      "with %s fails with a reason, on the row and in the dead letter",
      async (_what, transactionId, row, code) => {
        await pipeline.put(row);

        const terminal = await pipeline.terminalBad(transactionId);

        expect(terminal["failure"]?.M?.["code"]).toEqual({ S: code });
        expect(await pipeline.deadLetter(transactionId)).toMatchObject({ deadLettered: true, failure: { code } });
      },
    );

    it("does not hold up the rows beside it", async () => {
      await pipeline.put(transactionRow("b-8", "shop", { version: { S: "one" } }));
      await pipeline.put(transactionRow("b-9", "shop"));

      expect(await pipeline.terminalRow("b-9")).toMatchObject({ confirmationState: { S: "CONFIRMED" } });
    });
  });

  describe("the queue", () => {
    it("has what is not a message quarantined", async () => {
      await pipeline.send("not a message", "stray", "stray-1");

      expect(
        await pipeline.deadLetterWhere("it is set aside", (body) => body["body"] === "not a message"),
      ).toMatchObject({
        failure: { code: "message_unreadable", fault: "pipeline" },
      });
    });

    it("may be purged: what is pending goes out again after its lease", async () => {
      await pipeline.stack.worker.stop();
      await pipeline.put(transactionRow("q-1", "shop"));
      await waitFor("its message is in the queue", async () =>
        (await pipeline.stack.counters()).queued > 0 ? true : undefined,
      );
      await pipeline.sqs.send(new PurgeQueueCommand({ QueueUrl: pipeline.stack.confirmationsQueueUrl }));

      await pipeline.stack.worker.restart();

      expect(await pipeline.terminalRow("q-1")).toMatchObject({
        confirmationState: { S: "CONFIRMED" },
        releaseNumber: { N: "1" },
      });
    });
  });

  // What a killed function had in hand comes again after six times its time limit: too long to wait for here.
  if (mode !== "fargate") return;
  describe("a worker that is killed inside a call", () => {
    it(
      "leaves the transaction to the next one",
      async () => {
        const held = Promise.withResolvers<number>();
        pipeline.merchant.respond("/killed", (_delivery, nth) => (nth === 1 ? held.promise : 200));
        await pipeline.put(transactionRow("k-1", "shop", { confirmationUrl: { S: pipeline.merchant.url("/killed") } }));
        await waitFor("the call is under way", () => (pipeline.merchant.to("/killed").length > 0 ? true : undefined));

        await pipeline.stack.worker.kill("SIGKILL");
        held.resolve(200);

        expect(await pipeline.terminalRow("k-1")).toMatchObject({ confirmationState: { S: "CONFIRMED" } });
      },
      patienceMs(90_000),
    );
  });
}
