/** Creates the template's topics. What subscribed to one by itself stays where the state is kept. */
import { CreateTopicCommand, type SNSClient } from "@aws-sdk/client-sns";
import type { ResolvedResource } from "../assembly/template.ts";

export async function createTopics(
  sns: SNSClient,
  topics: readonly (Pick<ResolvedResource, "properties"> & { readonly name: string })[],
): Promise<void> {
  for (const { name, properties } of topics) {
    const attributes = ["FifoTopic", "ContentBasedDeduplication"].filter((each) => String(properties[each]) === "true");
    // One that is there is found by its name.
    await sns.send(
      new CreateTopicCommand({ Name: name, Attributes: Object.fromEntries(attributes.map((each) => [each, "true"])) }),
    );
  }
}
