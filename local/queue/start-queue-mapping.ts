/**
 * An event source mapping from a queue at work: receives, invokes, deletes what was handled. What was not stays in the
 * queue until its visibility is over, and the queue's redrive policy quarantines it when that was often enough; so it
 * is in Lambda too.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { DeleteMessageBatchCommand, type Message, ReceiveMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { handledOf, queueEvent } from "./queue-event.ts";
import type { QueueMappingDefinition } from "./queue-mapping-definition.ts";

export interface QueueMappingOptions {
  readonly mapping: QueueMappingDefinition;
  readonly sqs: SQSClient;
  readonly queueUrl: string;
  readonly invoke: (functionName: string, event: unknown) => Promise<unknown>;
  readonly onFailure: (error: unknown) => void;
}

const WAIT_SECONDS = 20;
const AFTER_FAULT_MS = 500;

/** @returns stops it: receives no more, and lets the invocations under way end */
export function startQueueMapping(options: QueueMappingOptions): () => Promise<void> {
  const stopping = new AbortController();
  const loops = Array.from({ length: options.mapping.concurrency }, () => poll(options, stopping.signal));
  return async () => {
    stopping.abort();
    await Promise.all(loops);
  };
}

async function poll(options: QueueMappingOptions, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      const messages = await receive(options, signal);
      if (messages.length > 0) await handle(messages, options);
    } catch (error) {
      if (signal.aborted) return;
      options.onFailure(error);
      await sleep(AFTER_FAULT_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}

async function receive({ sqs, queueUrl, mapping }: QueueMappingOptions, signal: AbortSignal): Promise<Message[]> {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: queueUrl,
      MaxNumberOfMessages: mapping.batchSize,
      WaitTimeSeconds: WAIT_SECONDS,
      MessageSystemAttributeNames: ["All"],
      MessageAttributeNames: ["All"],
    }),
    { abortSignal: signal },
  );
  return Messages;
}

async function handle(messages: readonly Message[], options: QueueMappingOptions): Promise<void> {
  const { mapping, sqs, queueUrl, invoke } = options;
  const response = await invoke(mapping.functionName, queueEvent(messages, mapping.queueArn));
  const Entries = handledOf(messages, response, mapping.reportsItemFailures).map(({ ReceiptHandle }, index) => ({
    Id: String(index),
    ReceiptHandle,
  }));
  if (Entries.length > 0) await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
}
