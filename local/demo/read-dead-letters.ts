/**
 * The dead-letter queue's side of the account: takes every message out of it. For a queue that is thrown away
 * afterwards.
 */
import {
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import type { DeadLetter } from "./evidence.ts";

const BATCH_MESSAGES = 10;

export async function readDeadLetters(client: SQSClient, queueUrl: string): Promise<DeadLetter[]> {
  const letters: DeadLetter[] = [];
  for (;;) {
    const { Messages = [] } = await client.send(
      new ReceiveMessageCommand({
        QueueUrl: queueUrl,
        MaxNumberOfMessages: BATCH_MESSAGES,
        MessageSystemAttributeNames: ["SentTimestamp"],
      }),
    );
    letters.push(...Messages.map(({ Body, Attributes }) => deadLetterOf(Body ?? "", Attributes?.SentTimestamp)));
    if (Messages.length > 0) {
      const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
      await client.send(new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
    } else if ((await messagesIn(client, queueUrl)) === 0) {
      return letters;
    }
  }
}

/** Messages in a queue, waiting, delayed or in flight. */
export async function messagesIn(client: SQSClient, queueUrl: string): Promise<number> {
  const names = [
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed",
  ] as const;
  const { Attributes = {} } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: [...names] }),
  );
  return names.reduce((sum, name) => sum + Number(Attributes[name] ?? 0), 0);
}

/** What cannot be read stays in the account as a letter of nobody, which settles nothing. */
export function deadLetterOf(body: string, sentTimestamp?: string): DeadLetter {
  const sent = sentTimestamp === undefined ? {} : { sentAtMs: Number(sentTimestamp) };
  try {
    const { transactionId, version, failure } = JSON.parse(body) as {
      transactionId?: unknown;
      version?: unknown;
      failure?: { code?: unknown; reason?: unknown };
    };
    return {
      transactionId: String(transactionId),
      version: Number(version),
      code: textOf(failure?.code),
      reason: textOf(failure?.reason),
      ...sent,
    };
  } catch {
    return { transactionId: "", version: Number.NaN, code: "", reason: "", ...sent };
  }
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
