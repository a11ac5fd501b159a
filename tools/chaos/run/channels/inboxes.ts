/**
 * What recipients got, read where it lies: mails of the mailbox, what the stand-ins were sent, messages of queues. With
 * plain clients and files, and with nothing of the pipeline's code.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { SubscribeCommand, type SNSClient } from "@aws-sdk/client-sns";
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import type { LocalStack } from "../../../../local/local-stack.ts";
import { queueOfBus } from "../../../../local/messaging/local-event-buses.ts";
import type { SentMessage } from "../../../../local/messaging/sent-messages.ts";
import { EVENT_BUS, FIFO_QUEUE, STANDARD_QUEUE, TOPIC_ARN } from "../../plan/recipients.ts";
import { toldIn } from "../../proxy/channel-sends.ts";
import type { SentStep } from "./sent-step.ts";

export interface InboxesOptions {
  readonly stack: Pick<LocalStack, "mail" | "messages">;
  /** Past every proxy. */
  readonly sqs: Pick<SQSClient, "send">;
  readonly sns: Pick<SNSClient, "send">;
}

const SUBSCRIBER = "chaos-told-subscriber";
const QUEUES: readonly { readonly name: string; readonly kind: SentStep["kind"] }[] = [
  { name: STANDARD_QUEUE, kind: "sqs" },
  { name: FIFO_QUEUE, kind: "sqs" },
  { name: SUBSCRIBER, kind: "sns" },
  { name: queueOfBus(EVENT_BUS), kind: "eventbridge" },
];
const MOST_MESSAGES = 10;

export class Inboxes {
  readonly #options: InboxesOptions;
  readonly #fromQueues: SentStep[] = [];

  private constructor(options: InboxesOptions) {
    this.#options = options;
  }

  /** Subscribes a queue to the topic, as its owner would. */
  static async open(options: InboxesOptions): Promise<Inboxes> {
    const { sqs, sns } = options;
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: SUBSCRIBER }));
    const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["QueueArn"] }));
    await sns.send(
      new SubscribeCommand({
        TopicArn: TOPIC_ARN,
        Protocol: "sqs",
        Endpoint: Attributes?.["QueueArn"],
        Attributes: { RawMessageDelivery: "true" },
      }),
    );
    return new Inboxes(options);
  }

  /** All that has arrived so far. */
  async read(): Promise<readonly SentStep[]> {
    for (const { name, kind } of QUEUES) await this.#drain(name, kind);
    return [...this.#mails(), ...(await this.#messages()), ...this.#fromQueues];
  }

  #mails(): SentStep[] {
    const { directory } = this.#options.stack.mail ?? {};
    if (directory === undefined) return [];
    const names = readdirSync(directory).filter((name) => name.endsWith(".eml") && !name.startsWith("."));
    return names.flatMap((name) => {
      const told = toldIn(readFileSync(join(directory, name), "utf8"));
      return told === undefined ? [] : [{ ...told, kind: "email" as const, atMs: timeIn(name) }];
    });
  }

  async #messages(): Promise<SentStep[]> {
    const { messages } = this.#options.stack;
    if (messages === undefined) return [];
    const sent = (await (await fetch(messages)).json()) as readonly SentMessage[];
    return sent.flatMap(({ kind, request, at, result }) => {
      if (kind === "event" || result.startsWith("refused")) return [];
      const told = toldIn(JSON.stringify(request));
      return told === undefined ? [] : [{ ...told, kind, atMs: at }];
    });
  }

  async #drain(name: string, kind: SentStep["kind"]): Promise<void> {
    const { sqs } = this.#options;
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: name }));
    const receive = new ReceiveMessageCommand({
      QueueUrl,
      MaxNumberOfMessages: MOST_MESSAGES,
      MessageSystemAttributeNames: ["SentTimestamp"],
    });
    for (;;) {
      const { Messages = [] } = await sqs.send(receive);
      if (Messages.length === 0) return;
      for (const { Body = "", ReceiptHandle, Attributes } of Messages) {
        const told = toldIn(kind === "eventbridge" ? detailIn(Body) : Body);
        if (told !== undefined) this.#fromQueues.push({ ...told, kind, atMs: Number(Attributes?.SentTimestamp) });
        await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      }
    }
  }
}

/** Of the form that targets of EventBridge get. */
function detailIn(body: string): string {
  return JSON.stringify((JSON.parse(body) as { readonly detail?: object }).detail ?? {});
}

/** Names begin with the time, `:` as `-`. */
function timeIn(name: string): number {
  const [, day = "", hours = "", minutes = "", seconds = ""] = /^(.+)T(\d\d)-(\d\d)-([\d.]+)Z/.exec(name) ?? [];
  return Date.parse(`${day}T${hours}:${minutes}:${seconds}Z`);
}
