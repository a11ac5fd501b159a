/**
 * A stack whose recipients have channels, in either mode, with a tap around what calls them, and what came out of it:
 * calls of merchants, mails in the mailbox of this machine, SMS that the stand-in was given, rows.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type AttributeValue, PutItemCommand } from "@aws-sdk/client-dynamodb";
import type { DeliveryMode } from "../../core/settings/groups/delivery.ts";
import { stepsOf } from "../../core/transaction/row/steps.ts";
import { patienceMs } from "../support/machine-speed.ts";
import { giveAgain, givenAgain } from "./given-again.ts";
import { Pipeline, type Row } from "./pipeline.ts";
import { Tap } from "./tap.ts";
import { waitFor } from "./wait-for.ts";

const FROM = "pay@acme.example";
const IDENTITY = "arn:aws:ses:eu-west-1:123456789012:identity/acme.example";
const ORIGIN = "arn:aws:sms-voice:eu-west-1:123456789012:pool/pool-1";
/** Of the stand-in's numbers: one that takes what it is sent, one to which nothing arrives, one without receipts. */
export const NUMBERS = { takes: "+525512345678", nobody: "+525512345404", silent: "+525512345204" } as const;
export const arnOf = (service: string, name: string) => `arn:aws:${service}:us-east-1:000000000000:${name}`;
/** What channels may send to. `gone` is there when the stack starts, and is deleted by a test. */
export const QUEUES = ["orders", "orders.fifo", "gone", "locked"] as const;
export const TOPICS = ["news", "news.fifo", "gone", "locked"] as const;
/** None of them is a bus of this machine but the first. */
export const BUSES = ["payments", "locked"] as const;
/** Label of what is counted. */
export const LABEL = "paid";
/** How the requests that send are called at the tap. */
export const SENDS = { mail: "POST /v2/email/outbound-emails", sms: "SendTextMessage" } as const;

const SHORT: AttributeValue = { L: [{ N: "1" }] };
/** For what must not fail where the machine is too busy to answer in time. */
export const PATIENT: AttributeValue = { L: Array.from({ length: 5 }, () => ({ N: "1" })) };
export const ONCE: AttributeValue = { L: [] };

export class ChannelsWorld {
  readonly mode: DeliveryMode;
  readonly tap = new Tap();
  #pipeline: Pipeline | undefined;

  constructor(mode: DeliveryMode) {
    this.mode = mode;
  }

