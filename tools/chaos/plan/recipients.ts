/**
 * Recipients of a run that are told by several channels, and merchants that acknowledge later, alone and together. Each
 * has at most one channel of a kind, and the kind tells a message outside: a mail, an SMS, a message of a queue.
 * Apart from all other merchants, so that what is judged of those stays as it is.
 */
import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import type { ChannelKind, ChannelPlan } from "../../../core/channels/channel.ts";
import type { FleetMerchant } from "../../../local/demo/fleet/messages.ts";
import { ACCOUNT_ID, REGION } from "../../../local/machine.ts";

export const STANDARD_QUEUE = "chaos-told";
export const FIFO_QUEUE = "chaos-told.fifo";
export const TOPIC = "chaos-told";
export const EVENT_BUS = "chaos-told";
/** Of all templates. */
export const TEMPLATE = "told";

const arn = (service: string, resource: string) => `arn:aws:${service}:${REGION}:${ACCOUNT_ID}:${resource}`;
export const TOPIC_ARN = arn("sns", TOPIC);
export const EVENT_BUS_ARN = arn("events", `event-bus/${EVENT_BUS}`);
const QUEUE_URL = `https://sqs.${REGION}.amazonaws.com/${ACCOUNT_ID}/`;
const DOMAIN = "told.example";

/** Longer than any fault of a service lasts, so that a receipt that was kept back comes in time. */
export const RECEIPT_WITHIN_SECONDS = 12;

/** Settings `channels` of the stack. */
export const CHANNEL_SETTINGS = {
  kinds: [
    "email" as const,
    "sms" as const,
    "whatsapp" as const,
    "sqs" as const,
    "sns" as const,
    "eventbridge" as const,
  ],
  emailFrom: `pay@${DOMAIN}`,
  emailIdentityArns: [arn("ses", `identity/${DOMAIN}`)],
  sms: {
    countries: ["MX"],
    originationIdentity: arn("sms-voice", "pool/pool-1"),
    maximumMonthlyUsd: 100_000,
  },
  whatsapp: { phoneNumberId: `phone-number-id-${"0".repeat(32)}` },
  queueArns: [arn("sqs", STANDARD_QUEUE), arn("sqs", FIFO_QUEUE)],
  topicArns: [TOPIC_ARN],
  eventBusArns: [EVENT_BUS_ARN],
  receiptWithinSeconds: RECEIPT_WITHIN_SECONDS,
};

export interface Recipient extends FleetMerchant {
  /** @default its webhook, and nothing else */
  readonly told?: { readonly plan: ChannelPlan; readonly channels: readonly ToldChannel[] };
}

/** One of its channels, as its row has it. */
export interface ToldChannel {
  readonly id: string;
  readonly kind: ChannelKind;
  readonly members?: Readonly<Record<string, AttributeValue>>;
  /** Nothing arrives there: what is sent counts as no step that is done. */
  readonly isVain?: true;
}

const text = (value: string): AttributeValue => ({ S: value });
const schedule = (...seconds: number[]): AttributeValue => ({ L: seconds.map((one) => ({ N: String(one) })) });
const receipt: AttributeValue = { M: { withinSeconds: { N: String(RECEIPT_WITHIN_SECONDS) } } };
const consent: AttributeValue = { M: { given: { BOOL: true }, at: { N: "1" }, by: text("chaos") } };

/** A circuit that is open is no reason to wait for it. */
const passedOver: AttributeValue = { M: { health: { M: { channel: text("web"), is: text("closed") } } } };
const web: ToldChannel = { id: "web", kind: "webhook" };
/** One attempt, then the next channel. */
const webOnce: ToldChannel = { ...web, members: { retryScheduleSeconds: schedule(), when: passedOver } };
const mail = (to: string, members: ToldChannel["members"] = {}): ToldChannel => ({
  id: "mail",
  kind: "email",
  members: { to: text(to), template: text(TEMPLATE), ...members },
});
const byNumber = (kind: "sms" | "whatsapp", to: string, members: ToldChannel["members"] = {}): ToldChannel => ({
  id: kind === "sms" ? "phone" : "chat",
  kind,
  members: { to: text(to), template: text(TEMPLATE), when: { M: { consent } }, ...members },
});
const queue = (name: string): ToldChannel => ({
  id: "queue",
  kind: "sqs",
  members: { queueUrl: text(QUEUE_URL + name) },
});
const topic: ToldChannel = { id: "topic", kind: "sns", members: { topicArn: text(TOPIC_ARN) } };
const bus: ToldChannel = { id: "bus", kind: "eventbridge", members: { eventBusArn: text(EVENT_BUS_ARN) } };

