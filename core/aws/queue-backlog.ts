/**
 * How many messages of a queue wait to be received, from SQS itself, which counts approximately and up to a minute
 * late.
 */
import { GetQueueAttributesCommand, type SQSClient } from "@aws-sdk/client-sqs";

export async function queueBacklog(client: SQSClient, QueueUrl: string): Promise<number> {
  const AttributeNames = ["ApproximateNumberOfMessages"] as const;
  const { Attributes } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...AttributeNames] }),
  );
  const count = Number(Attributes?.ApproximateNumberOfMessages);
  // Unknown is not empty.
  return Number.isNaN(count) ? Number.POSITIVE_INFINITY : count;
}
