/**
 * Events of AWS End User Messaging SMS (User Guide, "Messaging events" and "Event types for SMS, MMS, and voice"). A
 * carrier of some countries says `TEXT_SUCCESSFUL` where others say `TEXT_DELIVERED`; one that is not final yet is only
 * on its way. After 72 hours without a word of the carrier the service says `TEXT_UNKNOWN`.
 */
import { z } from "zod";
import { INTENT_TAG } from "../../core/channels/receipt-tag.ts";
import { type ReadEvent, type ReceiptFault, saidBy } from "./received-event.ts";

const eventSchema = z.object({
  eventType: z.string().startsWith("TEXT_"),
  messageId: z.string().optional(),
  isFinal: z.boolean().optional(),
  messageStatusDescription: z.string().optional(),
  context: z.record(z.string(), z.string()).optional(),
});

/** Those that are not here are on their way. */
const RESULTS: Readonly<Record<string, "delivered" | ReceiptFault>> = {
  TEXT_DELIVERED: "delivered",
  TEXT_SUCCESSFUL: "delivered",
  // The number is none, or its owner, its carrier or our own protect configuration wants none of it.
  TEXT_INVALID: "recipient",
  TEXT_BLOCKED: "recipient",
  TEXT_CARRIER_BLOCKED: "recipient",
  TEXT_PROTECT_BLOCKED: "recipient",
  // What it says is not taken.
  TEXT_INVALID_MESSAGE: "template",
  TEXT_SPAM: "template",
  // May pass: a device that is off, a carrier that has a fault, or time that was over.
  TEXT_UNREACHABLE: "service",
  TEXT_CARRIER_UNREACHABLE: "service",
  TEXT_TTL_EXPIRED: "service",
  TEXT_UNKNOWN: "service",
};

export function isSmsEvent(event: object): boolean {
  return "eventType" in event && typeof event.eventType === "string" && event.eventType.startsWith("TEXT_");
}

/** @param at when it is recorded, epoch milliseconds */
export function readSmsEvent(given: object, at: number): ReadEvent {
  const parsed = eventSchema.safeParse(given);
  if (!parsed.success) return { kind: "unreadable", why: "an event of SMS of another form" };
  const { eventType: type, messageId, isFinal, messageStatusDescription, context } = parsed.data;
  const told = RESULTS[type];
  if (told === undefined || isFinal === false) return { kind: "ignored", type };
  const intentId = context?.[INTENT_TAG];
  if (intentId === undefined) return { kind: "foreign", type };
  const result =
    told === "delivered"
      ? ({ kind: "delivered", ...(messageId !== undefined && { messageId }) } as const)
      : ({ kind: "failed", class: told, error: saidBy(type, messageStatusDescription) } as const);
  return { kind: "receipts", channel: "sms", receipts: [{ intentId, result, at }] };
}
