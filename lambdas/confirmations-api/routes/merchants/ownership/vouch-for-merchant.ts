/**
 * `POST /v1/merchants/{merchantId}/vouch`: an operator's word for an address that cannot answer a challenge. Noted in
 * the audit log with who gave it, and why.
 */
import { createRoute, z } from "@hono/zod-openapi";
import type { ApiApp, ApiContext } from "../../../../../core/api/api-app.ts";
import { entryOf, tooContended } from "../../../../../core/api/audited.ts";
import { existingMerchant } from "../../../../../core/api/existing-merchant.ts";
import { merchantParam } from "../../../../../core/api/merchant-param.ts";
import { optionalBody } from "../../../../../core/api/optional-body.ts";
import { access, principalIn, problems } from "../../../../../core/api/operation.ts";
import { merchantResource } from "../../../../../core/audit-log/audit-entry.ts";
import type { MerchantRegistry } from "../../../../../core/aws/merchant-registry.ts";
import type { AddressGuard } from "../../../../../core/delivery/address-guard.ts";
import { vouched } from "../../../../../core/merchant/ask-origins.ts";
import { isOwnedState, originOf, originsAttribute, originsOf } from "../../../../../core/merchant/ownership.ts";
import { type AttributeMap, stringOf } from "../../../../../core/transaction/attribute-value.ts";
import { checkUrl } from "../check-url.ts";
import { merchantSchema, urlSchema } from "../merchant-schema.ts";
import { merchantView } from "../merchant-view.ts";
import { noAddress, tooManyOrigins } from "./verify-merchant.ts";
import type { SandboxLimits } from "../../../../../core/merchant/sandbox-limits.ts";

const ROUNDS = 4;
const MAX_REASON = 500;

const vouchSchema = z
  .strictObject({
    url: urlSchema.optional().meta({ description: "One of transactions' own; the merchant's without" }),
    reason: z
      .string()
      .min(1)
      .max(MAX_REASON)
      .refine((value) => value.isWellFormed(), "expected well-formed Unicode")
      .optional()
      .meta({ description: "For the audit log", example: "their letter of 2026-11-20" }),
  })
  .openapi("AddressToVouchFor");

const vouching = access("vouchForMerchant");
const route = createRoute({
  ...vouching,
  middleware: [vouching.middleware, optionalBody],
  method: "post",
  path: "/merchants/{merchantId}/vouch",
  tags: ["Merchants"],
  summary: "Vouch for an address of a merchant",
  description: "What waits for it goes on within a minute, without a challenge. The audit log notes who vouched.",
  request: {
    params: merchantParam,
    body: { required: false, content: { "application/json": { schema: vouchSchema } } },
  },
  responses: {
    ...problems("vouchForMerchant", [404, 409], true),
    200: { description: "The merchant as it is now", content: { "application/json": { schema: merchantSchema } } },
  },
});

export interface VouchParts {
  readonly registry: Pick<MerchantRegistry, "read" | "changeOrigins">;
  readonly guard: AddressGuard;
  readonly sandbox: SandboxLimits;
  readonly nowMs: () => number;
}

export function vouchForMerchant(app: ApiApp, parts: VouchParts): void {
  app.openapi(route, async (c) => {
    const { merchantId } = c.req.valid("param");
    const { url, reason } = c.req.valid("json");
    return c.json(merchantView(await vouch(c, parts, merchantId, url, reason), parts.sandbox, parts.nowMs()), 200);
  });
}

/** @returns the row as it is then */
async function vouch(
  c: ApiContext,
  parts: VouchParts,
  merchantId: string,
  given: string | undefined,
  reason: string | undefined,
): Promise<AttributeMap> {
  const { registry, guard, nowMs } = parts;
  for (let round = 0; round < ROUNDS; round += 1) {
    const row = await existingMerchant(parts, merchantId);
    const url = given ?? stringOf(row["confirmationUrl"]);
    if (url === undefined) throw noAddress();
    checkUrl(url, guard, "/url");
    const [seen, origin] = [originsOf(row), originOf(url) ?? ""];
    const before = seen?.get(origin)?.state;
    if (isOwnedState(before)) return row;
    const now = nowMs();
    const origins = vouched(seen, origin, principalIn(c).subject, now);
    if (origins === undefined) throw tooManyOrigins();
    const act = {
      action: "vouchForMerchant",
      resource: merchantResource(merchantId),
      before: { origin, ...(before !== undefined && { state: before }) },
      after: { origin, state: "vouched", ...(reason !== undefined && { reason }) },
    } as const;
    const written = { origins: originsAttribute(origins), acts: [] };
    const result = await registry.changeOrigins(row, written, entryOf(c, act, now));
    if (result.kind === "written") return { ...row, origins: written.origins };
  }
  throw tooContended("The merchant");
}
