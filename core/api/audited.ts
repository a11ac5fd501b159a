/** Entries of the audit log as routes make them, and what becomes of an act that could not be written. */
import type { ApiContext } from "./api-app.ts";
import { ApiError } from "./api-error.ts";
import { principalIn } from "./operation.ts";
import type { OperationId } from "../access/operations.ts";
import { type AuditedState, type AuditEntry, auditedUrl, newAuditEntry } from "../audit-log/audit-entry.ts";
import type { Channel } from "../channels/channel.ts";
import { shortAddress } from "../channels/short-address.ts";
import type { MerchantContent } from "../merchant/merchant-content.ts";

export interface Act {
  readonly action: OperationId;
  readonly resource: string;
  readonly before?: AuditedState;
  readonly after?: AuditedState;
}

export function entryOf(
  c: Pick<ApiContext, "get">,
  { action, resource, before, after }: Act,
  nowMs: number,
): AuditEntry {
  const { subject, clientId } = principalIn(c);
  return newAuditEntry(
    {
      actor: { subject, clientId },
      action,
      resource,
      ...(before !== undefined && { before }),
      ...(after !== undefined && { after }),
      requestId: c.get("requestId"),
    },
    nowMs,
  );
}

/**
 * What somebody decided about a merchant, as the log may keep it: of headers the names, whatever is in them; of people
 * who are told by a channel no more of the address than tells one from another, as the log cannot forget.
 */
export function auditedContent({
  confirmationUrl,
  headers,
  channels,
  mirror,
  ...others
}: MerchantContent): AuditedState {
  return {
    ...(confirmationUrl !== undefined && { confirmationUrl: auditedUrl(confirmationUrl) }),
    ...others,
    ...(headers !== undefined && { headers: Object.keys(headers) }),
    ...(channels !== undefined && { channels: channels.map(auditedChannel) }),
    ...(mirror !== undefined && { mirror: { url: auditedUrl(mirror.url) } }),
  };
}

function auditedChannel(channel: Channel): AuditedState {
  if (channel.kind === "webhook" && channel.url !== undefined) return { ...channel, url: auditedUrl(channel.url) };
  return "to" in channel ? { ...channel, to: shortAddress(channel.to) } : { ...channel };
}

/** @throws ApiError where others were faster each time */
export function tooContended(what: string): ApiError {
  return new ApiError("API_UNAVAILABLE", `${what} is changed by others at the same time; send it again.`, {
    headers: { "retry-after": "1" },
  });
}
