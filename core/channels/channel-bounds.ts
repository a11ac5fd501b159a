/**
 * What a deployment lets recipients' channels be: kinds that its settings name, destinations that its programs may
 * send to, numbers that there are, of countries that messages may go to. What is outside is refused when it is written,
 * and not with the first transaction.
 */
import type { Channel } from "./channel.ts";
import { isPayloadPath } from "./address-of.ts";
import { judgeNumber } from "./phone-number.ts";

export interface ChannelBounds {
  /** Beside `webhook`, which is always there. */
  readonly kinds: readonly string[];
  /** ISO 3166-1. */
  readonly smsCountries: readonly string[];
  readonly queueArns: readonly string[];
  readonly topicArns: readonly string[];
  readonly eventBusArns: readonly string[];
  /** URL of a queue of the pipeline's own: where there is no SQS of AWS, all queues are at its host. */
  readonly ownQueueUrl: string;
}

export interface ChannelFault {
  /** Into the list of channels. */
  readonly path: readonly (string | number)[];
  readonly detail: string;
}

/** All at once; none where the channels may be used. */
export function boundFaults(channels: readonly Channel[], bounds: ChannelBounds): ChannelFault[] {
  return channels.flatMap((channel, index): ChannelFault[] => {
    const { kind } = channel;
    if (kind !== "webhook" && !bounds.kinds.includes(kind))
      return [{ path: [index, "kind"], detail: `got ${kind}, expected ${kindsText(bounds)} (channels.kinds)` }];
    const fault = destinationFault(channel, bounds);
    return fault === undefined ? [] : [{ path: [index, fault.member], detail: fault.detail }];
  });
}

function kindsText({ kinds }: ChannelBounds): string {
  return kinds.length === 0 ? "webhook, as no other is configured" : `one of webhook, ${kinds.join(", ")}`;
}

interface MemberFault {
  readonly member: string;
  readonly detail: string;
}

function destinationFault(channel: Channel, bounds: ChannelBounds): MemberFault | undefined {
  const { queueArns, topicArns, eventBusArns, ownQueueUrl } = bounds;
  switch (channel.kind) {
    case "sqs": {
      const isListed = queueArns.some((arn) => isQueue(channel.queueUrl, arn, ownQueueUrl));
      return isListed ? undefined : unlisted("queueUrl", "channels.queueArns");
    }
    case "sns":
      return topicArns.includes(channel.topicArn) ? undefined : unlisted("topicArn", "channels.topicArns");
    case "eventbridge":
      return eventBusArns.includes(channel.eventBusArn) ? undefined : unlisted("eventBusArn", "channels.eventBusArns");
    case "sms":
      return phoneFault(channel.to, bounds.smsCountries);
    case "whatsapp":
      return phoneFault(channel.to);
    default:
      return undefined;
  }
}

function unlisted(member: string, setting: string): MemberFault {
  return { member, detail: `got one that is not among the settings' ${setting}, expected one of those` };
}

/** As whoever sends to it judges it. @param countries that it may be of. @default any */
function phoneFault(to: string, countries: readonly string[] = []): MemberFault | undefined {
  if (isPayloadPath(to)) return undefined;
  const judged = judgeNumber(to, countries);
  if (judged.kind === "number") return undefined;
  return { member: "to", detail: `got a number that nothing is sent to: ${judged.why}` };
}

/** Whether a URL is that of a queue: requests are signed and sent to its host, which therefore must be SQS. */
function isQueue(url: string, arn: string, ownQueueUrl: string): boolean {
  const parsed = URL.parse(url);
  const [, partition, , region, account, name] = arn.split(":");
  if (parsed === null || parsed.pathname !== `/${account}/${name}`) return false;
  const suffix = partition === "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com";
  if (parsed.protocol === "https:" && parsed.host === `sqs.${region}.${suffix}`) return true;
  const own = URL.parse(ownQueueUrl);
  return own !== null && !own.hostname.includes("amazonaws.com") && parsed.origin === own.origin;
}
