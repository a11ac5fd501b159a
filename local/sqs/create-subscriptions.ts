/** Subscribes the template's queues to its topics. What is subscribed from an earlier start stays so. */
import {
  paginateListSubscriptionsByTopic,
  SetSubscriptionAttributesCommand,
  type SNSClient,
  SubscribeCommand,
} from "@aws-sdk/client-sns";
import type { ResolvedResource } from "../assembly/template.ts";
import { LocalError } from "../local-error.ts";

export async function createSubscriptions(
  sns: SNSClient,
  subscriptions: readonly Pick<ResolvedResource, "logicalId" | "properties">[],
): Promise<void> {
  for (const { logicalId, properties } of subscriptions) {
    const { TopicArn, Protocol, Endpoint } = properties;
    if (Protocol !== "sqs" || typeof TopicArn !== "string" || typeof Endpoint !== "string")
      throw new LocalError(
        "LOCAL_TEMPLATE_UNSUPPORTED",
        `${logicalId}: this machine knows subscriptions of queues and functions of the template, and got ` +
          `${String(Protocol)}.`,
      );
    const SubscriptionArn =
      (await subscriptionOf(sns, TopicArn, Endpoint)) ??
      (await sns.send(new SubscribeCommand({ TopicArn, Protocol, Endpoint, ReturnSubscriptionArn: true })))
        .SubscriptionArn;
    for (const [AttributeName, AttributeValue] of Object.entries(attributesOf(properties)))
      await sns.send(new SetSubscriptionAttributesCommand({ SubscriptionArn, AttributeName, AttributeValue }));
  }
}

/** One that is there from an earlier start: to subscribe once more with other attributes is refused. */
async function subscriptionOf(sns: SNSClient, TopicArn: string, endpoint: string): Promise<string | undefined> {
  const pages = paginateListSubscriptionsByTopic({ client: sns }, { TopicArn });
  for await (const { Subscriptions = [] } of pages) {
    const found = Subscriptions.find(({ Endpoint }) => Endpoint === endpoint);
    if (found !== undefined) return found.SubscriptionArn;
  }
  return undefined;
}

/** One that had a filter at an earlier start and has none any more takes every message. */
function attributesOf({
  RawMessageDelivery,
  FilterPolicy = {},
  FilterPolicyScope = "MessageAttributes",
}: ResolvedResource["properties"]): Readonly<Record<string, string>> {
  return {
    RawMessageDelivery: String(RawMessageDelivery === true || RawMessageDelivery === "true"),
    FilterPolicyScope: String(FilterPolicyScope),
    FilterPolicy: typeof FilterPolicy === "string" ? FilterPolicy : JSON.stringify(FilterPolicy),
  };
}
