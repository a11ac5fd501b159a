/**
 * How many messages are in a queue, from SQS itself: in flight and delayed ones too. SQS counts approximately, and up
 * to a minute late.
 */
import { GetQueueAttributesCommand, type QueueAttributeName, type SQSClient } from "@aws-sdk/client-sqs";

const COUNTS = [
  "ApproximateNumberOfMessages",
  "ApproximateNumberOfMessagesNotVisible",
  "ApproximateNumberOfMessagesDelayed",
] as const satisfies readonly QueueAttributeName[];

/** @returns undefined when one of the counts is missing */
export async function messageCount(
  client: SQSClient,
  queueUrl: string,
  abortSignal?: AbortSignal,
): Promise<number | undefined> {
  const command = new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: [...COUNTS] });
  const output = await client.send(command, ...(abortSignal === undefined ? [] : [{ abortSignal }]));
  const sum = COUNTS.reduce((total, name) => total + Number(output.Attributes?.[name] ?? Number.NaN), 0);
  return Number.isNaN(sum) ? undefined : sum;
}
