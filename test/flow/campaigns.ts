/**
 * Transactions with labels on the whole stack, in either mode: what the API tells of each label, through the command
 * line, is what the rows say that came of its transactions.
 */
import { createHmac } from "node:crypto";
import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { beforeAll, describe, expect, it } from "@jest/globals";
import { patienceMs } from "../support/machine-speed.ts";
import { type CommandLine, commandLineOn } from "./command-line.ts";
import { type Pipeline, type Row, transactionRow } from "./pipeline.ts";
import { waitFor } from "./wait-for.ts";

type Counts = Record<"sent" | "delivered" | "failed" | "acknowledged", number>;
type Counted = Counts & { readonly label: string };

const SECRET = Buffer.alloc(32, 7);
const REGISTERED = ["reminder", "spring-sale"];
/** What a stack is to have. */
export const CAMPAIGNS = {
  api: { audience: ["confirmations"] },
  campaigns: REGISTERED,
  retry: { scheduleSeconds: [1], inQueueMaxSeconds: 0 },
  release: { everySeconds: 1 },
};
const HALF_AN_HOUR_MS = 1_800_000;
const MINUTE_MS = 60_000;
/** By label: of merchant `labelled`, and of those that refuse, acknowledge later, or are of the sandbox. */
const PUT: readonly (readonly [label: string | undefined, merchantId: string, count: number])[] = [
  ["reminder", "labelled", 3],
  ["reminder", "flaky", 1],
  ["reminder", "refuses", 1],
  ["reminder", "labelled-try", 2],
  ["spring-sale", "labelled", 1],
  ["spring-sale", "labelled-later", 3],
  ["autumn", "labelled", 2],
  ["No label!", "refuses", 1],
  [undefined, "labelled", 2],
];

