/**
 * An event source mapping from a queue at work: receives, invokes, deletes what was handled. What was not stays in the
 * queue until its visibility is over, whoever has set it, and the queue's redrive policy quarantines it when that was
 * often enough; so it is in Lambda too. Up to five pollers ask, and no more batches are under way than the mapping's
 * concurrency. In order, a group is safe by the queue alone: while one of its messages is out, it gives out no further
 * one (Lambda Developer Guide, "Using Lambda with Amazon SQS").
 */
import { setTimeout as sleep } from "node:timers/promises";
import { DeleteMessageBatchCommand, type Message, ReceiveMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { MappingSwitch } from "../control/mapping-switch.ts";
import { handledOf, queueEvent } from "./queue-event.ts";
import type { QueueMappingDefinition } from "./queue-mapping-definition.ts";
import { Slots } from "./slots.ts";

export interface QueueMappingOptions {
  readonly mapping: QueueMappingDefinition;
  readonly sqs: SQSClient;
  readonly queueUrl: string;
  readonly invoke: (functionName: string, event: unknown) => Promise<unknown>;
  readonly onFailure: (error: unknown) => void;
  /** Nothing is received while it is off. @default always on */
  readonly isOn?: MappingSwitch;
}

const MOST_POLLERS = 5;
/** Lambda polls for twenty. Whoever stops the mapping waits for the last poll here: it brings nothing in vain. */
const WAIT_SECONDS = 1;
const AFTER_FAULT_MS = 500;

/** @returns stops it: receives no more, and lets the invocations under way end */
export function startQueueMapping(options: QueueMappingOptions): () => Promise<void> {
  const stopping = new AbortController();
  const { concurrency } = options.mapping;
  const slots = new Slots(concurrency);
  const pollers = Array.from({ length: Math.min(MOST_POLLERS, concurrency) }, () =>
    poll(options, slots, stopping.signal),
  );
  return async () => {
    stopping.abort();
    await Promise.all(pollers);
    await slots.allFree();
  };
}

async function poll(options: QueueMappingOptions, slots: Slots, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await options.isOn?.untilEnabled(signal).catch(() => undefined);
    await slots.take();
    const messages = signal.aborted ? [] : await received(options, signal);
    if (messages.length === 0) slots.giveBack();
    else
      void handle(messages, options)
        .catch(options.onFailure)
        .finally(() => slots.giveBack());
  }
}

/** @returns none after a fault, and a pause */
async function received(options: QueueMappingOptions, signal: AbortSignal): Promise<Message[]> {
  try {
    return await receive(options);
  } catch (error) {
    if (!signal.aborted) options.onFailure(error);
    await sleep(AFTER_FAULT_MS, undefined, { signal }).catch(() => undefined);
    return [];
  }
}

async function receive({ sqs, queueUrl, mapping }: QueueMappingOptions): Promise<Message[]> {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: queueUrl,
      MaxNumberOfMessages: mapping.batchSize,
      WaitTimeSeconds: WAIT_SECONDS,
      MessageSystemAttributeNames: ["All"],
      MessageAttributeNames: ["All"],
    }),
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