/** Numbers of the stand-in: one that takes what it is sent, one where nothing arrives, one that has opted out. */
const NUMBER = "+525512345678";
const NOBODY = "+525512345404";
const OPTED_OUT = "+525512345410";
const BOUNCES = "bounce@simulator.amazonses.com";
const address = (name: string) => `${name}@${DOMAIN}`;

export const RECIPIENTS: readonly Recipient[] = [
  {
    merchantId: "told-by-web",
    behaviour: "failing-at-first",
    told: { plan: "fallback", channels: [web, mail(address("web")), byNumber("sms", NUMBER)] },
  },
  {
    merchantId: "told-by-mail",
    behaviour: "failing-always",
    told: { plan: "fallback", channels: [webOnce, mail(address("mail")), byNumber("sms", NUMBER)] },
  },
  {
    merchantId: "told-by-sms",
    behaviour: "failing-always",
    told: {
      plan: "fallback",
      channels: [
        webOnce,
        { ...mail(BOUNCES, { receipt }), isVain: true },
        byNumber("sms", NUMBER, { receipt, onUncertain: text("give up") }),
      ],
    },
  },
  {
    merchantId: "told-by-queue",
    behaviour: "failing-always",
    told: {
      plan: "fallback",
      channels: [
        webOnce,
        { ...byNumber("sms", NOBODY, { receipt, retryScheduleSeconds: schedule() }), isVain: true },
        queue(STANDARD_QUEUE),
      ],
    },
  },
  {
    merchantId: "told-by-bus",
    behaviour: "failing-always",
    told: { plan: "fallback", channels: [webOnce, { ...byNumber("whatsapp", OPTED_OUT), isVain: true }, bus] },
  },
  {
    merchantId: "told-by-all",
    behaviour: "good",
    told: { plan: "all", channels: [web, mail(address("all"), { receipt }), queue(FIFO_QUEUE)] },
  },
  {
    merchantId: "told-without-web",
    behaviour: "good",
    told: { plan: "all", channels: [topic, byNumber("whatsapp", NUMBER), bus] },
  },
  { merchantId: "acknowledges", behaviour: "acknowledging", acknowledgeWithinSeconds: 6 },
  { merchantId: "acknowledges-late", behaviour: "acknowledging-late", acknowledgeWithinSeconds: 2 },
  { merchantId: "acknowledges-never", behaviour: "acknowledging-never", acknowledgeWithinSeconds: 2 },
  {
    merchantId: "acknowledges-or-mail",
    behaviour: "acknowledging-never",
    acknowledgeWithinSeconds: 3,
    told: { plan: "fallback", channels: [web, mail(address("or")), byNumber("sms", NUMBER)] },
  },
  {
    merchantId: "acknowledges-and-all",
    behaviour: "acknowledging",
    acknowledgeWithinSeconds: 6,
    told: { plan: "all", channels: [web, mail(address("and")), queue(STANDARD_QUEUE)] },
  },
];

export const RECIPIENT_BY_ID: ReadonlyMap<string, Recipient> = new Map(RECIPIENTS.map((one) => [one.merchantId, one]));

export function isRecipient(merchantId: string): boolean {
  return RECIPIENT_BY_ID.has(merchantId);
}

/** What its row has beside what every merchant's has. */
export function recipientAttributes({ told }: Recipient): Readonly<Record<string, AttributeValue>> {
  if (told === undefined) return {};
  const channels = told.channels.map(({ id, kind, members = {} }): AttributeValue => ({
    M: { id: text(id), kind: text(kind), ...members },
  }));
  return { channels: { L: channels }, plan: text(told.plan) };
}