export function campaignsIn(mode: "fargate" | "lambda", running: () => Pipeline): void {
  let pipeline: Pipeline;
  let commandLine: CommandLine;
  const waiting: string[] = [];

  beforeAll(async () => {
    pipeline = running();
    commandLine = commandLineOn(pipeline.stateDirectory);
    await registerMerchants();
    let next = 0;
    for (const [label, merchantId, count] of PUT)
      for (let nth = 0; nth < count; nth += 1) {
        const id = `labelled-${(next += 1)}`;
        await pipeline.put(transactionRow(id, merchantId, label === undefined ? {} : { campaign: { S: label } }));
        if (merchantId === "labelled-later") waiting.push(id);
      }
    // Given up by the stream, which never has it called.
    await pipeline.put(
      transactionRow("no-version", "labelled", { version: { N: "0" }, campaign: { S: "spring-sale" } }),
    );
    for (const id of waiting) await waitFor(`${id} waits`, async () => (await waitingFor(id)) ?? undefined);
    const [called, asked] = waiting;
    expect(await answered(() => acknowledgeAsMerchant(called ?? ""))).toBe(200);
    expect(await answered(() => acknowledgeByApi(asked ?? ""))).toBe(200);
    for (let id = 1; id <= next; id += 1)
      if (`labelled-${id}` !== waiting[2]) await pipeline.terminalRow(`labelled-${id}`);
    await pipeline.terminalBad("no-version");
  }, patienceMs(180_000));

  async function registerMerchants(): Promise<void> {
    const { merchant } = pipeline;
    merchant.respond("/flaky", (_, nth) => (nth === 1 ? 503 : 200));
    merchant.respond("/refuses", () => 500);
    merchant.respond("/later", () => 202);
    for (const merchantId of ["labelled", "flaky", "refuses"])
      await pipeline.registerMerchant({ merchantId, confirmationUrl: merchant.url(`/${merchantId}`) });
    await pipeline.registerMerchant({
      merchantId: "labelled-try",
      confirmationUrl: merchant.url("/try"),
      environment: "sandbox",
    });
    const Item = {
      merchantId: { S: "labelled-later" },
      confirmationUrl: { S: merchant.url("/later") },
      secret: { S: `whsec_${SECRET.toString("base64")}` },
      acknowledgement: { M: { withinSeconds: { N: "3600" } } },
    };
    await pipeline.dynamodb.send(new PutItemCommand({ TableName: pipeline.stack.merchantsTable, Item }));
  }

  async function waitingFor(id: string): Promise<string | undefined> {
    return (await pipeline.row(id))["waitingFor"]?.S;
  }

  /** The status, once it is not that of a function that starts and has no time left, as on a busy machine. */
  const answered = (ask: () => Promise<number>): Promise<number> =>
    waitFor("it is answered", async () => {
      const status = await ask();
      return status === 503 ? undefined : status;
    });

  async function acknowledgeAsMerchant(id: string): Promise<number> {
    const data = { merchantId: "labelled-later", transactionId: id, version: 1 };
    const body = JSON.stringify({ type: "webhook.acknowledgement", data });
    const delivery = pipeline.merchant.deliveries.find((one) => one.body.includes(`"${id}"`));
    const webhookId = String(delivery?.headers["webhook-id"]);
    const timestamp = String(Math.floor(Date.now() / 1000));
    const signature = createHmac("sha256", SECRET).update(`${webhookId}.${timestamp}.${body}`).digest("base64");
    const headers = { "webhook-id": webhookId, "webhook-timestamp": timestamp, "webhook-signature": `v1,${signature}` };
    const url = String(pipeline.stack.outputs["AcknowledgementUrl"]);
    return (await fetch(url, { method: "POST", headers, body })).status;
  }

  async function acknowledgeByApi(id: string): Promise<number> {
    const { stdout: token } = await commandLine("token");
    const response = await fetch(`${pipeline.stack.endpoints.api}/v1/transactions/${id}/acknowledgement`, {
      method: "POST",
      headers: { authorization: `Bearer ${token.trim()}`, "content-type": "application/json" },
      body: '{"version":1}',
    });
    return response.status;
  }

  /** What rows say, by the label that they count as; those of the sandbox and those without one count nowhere. */
  async function ledger(): Promise<readonly Counted[]> {
    const labels = [...REGISTERED, "other"];
    const rows = (await pipeline.rows()).filter(
      (row) => row["campaign"] !== undefined && row["merchantId"]?.S !== "labelled-try",
    );
    return labels.map((label) => {
      const own = rows.filter((row) => labelOf(row) === label);
      const those = (is: (row: Row) => boolean) => own.filter(is).length;
      return {
        label,
        sent: those((row) => (row["attempts"]?.L ?? []).length > 0),
        delivered: those((row) => row["confirmationState"]?.S === "CONFIRMED"),
        failed: those((row) => row["confirmationState"]?.S === "FAILED"),
        acknowledged: those((row) => row["acknowledged"] !== undefined),
      };
    });
  }

  let looks = 0;
  /** Of another time with each look, as what was read is kept for a minute. */
  function since(): string {
    looks += 1;
    return new Date(Date.now() - HALF_AN_HOUR_MS - looks * MINUTE_MS).toISOString();
  }

  describe(`transactions with labels, in mode ${mode}`, () => {
    it(
      "are counted by label as their rows say",
      async () => {
        const expected = await ledger();
        expect(expected).toEqual([
          { label: "reminder", sent: 5, delivered: 4, failed: 1, acknowledged: 0 },
          { label: "spring-sale", sent: 4, delivered: 3, failed: 1, acknowledged: 2 },
          { label: "other", sent: 3, delivered: 2, failed: 1, acknowledged: 0 },
        ]);
        const sum = (counted: readonly Counted[]) =>
          counted.reduce(
            (all, { sent, delivered, failed, acknowledged }) => all + sent + delivered + failed + acknowledged,
            0,
          );
        const items = await waitFor("all of it is counted", async () => {
          const { items: found } = await commandLine.json<{ items: Counted[] }>("campaigns", "--from", since());
          return sum(found) >= sum(expected) ? found : undefined;
        });
        expect(items).toEqual(expected);
      },
      patienceMs(120_000),
    );

    it(
      "are shown by channel and over time, with the same sums",
      async () => {
        const [, expected] = await ledger();
        const shown = await commandLine.json<
          Counted & { channels: (Counts & { channel: string; points: Counts[] })[] }
        >("campaigns", "spring-sale", "--from", since());
        expect(shown).toMatchObject({ ...expected });
        const [webhook, ...others] = shown.channels;
        expect(others).toEqual([]);
        expect(webhook).toMatchObject({ channel: "webhook", sent: expected?.sent, failed: expected?.failed });
        const sentOverTime = (webhook?.points ?? []).reduce((all, { sent }) => all + sent, 0);
        expect(sentOverTime).toBe(expected?.sent);
      },
      patienceMs(60_000),
    );

    it("are told to their merchants without the label", () => {
      for (const { body } of pipeline.merchant.deliveries)
        for (const label of ["campaign", "reminder", "spring-sale", "autumn"]) expect(body).not.toContain(label);
    });

    it("are on the Live page", async () => {
      const { sections } = await commandLine.json<{ sections: { title: string }[] }>("live");
      expect(sections.map(({ title }) => title)).toContain("Campaigns");
    });
  });
}

function labelOf(row: Row): string {
  const label = row["campaign"]?.S ?? "";
  return REGISTERED.includes(label) ? label : "other";
}
