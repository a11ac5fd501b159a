/**
 * Creates the template's topics that have a name: those of alarms have none, and nobody listens to them here. To that
 * of events any SNS client can subscribe, and what subscribed stays where the state is kept.
 */
import { CreateTopicCommand, type SNSClient } from "@aws-sdk/client-sns";
import type { ResolvedResource } from "../assembly/template.ts";

export async function createTopics(
  sns: SNSClient,
  topics: readonly Pick<ResolvedResource, "properties">[],
): Promise<void> {
  for (const { properties } of topics) {
    const name = properties["TopicName"];
    // One that is there is found by its name.
    if (typeof name === "string") await sns.send(new CreateTopicCommand({ Name: name }));
  }
}
