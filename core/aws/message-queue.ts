/**
 * One SQS FIFO queue as the path uses it: everything in batches of ten, and each entry of a batch answered for itself,
 * since SQS responds with HTTP 200 when some entries failed.
 */
import { POLL_SECONDS } from "../settings/worker-rhythm.ts";
import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  type ReceiveMessageCommandInput,
  type ReceiveMessageResult,
  SendMessageBatchCommand,
  type BatchResultErrorEntry,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { bySdkAlone, type FastPathCall } from "./fast-path/fast-path-call.ts";
import { deleteInput, receiveInput, sendInput, type OutgoingMessage } from "./queue-requests.ts";
import { errorLine } from "../errors/error-fields.ts";

interface BatchResult {
  readonly Failed?: BatchResultErrorEntry[] | undefined;
}

/** Entries that SQS takes in one call. */
export const MAX_ENTRIES = 10;

export interface ReceivedMessage {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly groupId: string;
  readonly receiveCount: number;
  /** Epoch milliseconds at which it was sent. */
  readonly sentAt: number;
  readonly trace?: string | undefined;
}

/** What became of one entry: undefined for done, else the error as SQS named it. */
export type EntryError =
  | {
      readonly error: string;
      /** The entry itself is at fault: it will be refused however often it is sent. */
      readonly isRefused: boolean;
    }
  | undefined;

/**
 * Errors that come from what is in an entry; a throttle or a missing permission is none, whoever is said to be at
 * fault.
 */
const REFUSAL = /Invalid(MessageContents|ParameterValue|Attribute\w*)|MissingParameter|MessageTooLong/;
/** Errors of a whole call that its entries, sent one by one, need not have. */
const REFUSED_TOGETHER = /BatchRequestTooLong|ValidationException|ValidationError/;

export interface QueueOptions {
  /** Makes the frequent calls. @default the client itself */
  readonly call?: FastPathCall;
  /** Told of each call that sends messages, and of how many. @default nobody */
  readonly sending?: (messages: number) => void;
  /** Makes receives that wait longer than other calls may take. @default the same as of other calls */
  readonly polls?: { readonly client: SQSClient; readonly call: FastPathCall };
}

export class MessageQueue {
  readonly #client: SQSClient;
  readonly #call: FastPathCall;
  readonly #sending: (messages: number) => void;
  readonly #polls: Required<QueueOptions>["polls"];
  /** By visibility and wait. */
  readonly #receives = new Map<string, { readonly input: ReceiveMessageCommandInput; readonly json: string }>();
  readonly url: string;

  constructor(
    client: SQSClient,
    url: string,
    { call = bySdkAlone, sending = () => undefined, polls }: QueueOptions = {},
  ) {
    this.#client = client;
    this.#call = call;
    this.#polls = polls ?? { client, call };
    this.#sending = sending;
    this.url = url;
  }

  /** Waits up to `waitSeconds` for messages; at most ten. */
  async receive(visibilitySeconds: number, waitSeconds: number, abortSignal: AbortSignal): Promise<ReceivedMessage[]> {
    const { input, json } = this.#receiveOf(visibilitySeconds, waitSeconds);
    const isLong = waitSeconds > POLL_SECONDS;
    const call = isLong ? this.#polls.call : this.#call;
    const output = await call<ReceiveMessageResult>(
      "ReceiveMessage",
      () => json,
      () => (isLong ? this.#polls.client : this.#client).send(new ReceiveMessageCommand(input), { abortSignal }),
      abortSignal,
    );
    return (output.Messages ?? []).map(({ MessageId = "", ReceiptHandle = "", Body = "", Attributes = {} }) => ({
      messageId: MessageId,
      receiptHandle: ReceiptHandle,
      body: Body,
      groupId: Attributes.MessageGroupId ?? MessageId,
      receiveCount: Number(Attributes.ApproximateReceiveCount ?? 1),
      sentAt: Number(Attributes.SentTimestamp ?? 0),
      trace: Attributes.AWSTraceHeader,
    }));
  }

  /** Kept: there are two or three. */
  #receiveOf(visibilitySeconds: number, waitSeconds: number) {
    const key = `${visibilitySeconds} ${waitSeconds}`;
    const known = this.#receives.get(key);
    if (known !== undefined) return known;
    const input = receiveInput(this.url, MAX_ENTRIES, visibilitySeconds, waitSeconds);
    const made = { input, json: JSON.stringify(input) };
    this.#receives.set(key, made);
    return made;
  }

  /**
   * @param messages at most ten. What is refused as a whole is sent one by one, so that one message holds up no other.
   */
  async send(messages: readonly OutgoingMessage[]): Promise<EntryError[]> {
    const errors = await this.#sendTogether(messages);
    const isTogether = messages.length > 1 && errors.every((error) => error?.error === errors[0]?.error);
    const first = errors[0]?.error ?? "";
    if (!isTogether || !(REFUSAL.test(first) || REFUSED_TOGETHER.test(first))) return errors;
    const singly: EntryError[] = [];
    for (const message of messages) singly.push(...(await this.#sendTogether([message])));
    return singly;
  }

  #sendTogether(messages: readonly OutgoingMessage[]): Promise<EntryError[]> {
    this.#sending(messages.length);
    return this.#batch(messages.length, async () => {
      const input = sendInput(this.url, messages);
      return this.#call<BatchResult>(
        "SendMessageBatch",
        () => JSON.stringify(input),
        () => this.#client.send(new SendMessageBatchCommand(input)),
      );
    });
  }

  /** @param receiptHandles at most ten */
  async delete(receiptHandles: readonly string[]): Promise<EntryError[]> {
    return this.#batch(receiptHandles.length, async () => {
      const input = deleteInput(this.url, receiptHandles);
      return this.#call<BatchResult>(
        "DeleteMessageBatch",
        () => JSON.stringify(input),
        () => this.#client.send(new DeleteMessageBatchCommand(input)),
      );
    });
  }

  /** @param changes at most ten; 0 seconds gives a message back at once */
  async changeVisibility(
    changes: readonly { readonly receiptHandle: string; readonly seconds: number }[],
  ): Promise<EntryError[]> {
    return this.#batch(changes.length, async () => {
      const Entries = changes.map(({ receiptHandle, seconds }, index) => ({
        Id: String(index),
        ReceiptHandle: receiptHandle,
        VisibilityTimeout: seconds,
      }));
      return this.#client.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: this.url, Entries }));
    });
  }

  async #batch(size: number, call: () => Promise<BatchResult>): Promise<EntryError[]> {
    try {
      const { Failed = [] } = await call();
      if (Failed.length === 0) return noErrors(size);
      const errors = new Map(Failed.map(({ Id, Code, Message }) => [Id, entryError(`${Code}: ${Message ?? ""}`)]));
      return Array.from({ length: size }, (_, index) => errors.get(String(index)));
    } catch (error) {
      return Array.from({ length: size }, () => entryError(errorLine(error)));
    }
  }
}

/** As for nearly every batch; `Array.from` takes as long as half of the batch's response. */
function noErrors(size: number): EntryError[] {
  const errors: EntryError[] = [];
  for (let index = 0; index < size; index += 1) errors.push(undefined);
  return errors;
}

function entryError(error: string): EntryError {
  return { error, isRefused: REFUSAL.test(error) };
}
