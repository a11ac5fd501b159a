/** What a merchant gets when somebody asks for a test: a Standard Webhooks payload that confirms nothing. */
import { quoted } from "../transaction/json-text.ts";
import type { PayloadVersion } from "../transaction/payload-version.ts";
import type { Webhook } from "./webhook.ts";

export const TEST_EVENT_TYPE = "webhook.test";

/**
 * @param id its `webhook-id`
 * @param now epoch milliseconds
 * @param payloadVersion that its merchant gets. @default 1
 */
export function testEvent(id: string, merchantId: string, now: number, payloadVersion?: PayloadVersion): Webhook {
  const timestamp = new Date(now).toISOString();
  const data = `{"merchantId":${quoted(merchantId)}}`;
  const form = payloadVersion === 2 ? `"payloadVersion":2,` : "";
  return { id, body: `{"type":"${TEST_EVENT_TYPE}","timestamp":"${timestamp}",${form}"data":${data}}` };
}
