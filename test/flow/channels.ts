/**
 * Recipients with channels from outside, in both modes: what merchants were sent, which mails lie in the mailbox of
 * this machine, and what rows say of it. A mail is sent once, also where the program that sends it is killed around
 * that, or the response of the service is lost.
 */
import { readdirSync, readFileSync } from "node:fs";
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { type AttributeValue, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { DeliveryMode } from "../../core/settings/groups/delivery.ts";
import { stepsOf } from "../../core/transaction/row/steps.ts";
import { patienceMs } from "../support/machine-speed.ts";
import { Pipeline, type Row, transactionRow } from "./pipeline.ts";
import { waitFor } from "./wait-for.ts";

const FROM = "pay@acme.example";
const IDENTITY = "arn:aws:ses:eu-west-1:123456789012:identity/acme.example";
const ORIGIN = "arn:aws:sms-voice:eu-west-1:123456789012:pool/pool-1";
/** Of the stand-in's numbers: one that takes what it is sent, and one to which nothing arrives. */
const NUMBER = "+525512345678";
const NOBODY = "+525512345404";
const SEND = "/v2/email/outbound-emails";
const SHORT: AttributeValue = { L: [{ N: "1" }] };

/** What becomes of one call to SES: `before` it is handed on, or once the mail was taken and before that is told. */
type Break = { readonly at: "before" | "after"; readonly how: () => unknown } | undefined;

/** Stands between the programs and SES. */
class Between {
  readonly #server: Server;
  #to = "";
  /** For the next mail alone. */
  next: Break;

  constructor() {
    this.#server = createServer((incoming, outgoing) => {
      const isSend = incoming.url === SEND;
      const breaks = isSend ? this.next : undefined;
      if (isSend) this.next = undefined;
      if (breaks?.at === "before") void this.#broken(breaks, outgoing);
      else this.#handOn(incoming, outgoing, breaks);
    });
  }

  #handOn(incoming: IncomingMessage, outgoing: ServerResponse, breaks: Break): void {
    const { method, headers, url } = incoming;
    const onwards = request(`${this.#to}${url}`, { method, headers, agent: false }, (response) => {
      if (breaks === undefined) {
        outgoing.writeHead(response.statusCode ?? 500, response.headers);
        response.pipe(outgoing);
      } else void this.#broken(breaks, outgoing);
    });
    onwards.on("error", () => outgoing.destroy());
    incoming.pipe(onwards);
  }

  async #broken({ how }: NonNullable<Break>, outgoing: ServerResponse): Promise<void> {
    await how();
    outgoing.destroy();
  }

  async start(to: string): Promise<string> {
    this.#to = to;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#server.listen(0, "127.0.0.1", resolve);
    await promise;
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

export function channelsIn(mode: DeliveryMode): void {
  const between = new Between();
  let pipeline: Pipeline;

  beforeAll(async () => {
    const settings = {
      delivery: { mode, deadlineMs: 10_000 },
      retry: { scheduleSeconds: [1], inQueueMaxSeconds: 1 },
      worker: { stopTimeoutSeconds: 10 },
      channels: {
        kinds: ["email" as const, "sms" as const],
        emailFrom: FROM,
        emailIdentityArns: [IDENTITY],
        sms: { countries: ["MX"], originationIdentity: ORIGIN, maximumMonthlyUsd: 100 },
        receiptWithinSeconds: 10,
      },
    };
    pipeline = await Pipeline.start(settings, {
      addresses: async (servers) => {
        const behind = { ...servers, cloudwatch: await between.start(servers.cloudwatch) };
        return { worker: behind, functions: behind };
      },
    });
    await listed("sms", "paid", { text: { S: "{{transactionId}}: {{amount}} {{currency}}" } });
    await template("Paid {{amount}} {{currency}}", "Transaction {{transactionId}}: {{outcome}}");
  }, patienceMs(120_000));
  afterAll(async () => {
    await pipeline?.stop();
    between.stop();
  }, patienceMs(60_000));

  const putMerchant = (Item: Row) =>
    pipeline.dynamodb.send(new PutItemCommand({ TableName: pipeline.stack.merchantsTable, Item }));

  async function listed(kind: string, name: string, content: Row): Promise<void> {
    const merchantId = `template ${kind} ${name}`;
    await putMerchant({
      merchantId: { S: `${merchantId} en` },
      content: { M: content },
      digest: { S: "of-this-test" },
    });
    const languages = { languages: { SS: ["en"] }, defaultLanguage: { S: "en" } };
    await putMerchant({ merchantId: { S: merchantId }, ...languages });
  }

  const template = (subject: string, text: string, name = "paid") =>
    listed("email", name, { subject: { S: subject }, text: { S: text } });

  const web = (merchantId: string): AttributeValue => ({
    M: { id: { S: "web" }, kind: { S: "webhook" }, url: { S: pipeline.merchant.url(`/${merchantId}`) } },
  });
  const mail = (merchantId: string, name = "paid"): AttributeValue => ({
    M: {
      id: { S: "mail" },
      kind: { S: "email" },
      to: { S: `${merchantId}@shop.example` },
      template: { S: name },
      retryScheduleSeconds: SHORT,
    },
  });

  const phone = (to: string, more: Row = {}): AttributeValue => ({
    M: {
      id: { S: "phone" },
      kind: { S: "sms" },
      to: { S: to },
      template: { S: "paid" },
      when: { M: { consent: { M: { given: { BOOL: true }, at: { N: "1" }, by: { S: "of-this-test" } } } } },
      retryScheduleSeconds: SHORT,
      ...more,
    },
  });

  async function merchant(merchantId: string, channels: readonly AttributeValue[], more: Row = {}): Promise<void> {
    await putMerchant({ merchantId: { S: merchantId }, channels: { L: [...channels] }, ...more });
  }

  const mails = (merchantId: string): readonly string[] => {
    const directory = pipeline.stack.mail?.directory ?? "";
    const names = readdirSync(directory).filter((name) => name.endsWith(`-${merchantId}@shop.example.eml`));
    return names.map((name) => readFileSync(join(directory, name), "utf8"));
  };
  const texts = async (): Promise<readonly string[]> => {
    const response = await fetch(pipeline.stack.messages ?? "");
    const sent = (await response.json()) as readonly { readonly request: { readonly MessageBody: string } }[];
    return sent.map(({ request: { MessageBody } }) => MessageBody);
  };
  const steps = (row: Row) => stepsOf(row)?.done.map(({ channel, result }) => `${channel} ${result}`);
  const settled = (id: string) => pipeline.terminalRow(id, patienceMs(120_000));

  describe("a recipient with channels", () => {
    it(
      "gets a mail where its webhook fails, and none where it does not",
      async () => {
        pipeline.merchant.respond("/fails", () => 503);
        await merchant("fails", [web("fails"), mail("fails")]);
        await merchant("works", [web("works"), mail("works")]);
        await pipeline.put(transactionRow("fails-1", "fails"));
        await pipeline.put(transactionRow("works-1", "works"));
        const row = await settled("fails-1");
        expect([row["confirmationState"]?.S, steps(row)]).toEqual(["CONFIRMED", ["web failed", "mail delivered"]]);
        expect(steps(await settled("works-1"))).toEqual(["web delivered"]);
        const [text = "", ...others] = await waitFor("a mail", () =>
          mails("fails").length > 0 ? mails("fails") : undefined,
        );
        expect(text).toMatch(/^Subject: Paid 12\.50 EUR\r?$/m);
        expect(text).toContain("Transaction fails-1: APPROVED");
        expect([others, mails("works")]).toEqual([[], []]);
      },
      patienceMs(180_000),
    );

    it(
      "gets an SMS where its webhook fails, and a mail where the SMS does not arrive",
      async () => {
        for (const merchantId of ["texted", "nobody"]) pipeline.merchant.respond(`/${merchantId}`, () => 503);
        await merchant("texted", [web("texted"), phone(NUMBER), mail("texted")]);
        const receipt = { M: { withinSeconds: { N: "600" } } };
        await merchant("nobody", [
          web("nobody"),
          phone(NOBODY, { receipt, retryScheduleSeconds: { L: [] } }),
          mail("nobody"),
        ]);
        await pipeline.put(transactionRow("texted-1", "texted"));
        await pipeline.put(transactionRow("nobody-1", "nobody"));
        expect(steps(await settled("texted-1"))).toEqual(["web failed", "phone delivered"]);
        expect(steps(await settled("nobody-1"))).toEqual(["web failed", "phone failed", "mail delivered"]);
        expect((await texts()).toSorted()).toEqual(["nobody-1: 12.50 EUR", "texted-1: 12.50 EUR"]);
        expect(mails("texted")).toEqual([]);
      },
      patienceMs(180_000),
    );

    it(
      "gets a mail where its webhook answered 202 and nobody acknowledged it in time",
      async () => {
        pipeline.merchant.respond("/later", () => 202);
        const acknowledgement = { M: { withinSeconds: { N: "2" } } };
        await merchant("later", [web("later"), mail("later")], { acknowledgement });
        await pipeline.put(transactionRow("later-1", "later"));
        expect(steps(await settled("later-1"))).toEqual(["web failed", "mail delivered"]);
        await waitFor("a mail", () => (mails("later").length === 1 ? true : undefined));
        expect(pipeline.merchant.to("/later")).toHaveLength(1);
      },
      patienceMs(180_000),
    );

    it(
      "of a plan of all gets what its webhook was answered by mail",
      async () => {
        await template("Slip", "Pay with {{steps.web.response.slip}}", "slip");
        pipeline.merchant.respond("/slips", () => ({ status: 200, body: '{"slip":"34191.79001 01043.510047"}' }));
        await merchant("slips", [web("slips"), mail("slips", "slip")], { plan: { S: "all" } });
        await pipeline.put(transactionRow("slips-1", "slips"));
        expect(steps(await settled("slips-1"))).toEqual(["web delivered", "mail delivered"]);
        const [text] = await waitFor("a mail", () => (mails("slips").length > 0 ? mails("slips") : undefined));
        expect(text).toContain("Pay with 34191.79001 01043.510047");
      },
      patienceMs(180_000),
    );

    it(
      "gets one mail where the service took it and its response was lost: the receipt says so",
      async () => {
        await merchant("lost", [mail("lost")]);
        between.next = { at: "after", how: () => undefined };
        await pipeline.put(transactionRow("lost-1", "lost"));
        expect(steps(await settled("lost-1"))).toEqual(["mail delivered"]);
        expect(mails("lost")).toHaveLength(1);
      },
      patienceMs(180_000),
    );

    it(
      "gets one mail where nothing of it came to the service: it is sent again once nobody says that it was",
      async () => {
        await merchant("unsent", [mail("unsent")]);
        between.next = { at: "before", how: () => undefined };
        await pipeline.put(transactionRow("unsent-1", "unsent"));
        const row = await settled("unsent-1");
        expect(steps(row)).toEqual(["mail delivered"]);
        await waitFor("a mail", () => (mails("unsent").length === 1 ? true : undefined));
      },
      patienceMs(180_000),
    );
  });

  if (mode !== "fargate") return;
  describe("a worker that is killed", () => {
    it.each(["before", "after"] as const)(
      "%s the service has the mail leaves one of them",
      async (at) => {
        const merchantId = `killed-${at}`;
        await merchant(merchantId, [mail(merchantId)]);
        between.next = { at, how: () => pipeline.stack.worker.kill("SIGKILL") };
        await pipeline.put(transactionRow(`${merchantId}-1`, merchantId));
        expect(steps(await settled(`${merchantId}-1`))).toEqual(["mail delivered"]);
        await waitFor("a mail", () => (mails(merchantId).length === 1 ? true : undefined));
      },
      patienceMs(240_000),
    );
  });
}
