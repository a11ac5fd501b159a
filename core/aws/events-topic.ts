/**
 * The topic of events: ten in a call, each of which SNS takes or refuses for itself. Calls go side by side, as a
 * standard topic keeps no order.
 */
import { type BatchResultErrorEntry, PublishBatchCommand, type SNSClient } from "@aws-sdk/client-sns";
import { sideBySide } from "../concurrency/side-by-side.ts";
import { errorLine } from "../errors/error-fields.ts";
import { eventText, type OutgoingEvent } from "../events/envelope.ts";
import type { EntryError } from "./message-queue.ts";

/** Entries of a call, and bytes of all of them with their attributes (SNS API Reference, "PublishBatch"). */
const MAX_ENTRIES = 10;
const MAX_BYTES = 256 * 1024;
/** Of names, types and what else is about an entry; generous. */
const ENTRY_BYTES = 512;
const CALLS_AT_ONCE = 8;
/** What comes from an entry itself, and comes again however often it is sent. */
const REFUSAL = /InvalidParameter|InvalidMessage|MessageTooLong|ParameterValueInvalid/;
const REFUSED_TOGETHER = /BatchRequestTooLong|ValidationError|ValidationException/;
/** XML, in which SNS says what an attribute is, has none of these (XML 1.0, "Characters"). */
// oxlint-disable-next-line no-control-regex -- exactly those
const NO_ATTRIBUTE = /[\u0000-\u001f\ufffe\uffff]/;

interface Entry {
  readonly index: number;
  readonly message: string;
  readonly attributes: OutgoingEvent["attributes"];
  readonly bytes: number;
}

export class EventsTopic {
  readonly #client: SNSClient;
  readonly #arn: string;

  constructor(client: SNSClient, arn: string) {
    this.#client = client;
    this.#arn = arn;
  }

  /** @returns what went wrong for each event, in order; undefined for published */
  async publish(events: readonly OutgoingEvent[]): Promise<EntryError[]> {
    const errors: EntryError[] = Array.from({ length: events.length });
    await sideBySide(batchesOf(events.map(entryOf)), CALLS_AT_ONCE, async (batch) => {
      const results = await this.#send(batch);
      for (const [position, { index }] of batch.entries()) errors[index] = results[position];
    });
    return errors;
  }

  /** What is refused as a whole is sent one by one, so that one event holds up no other. */
  async #send(batch: readonly Entry[]): Promise<EntryError[]> {
    const errors = await this.#sendTogether(batch);
    const first = errors[0]?.error ?? "";
    const isTogether = batch.length > 1 && errors.every((error) => error?.error === first);
    if (!isTogether || !(REFUSAL.test(first) || REFUSED_TOGETHER.test(first))) return errors;
    const singly: EntryError[] = [];
    for (const entry of batch) singly.push(...(await this.#sendTogether([entry])));
    return singly;
  }

  async #sendTogether(batch: readonly Entry[]): Promise<EntryError[]> {
    const PublishBatchRequestEntries = batch.map(({ message: Message, attributes }, index) => ({
      Id: String(index),
      Message,
      MessageAttributes: Object.fromEntries(
        Object.entries(attributes).map(([name, StringValue]) => [name, { DataType: "String", StringValue }]),
      ),
    }));
    try {
      const { Failed = [] } = await this.#client.send(
        new PublishBatchCommand({ TopicArn: this.#arn, PublishBatchRequestEntries }),
      );
      const failed = new Map(Failed.map((one) => [one.Id, failureOf(one)]));
      return batch.map((_, index) => failed.get(String(index)));
    } catch (error) {
      return batch.map(() => entryError(errorLine(error)));
    }
  }
}

function entryOf({ event, attributes }: OutgoingEvent, index: number): Entry {
  const message = eventText(event);
  const usable = Object.entries(attributes).filter(([, value]) => value.isWellFormed() && !NO_ATTRIBUTE.test(value));
  const bytes = usable.reduce((sum, [, value]) => sum + Buffer.byteLength(value), message.length + ENTRY_BYTES);
  return { index, message, attributes: Object.fromEntries(usable), bytes };
}

function batchesOf(entries: readonly Entry[]): Entry[][] {
  const batches: Entry[][] = [];
  let bytes = 0;
  for (const entry of entries) {
    const last = batches.at(-1);
    if (last === undefined || last.length === MAX_ENTRIES || bytes + entry.bytes > MAX_BYTES) {
      batches.push([entry]);
      bytes = entry.bytes;
    } else {
      last.push(entry);
      bytes += entry.bytes;
    }
  }
  return batches;
}

function failureOf({ Code, Message }: BatchResultErrorEntry): EntryError {
  return entryError(`${Code}: ${Message ?? ""}`);
}

function entryError(error: string): EntryError {
  return { error, isRefused: REFUSAL.test(error) };
}
