/**
 * Which calls of the programs send by a channel, by what service, and what of: read off the call, with nothing of the
 * pipeline's code. And what a fault of such a service makes of one. Pure.
 */
import { FIFO_QUEUE, STANDARD_QUEUE } from "../plan/recipients.ts";
import { pick, type Random } from "../../../local/demo/seeded-random.ts";
import { failingBy, type Manner, type Server } from "./dependency.ts";
import type { AwsCall, AwsError, Interference } from "./interference.ts";

/** Services by which something is sent, each a kind of channel. */
export const SEND_SERVICES = ["email", "sms", "whatsapp", "sqs", "sns", "eventbridge"] as const;
export type SendService = (typeof SEND_SERVICES)[number];

/** `losing answers`: the message is out, and nobody is told. */
export const CHANNEL_FAULTS = ["losing answers", "silent", "erroring", "slow", "resetting", "dripping"] as const;
export type ChannelFault = (typeof CHANNEL_FAULTS)[number];

/** Of one transaction at one version. */
export interface Told {
  readonly transactionId: string;
  readonly version: number;
}

export interface ChannelSend extends Told {
  readonly service: SendService;
}

/** As the templates of a run have it; webhooks' bodies have their own members. */
const MARK = /(chaos-\d+-\d+)#(\d+)/;
const PATHS: Readonly<Record<string, SendService>> = {
  "POST /v2/email/outbound-emails": "email",
  "POST /v1/whatsapp/send": "whatsapp",
  SendTextMessage: "sms",
  PutEvents: "eventbridge",
};
const QUEUES = [STANDARD_QUEUE, FIFO_QUEUE];
const THROTTLING: Readonly<Record<SendService, string>> = {
  email: "TooManyRequestsException",
  sms: "ThrottlingException",
  whatsapp: "ThrottledRequestException",
  sqs: "com.amazonaws.sqs#RequestThrottled",
  sns: "Throttled",
  eventbridge: "ThrottlingException",
};

/** @returns undefined for a call that sends nothing by a channel */
export function channelSendIn(server: Server, call: AwsCall): ChannelSend | undefined {
  const service = serviceOf(server, call);
  if (service === undefined) return undefined;
  const told = toldIn(messageIn(service, call));
  return told && { service, ...told };
}

/** @param message that somebody got: a text with the mark, or the body of a webhook */
export function toldIn(message: string): Told | undefined {
  const [, transactionId, version] = MARK.exec(message) ?? [];
  if (transactionId !== undefined) return { transactionId, version: Number(version) };
  try {
    const { data } = JSON.parse(message) as { readonly data?: Partial<Told> };
    const isOne = typeof data?.transactionId === "string" && typeof data.version === "number";
    return isOne ? { transactionId: data.transactionId, version: data.version } : undefined;
  } catch {
    return undefined;
  }
}

export function failingSend(
  how: ChannelFault,
  service: SendService,
  slowMs: number,
  random: Random,
): Interference | undefined {
  if (how === "losing answers") return { kind: "lose the answer" };
  if (how === "resetting") return { kind: "reset" };
  if (how !== "erroring") return failingBy(how satisfies Manner, "cloudwatch", slowMs, random);
  const throttled: AwsError = { status: 400, code: THROTTLING[service], message: "injected: throttled" };
  const failing: AwsError = { status: 500, code: "InternalServerError", message: "injected: internal failure" };
  return { kind: "refuse", error: pick([throttled, failing], random) };
}

function serviceOf(server: Server, { operation, body, text = "" }: AwsCall): SendService | undefined {
  if (server === "cloudwatch") return PATHS[operation];
  if (server !== "sqs") return undefined;
  const isQueue = operation === "SendMessage" && QUEUES.some((name) => String(body["QueueUrl"]).endsWith(`/${name}`));
  if (isQueue) return "sqs";
  return operation === "POST /" && new URLSearchParams(text).get("Action") === "Publish" ? "sns" : undefined;
}

function messageIn(service: SendService, { body, text = "" }: AwsCall): string {
  switch (service) {
    case "email":
      return text;
    case "whatsapp":
      return Buffer.from(String((JSON.parse(text) as { message?: string }).message), "base64").toString();
    case "sms":
    case "sqs":
      return String(body["MessageBody"]);
    case "sns":
      return new URLSearchParams(text).get("Message") ?? "";
    default:
      return String((body["Entries"] as readonly { readonly Detail?: string }[])[0]?.Detail);
  }
}
