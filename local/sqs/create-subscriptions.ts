/** Subscribes the template's queues to its topics. What is subscribed from an earlier start stays so. */
import { SetSubscriptionAttributesCommand, type SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import type { ResolvedResource } from "../assembly/template.ts";
import { LocalError } from "../local-error.ts";

export async function createSubscriptions(
  sns: SNSClient,
  subscriptions: readonly Pick<ResolvedResource, "logicalId" | "properties">[],
): Promise<void> {
  for (const { logicalId, properties } of subscriptions) {
    const { TopicArn, Protocol, Endpoint, RawMessageDelivery } = properties;
    if (Protocol !== "sqs" || typeof TopicArn !== "string" || typeof Endpoint !== "string")
      throw new LocalError(
        "LOCAL_TEMPLATE_UNSUPPORTED",
        `${logicalId}: this machine knows subscriptions of queues of the template, and got ${String(Protocol)}.`,
      );
    // One that is there is found by its topic and endpoint.
    const { SubscriptionArn } = await sns.send(
      new SubscribeCommand({ TopicArn, Protocol, Endpoint, ReturnSubscriptionArn: true }),
    );
    const AttributeValue = String(RawMessageDelivery === true || RawMessageDelivery === "true");
    await sns.send(
      new SetSubscriptionAttributesCommand({ SubscriptionArn, AttributeName: "RawMessageDelivery", AttributeValue }),
    );
  }
}
