/** Asks SQS for next to nothing: what counts is that it answers, and what time it is by its response. */
import { GetQueueAttributesCommand, type SQSClient } from "@aws-sdk/client-sqs";

export async function askQueue(client: SQSClient, url: string): Promise<void> {
  await client.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["QueueArn"] }));
}
