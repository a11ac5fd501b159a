/**
 * Merchants that answer 202 and acknowledge later, on the whole stack and from outside: what they are sent, what rows
 * say, and the callback as a merchant signs it, with nothing of the pipeline's code.
 */
import { createHmac } from "node:crypto";
import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { beforeAll, describe, expect, it } from "@jest/globals";
import { patienceMs } from "../support/machine-speed.ts";
import { type Pipeline, type Row, transactionRow } from "./pipeline.ts";
import { waitFor } from "./wait-for.ts";

const SECRET = Buffer.alloc(32, 7);
const LONG_SECONDS = 3600;

let pipeline: Pipeline;

/** One that answers as it is told, and signs with the same secret as all here. */
async function merchant(merchantId: string, withinSeconds: number, status: (nth: number) => number = () => 202) {
  pipeline.merchant.respond(`/${merchantId}`, (_delivery, nth) => status(nth));
  const Item = {
    merchantId: { S: merchantId },
    confirmationUrl: { S: pipeline.merchant.url(`/${merchantId}`) },
    secret: { S: `whsec_${SECRET.toString("base64")}` },
    acknowledgement: { M: { withinSeconds: { N: String(withinSeconds) } } },
    retryScheduleSeconds: { L: [{ N: "1" }] },
  };
  await pipeline.dynamodb.send(new PutItemCommand({ TableName: pipeline.stack.merchantsTable, Item }));
}

const callsOf = (id: string) => pipeline.merchant.deliveries.filter(({ body }) => body.includes(`"${id}"`));
const stateOf = (row: Row) => row["confirmationState"]?.S;
const waits = (id: string) =>
  waitFor(`${id} waits for its acknowledgement`, async () => {
    const row = await pipeline.row(id);
    return row["waitingFor"]?.S === "acknowledgement" ? row : undefined;
  });

interface Callback {
  readonly merchantId: string;
  readonly version?: number;
  readonly seconds?: number;
  readonly secret?: Buffer;
}

/** As the docs tell a merchant to do it. */
async function acknowledge(id: string, { merchantId, version = 1, seconds, secret = SECRET }: Callback) {
  const data = { merchantId, transactionId: id, version };
  const body = JSON.stringify({ type: "webhook.acknowledgement", data });
  const delivery = callsOf(id).find((one) => one.body.includes(`"version":${version},`));
  const webhookId = String(delivery?.headers["webhook-id"]);
  const timestamp = String(seconds ?? Math.floor(Date.now() / 1000));
  const signature = createHmac("sha256", secret).update(`${webhookId}.${timestamp}.${body}`).digest("base64");
  const headers = { "webhook-id": webhookId, "webhook-timestamp": timestamp, "webhook-signature": `v1,${signature}` };
  const url = String(pipeline.stack.outputs["AcknowledgementUrl"]);
  const response = await fetch(url, { method: "POST", headers, body });
  const answer = (await response.json()) as { readonly state?: string; readonly error?: { readonly code: string } };
  return [response.status, answer.error?.code ?? answer.state] as const;
}

