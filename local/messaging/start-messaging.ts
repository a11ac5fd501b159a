/**
 * What stands in for the services of channels on this machine, where the settings have them: SMS, WhatsApp and
 * EventBridge. Queues and topics are those of the embedded servers; what the settings list is made there.
 */
import { join } from "node:path";
import { CreateTopicCommand, PublishCommand, type SNSClient } from "@aws-sdk/client-sns";
import { CreateQueueCommand, SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { RECEIPTS_TOPIC_NAME } from "../../core/settings/names.ts";
import { physicalName } from "../../core/settings/physical-names.ts";
import type { Settings } from "../../core/settings/settings.ts";
import type { Resources } from "../assembly/resources.ts";
import { objectOf, type ResolvedResource, textOf } from "../assembly/template.ts";
import type { Call, ControlResponse } from "../control/protocols.ts";
import type { LocalLog } from "../local-stack.ts";
import { arnOf } from "../machine.ts";
import { queueOfBus, respondAsEventBuses } from "./local-event-buses.ts";
import { respondAsSms } from "./local-sms.ts";
import { respondAsWhatsApp } from "./local-whatsapp.ts";
import { SentMessages } from "./sent-messages.ts";

export interface MessagingOptions {
  readonly settings: Settings;
  readonly stateDirectory: string;
  /** Undefined before they are made; nothing sends until then. */
  readonly resources: () => Pick<Resources, "ofType"> | undefined;
  readonly clients: () => { readonly sns: SNSClient; readonly sqs: SQSClient } | undefined;
  readonly queueUrl: (queueName: string) => string;
  readonly log: LocalLog;
}

export interface Messaging {
  /** @returns undefined for a call of another service */
  readonly respond: (call: Call) => Promise<ControlResponse> | undefined;
  /** Makes the queues and topics that the settings list. */
  createDestinations(clients: { readonly sns: SNSClient; readonly sqs: SQSClient }): Promise<void>;
}

const isFifo = (name: string) => name.endsWith(".fifo");

/** What was sent, as JSON: `GET` of it at the address of the services around the stack. */
export const MESSAGES_PATH = "/_local/messages";
/** Longer than a call of the worker may take. */
const LATE_MS = 15_000;

/** @returns undefined where no channel is sent by */
export function startMessaging(options: MessagingOptions): Messaging | undefined {
  const { settings, stateDirectory, resources, clients, queueUrl, log } = options;
  const { kinds, queueArns, topicArns, eventBusArns } = settings.channels;
  if (kinds.length === 0) return undefined;
  const sms = new SentMessages(join(stateDirectory, "sms.jsonl"));
  const whatsapp = new SentMessages(join(stateDirectory, "whatsapp.jsonl"));
  const events = new SentMessages(join(stateDirectory, "events.jsonl"));
  const buses = eventBusArns.map(lastPart);
  const publishTo = async (topicArn: string, event: object) => {
    try {
      await clients()?.sns.send(new PublishCommand({ TopicArn: topicArn, Message: JSON.stringify(event) }));
    } catch (error) {
      log(`A receipt was not published: ${(error as Error).message}`);
    }
  };
  const ofSms = {
    sent: sms,
    lateMs: LATE_MS,
    publish: async (set: string, event: object) => {
      for (const topicArn of destinationsOf(resources(), set)) await publishTo(topicArn, event);
    },
  };
  const ofWhatsApp = {
    sent: whatsapp,
    lateMs: LATE_MS,
    publish: (event: object) => publishTo(arnOf("sns", physicalName(settings, RECEIPTS_TOPIC_NAME)), event),
  };
  const ofBuses = {
    buses,
    sent: events,
    send: async (name: string, MessageBody: string) =>
      clients()?.sqs.send(new SendMessageCommand({ QueueUrl: queueUrl(name), MessageBody })),
  };
  return {
    respond: (call) => {
      if (call.method === "GET" && call.url.pathname === MESSAGES_PATH) {
        const body = [...sms.all, ...whatsapp.all, ...events.all].toSorted((a, b) => a.at - b.at);
        return Promise.resolve({ status: 200, body });
      }
      return respondAsSms(call, ofSms) ?? respondAsWhatsApp(call, ofWhatsApp) ?? respondAsEventBuses(call, ofBuses);
    },
    async createDestinations({ sqs, sns }) {
      for (const name of [...queueArns.map(lastPart), ...buses.map(queueOfBus)])
        await sqs.send(
          new CreateQueueCommand({ QueueName: name, ...(isFifo(name) && { Attributes: { FifoQueue: "true" } }) }),
        );
      for (const name of topicArns.map(lastPart))
        await sns.send(
          new CreateTopicCommand({ Name: name, ...(isFifo(name) && { Attributes: { FifoTopic: "true" } }) }),
        );
    },
  };
}

/** Topics that the events of a configuration set of SMS go to, as the template has it. */
function destinationsOf(resources: Pick<Resources, "ofType"> | undefined, name: string): readonly string[] {
  const sets = resources?.ofType("AWS::SMSVOICE::ConfigurationSet") ?? [];
  return sets
    .filter((set) => textOf(set, "ConfigurationSetName") === name)
    .flatMap((set) => (set.properties["EventDestinations"] as readonly Record<string, unknown>[] | undefined) ?? [])
    .flatMap((destination) => {
      const { TopicArn } = objectOf({ properties: destination } as ResolvedResource, "SnsDestination");
      return typeof TopicArn === "string" ? [TopicArn] : [];
    });
}

/** Of an ARN, behind its last `:` or `/`. */
function lastPart(arn: string): string {
  return arn.slice(Math.max(arn.lastIndexOf(":"), arn.lastIndexOf("/")) + 1);
}
