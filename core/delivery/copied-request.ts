/**
 * The request of a call once more, as it was sent, for whoever listens to the merchant: made of the same call by the
 * same code, at the same time, so that its signatures are the same too. Values of secret headers are left out.
 */
import type { CopiedRequest } from "../copies/delivery-copy.ts";
import { requestParts } from "../http/request-parts.ts";
import { type Call, webhookRequest } from "./attempt.ts";
import type { Destination } from "./destination.ts";

export type CopiedCall = Pick<
  Call,
  "merchant" | "webhook" | "keys" | "now" | "traceparent" | "headerLines" | "secretNames"
> & { readonly destination: Call["destination"] | undefined };

const NOWHERE: Destination = { origin: "http://", path: "/" };
const HOST = "host";

export function copiedRequest(call: CopiedCall): CopiedRequest {
  const { destination, secretNames = [] } = call;
  const { headers, body } = requestParts(
    webhookRequest({ ...call, destination: destination ?? NOWHERE, deadlineMs: 0 }).text,
  );
  const isShown = (name: string) => !secretNames.includes(name) && (name !== HOST || destination !== undefined);
  return {
    ...(destination !== undefined && { url: destination.origin + destination.path }),
    headers: Object.fromEntries(headers.filter(([name]) => isShown(name))),
    hiddenHeaders: headers.map(([name]) => name).filter((name) => secretNames.includes(name)),
    body,
  };
}
