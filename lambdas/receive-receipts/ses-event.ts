/**
 * Events that SES publishes of a configuration set (SES Developer Guide, "Contents of event data that Amazon SES
 * publishes to Amazon SNS" and "Examples"):
 *
 *   Delivery         the server of the recipient took it -> delivered
 *   Bounce           `Permanent`, an address on a suppression list among them, or `Undetermined` -> recipient
 *                    `Transient` for what the mail is: too large, or refused for its content -> template
 *                    any other `Transient`, of which SES has given up trying too -> service, and it is tried again
 *   Complaint        it arrived, and whoever got it does not want it -> delivered, and told
 *   Reject           SES found a virus in it -> template
 *   Rendering Failure  of templates of SES itself, which are not used -> template
 *   Send, DeliveryDelay, Open, Click, Subscription -> nothing that a step waits for
 */
import { z } from "zod";
import { INTENT_TAG } from "../../core/channels/receipt-tag.ts";
import type { StepResult } from "../../core/channels/steps.ts";
import { type ReadEvent, saidBy } from "./received-event.ts";

const eventSchema = z.object({
  eventType: z.string(),
  mail: z.object({ messageId: z.string().optional(), tags: z.record(z.string(), z.array(z.string())).optional() }),
  bounce: z
    .object({
      bounceType: z.string(),
      bounceSubType: z.string().optional(),
      bouncedRecipients: z.array(z.object({ diagnosticCode: z.string().optional() })).optional(),
    })
    .optional(),
  reject: z.object({ reason: z.string().optional() }).optional(),
});

/** It would bounce again (SES Developer Guide, "Bounce types"). */
const OF_THE_MAIL: ReadonlySet<string> = new Set(["MessageTooLarge", "ContentRejected", "AttachmentRejected"]);

type SesEvent = z.infer<typeof eventSchema>;

export function isSesEvent(event: object): boolean {
  return "mail" in event && "eventType" in event;
}

/** @param at when it is recorded, epoch milliseconds */
export function readSesEvent(given: object, at: number): ReadEvent {
  const parsed = eventSchema.safeParse(given);
  if (!parsed.success) return { kind: "unreadable", why: "an event of SES of another form" };
  const { eventType: type, mail } = parsed.data;
  const result = resultOf(parsed.data);
  if (result === undefined) return { kind: "ignored", type };
  const [intentId] = mail.tags?.[INTENT_TAG] ?? [];
  if (intentId === undefined) return { kind: "foreign", type };
  const receipts = [{ intentId, result, at }];
  return { kind: "receipts", channel: "email", receipts, ...(type === "Complaint" && { isComplaint: true }) };
}

function resultOf({ eventType, mail, bounce, reject }: SesEvent): StepResult | undefined {
  switch (eventType) {
    case "Delivery":
    case "Complaint":
      return { kind: "delivered", ...(mail.messageId !== undefined && { messageId: mail.messageId }) };
    case "Bounce": {
      const { bounceType = "", bounceSubType = "", bouncedRecipients: [first] = [] } = bounce ?? {};
      const error = saidBy(`bounce ${bounceType}/${bounceSubType}`, first?.diagnosticCode);
      if (bounceType !== "Transient") return { kind: "failed", class: "recipient", error };
      return { kind: "failed", class: OF_THE_MAIL.has(bounceSubType) ? "template" : "service", error };
    }
    case "Reject":
      return { kind: "failed", class: "template", error: saidBy("rejected by SES:", reject?.reason) };
    case "Rendering Failure":
      return { kind: "failed", class: "template", error: "rendering failure in SES" };
    default:
      return undefined;
  }
}
