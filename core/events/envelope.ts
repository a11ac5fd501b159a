/**
 * Events as they are published: CloudEvents 1.0 as JSON, and the attributes that filter policies go by. The id is that
 * of the stream's record, the order its sequence number, so that an event that is published twice is the same event.
 */
import type { MerchantStep } from "./merchant-events.ts";
import {
  type ConfirmationEvent,
  type MerchantEvent,
  RESYNC_EVENTS,
  type ResyncEvent,
  type ResyncState,
  type TransactionEvent,
  TRANSACTION_EVENTS,
  type TransactionState,
} from "./event-types.ts";
import type { TransactionStep } from "./transaction-events.ts";

export const EVENT_SUBJECTS = ["transaction", "merchant", "resync"] as const;
export type EventSubject = (typeof EVENT_SUBJECTS)[number];

const SCHEMA_VERSION = 1;
/** DynamoDB's sequence numbers have 21 to 40 digits (DynamoDB Streams API Reference, "StreamRecord"). */
const SEQUENCE_DIGITS = 40;

/** Where in the stream an event comes from. */
export interface StreamPlace {
  /** Of the stream's record. */
  readonly eventId: string;
  readonly sequenceNumber: string;
  /** Epoch milliseconds, as the stream has it: to the second. */
  readonly writtenAt: number;
}

/** An event with what subscribers filter by. */
export interface OutgoingEvent {
  readonly event: ConfirmationEvent;
  /** Of the message; those that cannot be one are left out. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** What identifies the version of the data's schema; another one is another type of event, beside this. */
export function dataSchema(subject: EventSubject): string {
  return `urn:confirmation-pipeline:events:${subject}:v${SCHEMA_VERSION}`;
}

/** @param source which pipeline it is */
export function transactionEvent({ type, state }: TransactionStep, place: StreamPlace, source: string): OutgoingEvent {
  const event: TransactionEvent = {
    ...frame(source, "transaction", place.eventId, state.transactionId, place.writtenAt),
    type,
    sequence: orderOf(place.sequenceNumber),
    data: state,
  };
  return { event, attributes: { type, ...filterable(state) } };
}

/** @param index of several of one record */
export function merchantEvent(
  { type, state }: MerchantStep,
  place: StreamPlace,
  index: number,
  source: string,
): OutgoingEvent {
  const id = index === 0 ? place.eventId : `${place.eventId}-${index + 1}`;
  const event: MerchantEvent = {
    ...frame(source, "merchant", id, state.merchantId, place.writtenAt),
    type,
    sequence: orderOf(place.sequenceNumber),
    data: state,
  };
  return { event, attributes: { type, merchantId: state.merchantId } };
}

export interface ResyncId {
  readonly resyncId: string;
  /** Epoch milliseconds since which every step has an event. */
  readonly since: number;
  /** Whom it is for, where it is not for all. */
  readonly audience?: string | undefined;
}

export function snapshotEvent(
  state: TransactionState,
  { resyncId, since, audience }: ResyncId,
  source: string,
): OutgoingEvent {
  const type = TRANSACTION_EVENTS.snapshot;
  const event: TransactionEvent = {
    ...frame(source, "transaction", `${resyncId}/${state.transactionId}`, state.transactionId, since),
    type,
    data: { ...state, resyncId },
  };
  return { event, attributes: { type, ...filterable(state), ...(audience !== undefined && { audience }) } };
}

export function resyncEvent(data: ResyncState, { resyncId, since, audience }: ResyncId, source: string): OutgoingEvent {
  const type = RESYNC_EVENTS.completed;
  const event: ResyncEvent = { ...frame(source, "resync", resyncId, resyncId, since), type, data };
  const { merchantId } = data;
  return {
    event,
    attributes: {
      type,
      ...(merchantId !== undefined && { merchantId }),
      ...(audience !== undefined && { audience }),
    },
  };
}

/** As JSON that any service takes: what is not ASCII is escaped. */
export function eventText(event: ConfirmationEvent): string {
  return JSON.stringify(event).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function frame(source: string, of: EventSubject, id: string, subject: string, at: number) {
  return {
    specversion: "1.0",
    id,
    source,
    subject,
    time: new Date(at).toISOString(),
    datacontenttype: "application/json",
    dataschema: dataSchema(of),
  } as const;
}

/** Compared as text, the greater is the later. */
function orderOf(sequenceNumber: string): string {
  return sequenceNumber.padStart(SEQUENCE_DIGITS, "0");
}

function filterable({ merchantId, outcome, state }: TransactionState): Record<string, string> {
  return {
    state,
    ...(merchantId !== undefined && { merchantId }),
    ...(outcome !== undefined && { outcome }),
  };
}
