/**
 * Under which name a message carries the id of its intent, which receipts bring back. An id fits where the least fits:
 *
 * - SES: a message tag, 256 letters, digits, `_` and `-` (SESv2 API Reference, `MessageTag`)
 * - SMS: an entry of `Context`, 800 characters (AWS End User Messaging SMS API Reference, `SendTextMessage`)
 * - WhatsApp: `biz_opaque_callback_data`, 512 characters, the id alone (WhatsApp Cloud API, Messages)
 */
export const INTENT_TAG = "confirmation-intent";
