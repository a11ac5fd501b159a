/** What a merchant gets when somebody asks for a test: a Standard Webhooks payload that confirms nothing. */
import { quoted } from "../transaction/json-text.ts";
import type { Webhook } from "./webhook.ts";

export const TEST_EVENT_TYPE = "webhook.test";

/** @param id its `webhook-id`. @param now epoch milliseconds */
export function testEvent(id: string, merchantId: string, now: number): Webhook {
  const timestamp = new Date(now).toISOString();
  const data = `{"merchantId":${quoted(merchantId)}}`;
  return { id, body: `{"type":"${TEST_EVENT_TYPE}","timestamp":"${timestamp}","data":${data}}` };
}
