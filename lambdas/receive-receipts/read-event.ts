/** From the body of a message to what it tells, whichever service it is of. */
import { isSesEvent, readSesEvent } from "./ses-event.ts";
import { isSmsEvent, readSmsEvent } from "./sms-event.ts";
import { isWhatsAppEvent, readWhatsAppEvent } from "./whatsapp-event.ts";
import type { ReadEvent } from "./received-event.ts";

/** @param body as the topic delivers it, raw or in an envelope of SNS */
export function readEvent(body: string, nowMs: number): ReadEvent {
  const event = eventIn(body);
  if (event === undefined) return { kind: "unreadable", why: "no object in JSON" };
  if (isWhatsAppEvent(event)) return readWhatsAppEvent(event, nowMs);
  if (isSmsEvent(event)) return readSmsEvent(event, nowMs);
  if (isSesEvent(event)) return readSesEvent(event, nowMs);
  return { kind: "unreadable", why: "an event of no service that is known here" };
}

function eventIn(body: string): object | undefined {
  const outer = objectIn(body);
  if (outer === undefined || !("Message" in outer) || !("TopicArn" in outer)) return outer;
  return typeof outer.Message === "string" ? objectIn(outer.Message) : undefined;
}

function objectIn(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
