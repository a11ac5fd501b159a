/**
 * `DELETE /v1/merchants/{merchantId}`: leaves a tombstone, so that its keys are published for as long as there is
 * something to verify. Refused while transactions of it are not over, and where that cannot be proved.
 */
import { createRoute } from "@hono/zod-openapi";
import type { ApiApp } from "../../../../core/api/api-app.ts";
import { ApiError, notFound } from "../../../../core/api/api-error.ts";
import { access, problems } from "../../../../core/api/operation.ts";
import { merchantResource } from "../../../../core/audit-log/audit-entry.ts";
import type { MerchantRegistry } from "../../../../core/aws/merchant-registry.ts";
import type { Unfinished } from "../../../../core/aws/unfinished.ts";
import { contentOf } from "../../../../core/merchant/merchant-content.ts";
import { whyNotYours } from "../../../../core/merchant/reserved-ids.ts";
import { tombstone } from "../../../../core/merchant/tombstone.ts";
import { auditedContent, entryOf } from "../../../../core/api/audited.ts";
import { existingMerchant } from "../../../../core/api/existing-merchant.ts";
import { merchantParam } from "../../../../core/api/merchant-param.ts";

const route = createRoute({
  ...access("deleteMerchant"),
  method: "delete",
  path: "/merchants/{merchantId}",
  tags: ["Merchants"],
  summary: "Delete a merchant",
  description:
    "Nothing is delivered to it any more, and no transaction taken for it. Its keys stay published while manifests " +
    "are kept. Refused while it has transactions that are not over.",
  request: { params: merchantParam },
  responses: {
    ...problems("deleteMerchant", [404, 409]),
    204: { description: "It is deleted" },
  },
});

export interface DeleteParts {
  readonly registry: Pick<MerchantRegistry, "read" | "bury">;
  /** Looks for transactions of a merchant that are not over. */
  readonly unfinished: (merchantId: string) => Promise<Unfinished>;
  readonly retention: { readonly settledDays: number; readonly manifestDays: number };
  readonly nowMs: () => number;
}

export function deleteMerchant(app: ApiApp, parts: DeleteParts): void {
  app.openapi(route, async (c) => {
    const { merchantId } = c.req.valid("param");
    const row = await existingMerchant(parts, merchantId);
    const why = whyNotYours(merchantId);
    if (why !== undefined)
      throw new ApiError("API_MERCHANT_CONFLICT", `got the merchant ${merchantId}, ${why}, expected one of yours.`);
    requireNone(await parts.unfinished(merchantId));
    const now = parts.nowMs();
    const before = auditedContent(contentOf(row));
    const entry = entryOf(c, { action: "deleteMerchant", resource: merchantResource(merchantId), before }, now);
    const result = await parts.registry.bury(merchantId, tombstone(now, parts.retention), entry);
    if (result.kind === "refused") throw notFound("merchant");
    return c.body(null, 204);
  });
}

/** @throws ApiError API_MERCHANT_CONFLICT */
function requireNone(unfinished: Unfinished): void {
  if (unfinished.kind === "none") return;
  if (unfinished.kind === "some")
    throw new ApiError(
      "API_MERCHANT_CONFLICT",
      `got a merchant with transactions that are not over, ${unfinished.transactionId} among them; wait until they ` +
        "are delivered or given up, and delete it then.",
    );
  throw new ApiError(
    "API_MERCHANT_CONFLICT",
    `got a merchant of which it cannot be proved that all transactions are over: after ${unfinished.looked} that are ` +
      "on their way, of all merchants together, there are more. Delete it when less is on its way.",
  );
}