  get pipeline(): Pipeline {
    if (this.#pipeline === undefined) throw new Error("the stack has not started");
    return this.#pipeline;
  }

  async start(): Promise<void> {
    this.#pipeline = await Pipeline.start(
      {
        campaigns: [LABEL],
        lambda: { campaignMetrics: this.mode === "lambda" },
        delivery: { mode: this.mode, deadlineMs: 10_000 },
        retry: { scheduleSeconds: [1], inQueueMaxSeconds: 1 },
        release: { everySeconds: 1 },
        worker: { stopTimeoutSeconds: 10 },
        channels: {
          kinds: ["email", "sms", "sqs", "sns", "eventbridge"],
          emailFrom: FROM,
          emailIdentityArns: [IDENTITY],
          sms: { countries: ["MX"], originationIdentity: ORIGIN, maximumMonthlyUsd: 100 },
          queueArns: QUEUES.map((name) => arnOf("sqs", name)),
          topicArns: TOPICS.map((name) => arnOf("sns", name)),
          eventBusArns: BUSES.map((name) => arnOf("events", `event-bus/${name}`)),
          receiptWithinSeconds: 30,
        },
      },
      { addresses: this.tap.addresses, invocation: this.#invocation },
    );
    await this.template("sms", "paid", { text: { S: "{{transactionId}}: {{amount}} {{currency}}" } });
    await this.mailTemplate("Paid {{amount}} {{currency}}", "Transaction {{transactionId}}: {{outcome}}");
  }

  async stop(): Promise<void> {
    await this.#pipeline?.stop();
    this.tap.stop();
  }

  async template(kind: string, name: string, content: Row): Promise<void> {
    const merchantId = `template ${kind} ${name}`;
    await this.#put({ merchantId: { S: `${merchantId} en` }, content: { M: content }, digest: { S: "of-this-test" } });
    const languages = { languages: { SS: ["en"] }, defaultLanguage: { S: "en" } };
    await this.#put({ merchantId: { S: merchantId }, ...languages });
  }

  mailTemplate(subject: string, text: string, name = "paid"): Promise<void> {
    return this.template("email", name, { subject: { S: subject }, text: { S: text } });
  }

  async merchant(merchantId: string, channels: readonly AttributeValue[], more: Row = {}): Promise<void> {
    await this.#put({ merchantId: { S: merchantId }, channels: { L: [...channels] }, ...more });
  }

  /** Without channels. */
  async bare(merchantId: string, more: Row): Promise<void> {
    await this.#put({ merchantId: { S: merchantId }, ...more });
  }

  web(merchantId: string, more: Row = {}): AttributeValue {
    const url = this.pipeline.merchant.url(`/${merchantId}`);
    return { M: { id: { S: "web" }, kind: { S: "webhook" }, url: { S: url }, ...more } };
  }

  mail(merchantId: string, name = "paid", more: Row = {}): AttributeValue {
    return {
      M: {
        id: { S: "mail" },
        kind: { S: "email" },
        to: { S: `${merchantId}@shop.example` },
        template: { S: name },
        retryScheduleSeconds: SHORT,
        ...more,
      },
    };
  }

  phone(to: string, more: Row = {}): AttributeValue {
    return {
      M: {
        id: { S: "phone" },
        kind: { S: "sms" },
        to: { S: to },
        template: { S: "paid" },
        when: { M: { consent: { M: { given: { BOOL: true }, at: { N: "1" }, by: { S: "of-this-test" } } } } },
        retryScheduleSeconds: SHORT,
        ...more,
      },
    };
  }

  mails(merchantId: string): readonly string[] {
    const directory = this.pipeline.stack.mail?.directory ?? "";
    const names = readdirSync(directory).filter((name) => name.endsWith(`-${merchantId}@shop.example.eml`));
    return names.map((name) => readFileSync(join(directory, name), "utf8"));
  }

  /** A mail is there a moment after it was taken. */
  async mailTo(merchantId: string): Promise<string> {
    return waitFor(`a mail to ${merchantId}`, () => this.mails(merchantId)[0]);
  }

  /** What SMS said that were sent. */
  async texts(): Promise<readonly string[]> {
    const response = await fetch(this.pipeline.stack.messages ?? "");
    const sent = (await response.json()) as readonly { readonly request: { readonly MessageBody?: string } }[];
    return sent.flatMap(({ request: { MessageBody } }) => (MessageBody === undefined ? [] : [MessageBody]));
  }

  steps(row: Row): readonly string[] | undefined {
    return stepsOf(row)?.done.map(({ channel, result }) => `${channel} ${result}`);
  }

  /** Channels that were kept back for too long, and why. */
  passedOver(row: Row): readonly string[] {
    return stepsOf(row)?.passedOver?.map(({ channel, why }) => `${channel}: ${why}`) ?? [];
  }

  settled(id: string): Promise<Row> {
    return this.pipeline.terminalRow(id, patienceMs(120_000));
  }

  /**
   * Ends whatever calls merchants, as SIGKILL does; what it had in hand comes again at once, of an invocation once that
   * has failed.
   */
  async kill(): Promise<void> {
    const { tap, pipeline } = this;
    const given = tap.given();
    await pipeline.stack.worker.kill("SIGKILL");
    if (this.mode !== "fargate") return;
    await giveAgain(given, pipeline.sqs);
    // A task that ends soon after its start is started again later and later.
    await pipeline.stack.worker.restart();
  }

  readonly #invocation = givenAgain("confirmation-transactions", () => this.pipeline);

  async #put(Item: Row): Promise<void> {
    await this.pipeline.dynamodb.send(new PutItemCommand({ TableName: this.pipeline.stack.merchantsTable, Item }));
  }
}
