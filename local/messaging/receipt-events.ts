/**
 * What services publish of a message (AWS End User Messaging SMS User Guide, "Example event data"; AWS End User
 * Messaging Social User Guide, "Message and event format").
 */
import { ACCOUNT_ID, arnOf } from "../machine.ts";

export interface Receipted {
  readonly messageId: string;
  readonly to: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly isDelivered: boolean;
}

const SMS_PRICE_USD = 0.01;
const WABA_ID = "000000000000000";

export function smsEvent({ messageId, to, at, isDelivered }: Receipted, context: unknown, from: string): object {
  return {
    eventType: isDelivered ? "TEXT_DELIVERED" : "TEXT_UNREACHABLE",
    eventVersion: "1.0",
    eventTimestamp: Date.now(),
    isFinal: true,
    originationPhoneNumber: from,
    destinationPhoneNumber: to,
    messageId,
    messageRequestTimestamp: at,
    messageEncoding: "GSM",
    messageType: "TRANSACTIONAL",
    messageStatus: isDelivered ? "DELIVERED" : "UNREACHABLE",
    messageStatusDescription: isDelivered ? "Message has been accepted by phone" : "Phone is currently unreachable",
    ...(context !== undefined && { context }),
    totalMessageParts: 1,
    totalMessagePrice: SMS_PRICE_USD,
    totalCarrierFee: 0,
  };
}

export function whatsappEvent({ messageId, to, at, isDelivered }: Receipted, callbackData: unknown): object {
  const status = {
    id: `wamid.${messageId}`,
    status: isDelivered ? "delivered" : "failed",
    timestamp: String(Math.floor(Date.now() / 1000)),
    recipient_id: to.slice(1),
    ...(callbackData !== undefined && { biz_opaque_callback_data: callbackData }),
    ...(!isDelivered && { errors: [{ code: 131026, title: "Message undeliverable" }] }),
  };
  const value = { messaging_product: "whatsapp", statuses: [status] };
  return {
    context: { MetaWabaIds: [{ wabaId: WABA_ID, arn: arnOf("social-messaging", `waba/${WABA_ID}`) }] },
    whatsAppWebhookEntry: JSON.stringify({ id: WABA_ID, changes: [{ value, field: "messages" }] }),
    aws_account_id: ACCOUNT_ID,
    message_timestamp: new Date(at).toISOString(),
    messageId,
  };
}