export function acknowledgements(running: () => Pipeline): void {
  beforeAll(() => {
    pipeline = running();
  });

  describe("a merchant that answers 202 and acknowledges later", () => {
    it(
      "has what it acknowledges confirmed, was called once for it, and may say so twice",
      async () => {
        await merchant("later", LONG_SECONDS);
        await pipeline.put(transactionRow("later-1", "later"));
        expect(await waits("later-1")).toMatchObject({
          confirmationState: { S: "SCHEDULED" },
          attemptCount: { N: "1" },
        });
        expect(await acknowledge("later-1", { merchantId: "later" })).toEqual([200, "CONFIRMED"]);
        const row = await pipeline.row("later-1");
        expect(stateOf(row)).toBe("CONFIRMED");
        expect(row).not.toHaveProperty("dueKey");
        expect(await acknowledge("later-1", { merchantId: "later" })).toEqual([200, "CONFIRMED"]);
        expect(await pipeline.row("later-1")).toEqual(row);
        expect(callsOf("later-1")).toHaveLength(1);
      },
      patienceMs(90_000),
    );

    it(
      "confirms nothing by what is forged, caught and sent late, or another merchant's",
      async () => {
        await merchant("own", LONG_SECONDS);
        await merchant("stranger", LONG_SECONDS);
        await pipeline.put(transactionRow("own-1", "own"));
        const before = await waits("own-1");
        const unsigned = [401, "ACKNOWLEDGEMENT_UNSIGNED"];
        expect(await acknowledge("own-1", { merchantId: "own", secret: Buffer.alloc(32, 8) })).toEqual(unsigned);
        const seconds = Math.floor(Date.now() / 1000) - 400;
        expect(await acknowledge("own-1", { merchantId: "own", seconds })).toEqual(unsigned);
        expect(await acknowledge("own-1", { merchantId: "nobody" })).toEqual(unsigned);
        const foreign = await acknowledge("own-1", { merchantId: "stranger" });
        expect(foreign).toEqual([404, "ACKNOWLEDGEMENT_UNKNOWN"]);
        expect(await pipeline.row("own-1")).toEqual(before);
      },
      patienceMs(90_000),
    );

    it(
      "that does not in time is called by schedule, given up, and confirms it still when it is late",
      async () => {
        await merchant("never", 1);
        await pipeline.put(transactionRow("never-1", "never"));
        const row = await pipeline.terminalRow("never-1", patienceMs(60_000));
        expect(stateOf(row)).toBe("FAILED");
        expect(row["failure"]?.M?.["code"]).toEqual({ S: "unacknowledged" });
        const calls = callsOf("never-1");
        expect(calls).toHaveLength(2);
        expect(new Set(calls.map(({ headers }) => headers["webhook-id"])).size).toBe(1);
        expect(await pipeline.deadLetter("never-1")).toMatchObject({ failure: { code: "unacknowledged" } });
        expect(await pipeline.merchantHealth("never")).not.toHaveProperty("circuitOpenUntil");
        expect(await acknowledge("never-1", { merchantId: "never" })).toEqual([200, "CONFIRMED"]);
        const after = await pipeline.row("never-1");
        expect(stateOf(after)).toBe("CONFIRMED");
        for (const name of ["failure", "failedKey", "failedAt"]) expect(after).not.toHaveProperty(name);
        expect(callsOf("never-1")).toHaveLength(2);
      },
      patienceMs(120_000),
    );

    it(
      "is waited for though no worker runs, and though its row is put anew",
      async () => {
        await merchant("quiet", LONG_SECONDS);
        await pipeline.put(transactionRow("quiet-1", "quiet"));
        const before = await waits("quiet-1");
        await pipeline.stack.worker.kill("SIGKILL");
        await pipeline.put(transactionRow("quiet-1", "quiet"));
        await waitFor("its state is back", async () =>
          stateOf(await pipeline.row("quiet-1")) === "SCHEDULED" ? true : undefined,
        );
        expect(await pipeline.row("quiet-1")).toEqual(before);
        expect(await acknowledge("quiet-1", { merchantId: "quiet" })).toEqual([200, "CONFIRMED"]);
        expect(callsOf("quiet-1")).toHaveLength(1);
      },
      patienceMs(90_000),
    );

    it(
      "is called for a newer version, and its word for the older one comes too late",
      async () => {
        await merchant("newer", LONG_SECONDS);
        await pipeline.put(transactionRow("newer-1", "newer"));
        await waits("newer-1");
        await pipeline.put(transactionRow("newer-1", "newer", { version: { N: "2" }, outcome: { S: "DECLINED" } }));
        await waitFor("the newer one is sent", () => (callsOf("newer-1").length === 2 ? true : undefined));
        await waits("newer-1");
        const old = await acknowledge("newer-1", { merchantId: "newer" });
        expect(old).toEqual([409, "ACKNOWLEDGEMENT_SUPERSEDED"]);
        expect(await acknowledge("newer-1", { merchantId: "newer", version: 2 })).toEqual([200, "CONFIRMED"]);
        expect(await pipeline.row("newer-1")).toMatchObject({ version: { N: "2" }, stateVersion: { N: "2" } });
      },
      patienceMs(90_000),
    );

    it(
      "holds an ordered group until it acknowledges its head, and no longer",
      async () => {
        await merchant("order", LONG_SECONDS);
        const orderingKey = { S: "k" };
        await pipeline.put(transactionRow("order-1", "order", { orderingKey }));
        await waits("order-1");
        await pipeline.put(transactionRow("order-2", "order", { orderingKey, orderingAfter: { S: "order-1" } }));
        await pipeline.put(transactionRow("order-other", "order", { orderingKey: { S: "other" } }));
        await waits("order-other");
        expect(callsOf("order-2")).toHaveLength(0);
        expect(await acknowledge("order-1", { merchantId: "order" })).toEqual([200, "CONFIRMED"]);
        await waits("order-2");
        expect(await acknowledge("order-2", { merchantId: "order" })).toEqual([200, "CONFIRMED"]);
        const sent = ["order-1", "order-2", "order-other"].map((id) => callsOf(id).length);
        expect(sent).toEqual([1, 1, 1]);
      },
      patienceMs(120_000),
    );
  });
}
