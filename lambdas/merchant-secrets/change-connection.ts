/**
 * A change of one part of a merchant's connection with its entry of the audit log, which says what anybody may see of
 * it: fingerprints, addresses, names.
 */
import type { OperationId } from "../../core/access/operations.ts";
import type { ApiContext } from "../../core/api/api-app.ts";
import { ApiError, notFound } from "../../core/api/api-error.ts";
import { entryOf } from "../../core/api/audited.ts";
import { type ConnectionView, connectionView } from "../../core/api/connection-view.ts";
import { existingMerchant } from "../../core/api/existing-merchant.ts";
import { type AuditedState, auditedUrl, merchantResource } from "../../core/audit-log/audit-entry.ts";
import type { SEALED_ATTRIBUTES } from "../../core/merchant/connection/sealed-connection.ts";
import type { AttributeMap, AttributeValue } from "../../core/transaction/attribute-value.ts";
import type { KeyHolder } from "./key-holder.ts";

type Part = (typeof SEALED_ATTRIBUTES)[number];

export interface ConnectionChange {
  readonly action: OperationId;
  readonly part: Part;
  /** What the part is then; undefined to take it away. */
  readonly value: AttributeValue | undefined;
}

export async function changeConnection(
  c: ApiContext,
  holder: Pick<KeyHolder, "registry" | "nowMs">,
  row: AttributeMap,
  { action, part, value }: ConnectionChange,
): Promise<ConnectionView & { merchantId: string }> {
  const merchantId = row["merchantId"]?.S ?? "";
  const { [part]: was, ...rest } = row;
  const after: AttributeMap = value === undefined ? rest : { ...row, [part]: value };
  const view = { merchantId, ...connectionView(after) };
  if (was === undefined && value === undefined) return view;
  const act = {
    action,
    resource: merchantResource(merchantId),
    ...(was !== undefined && { before: audited(connectionView(row), part) }),
    ...(value !== undefined && { after: audited(view, part) }),
  };
  const written = await holder.registry.update(merchantId, entryOf(c, act, holder.nowMs()), {
    UpdateExpression: value === undefined ? `REMOVE ${part}` : `SET ${part} = :value`,
    ...(value !== undefined && { ExpressionAttributeValues: { ":value": value } }),
  });
  if (written.kind === "refused") throw notFound("merchant");
  return view;
}

/** @throws ApiError API_NOT_FOUND */
export function merchantToConnect(holder: Pick<KeyHolder, "registry">, merchantId: string): Promise<AttributeMap> {
  return existingMerchant(holder, merchantId);
}

/** Both would be the one header. */
export function authorizedTwice(): ApiError {
  return new ApiError(
    "API_MERCHANT_CONFLICT",
    "got a merchant that would have both a token (oauth2) and a secret header `authorization`, expected one of them; " +
      "take the other one away first.",
  );
}

function audited({ clientCertificate, oauth2, secretHeaders }: ConnectionView, part: Part): AuditedState {
  if (part === "clientCertificate") return { clientCertificate };
  if (part === "secretHeaders") return { secretHeaders };
  return { oauth2: oauth2 && { ...oauth2, tokenUrl: auditedUrl(oauth2.tokenUrl) } };
}
