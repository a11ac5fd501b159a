/**
 * Events of AWS End User Messaging Social (User Guide, "Message and event format"): a header of AWS around the entry
 * that WhatsApp gave its webhook, as JSON in a text. Of that the statuses of messages count; each brings back
 * `biz_opaque_callback_data` as it was sent (WhatsApp Cloud API, "status messages webhook"). What somebody writes to
 * the number comes the same way, and is left alone.
 */
import { z } from "zod";
import { metaFault } from "../../core/channels/meta-codes.ts";
import type { Receipt } from "../../core/transaction/row/told-step.ts";
import { type ReadEvent, type ReceiptFault, saidBy } from "./received-event.ts";

const statusSchema = z.object({
  status: z.string(),
  /** Of WhatsApp. */
  id: z.string().optional(),
  biz_opaque_callback_data: z.string().optional(),
  errors: z.array(z.object({ code: z.number(), title: z.string().optional() })).optional(),
});
type Status = z.infer<typeof statusSchema>;
const entrySchema = z.object({
  changes: z.array(z.object({ value: z.object({ statuses: z.array(statusSchema).optional() }) })).optional(),
});

/** Read as well as delivered: who switched off that he is told so is never told that it was delivered before. */
const ARRIVED = new Set(["delivered", "read"]);

export function isWhatsAppEvent(event: object): boolean {
  return "whatsAppWebhookEntry" in event;
}

/** @param at when it is recorded, epoch milliseconds */
export function readWhatsAppEvent(given: object, at: number): ReadEvent {
  const entry = entryIn((given as { whatsAppWebhookEntry?: unknown }).whatsAppWebhookEntry);
  if (entry === undefined) return { kind: "unreadable", why: "an event of WhatsApp of another form" };
  const statuses = (entry.changes ?? []).flatMap(({ value }) => value.statuses ?? []);
  const final = statuses.filter(({ status }) => ARRIVED.has(status) || status === "failed");
  const type = statuses.map(({ status }) => status).join(",");
  if (final.length === 0) return { kind: "ignored", type };
  const receipts = final.flatMap((status) => receiptOf(status, at));
  return receipts.length === 0 ? { kind: "foreign", type } : { kind: "receipts", channel: "whatsapp", receipts };
}

function receiptOf({ status, id, biz_opaque_callback_data: intentId, errors = [] }: Status, at: number): Receipt[] {
  if (intentId === undefined) return [];
  if (ARRIVED.has(status))
    return [{ intentId, result: { kind: "delivered", ...(id !== undefined && { messageId: id }) }, at }];
  const { code = 0, title } = errors[0] ?? {};
  return [{ intentId, result: { kind: "failed", class: faultOf(code), error: saidBy(`failed ${code}`, title) }, at }];
}

/** What is of our account passes once somebody has mended it: it is tried again. */
function faultOf(code: number): ReceiptFault {
  const whose = metaFault(code);
  return whose === "recipient" || whose === "template" ? whose : "service";
}

/** A text of JSON, or already what it says. */
function entryIn(given: unknown): z.infer<typeof entrySchema> | undefined {
  try {
    return entrySchema.safeParse(typeof given === "string" ? JSON.parse(given) : given).data;
  } catch {
    return undefined;
  }
}
