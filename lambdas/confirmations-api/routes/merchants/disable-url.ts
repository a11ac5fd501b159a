/**
 * `POST /v1/merchants/{merchantId}/disable` and `…/enable`: URLs that nothing is delivered to. The worker disables one
 * itself that answers 410 or asks for no more; enabling one is for people alone.
 */
import { createRoute, z } from "@hono/zod-openapi";
import type { ApiApp, ApiContext } from "../../../../core/api/api-app.ts";
import { ApiError } from "../../../../core/api/api-error.ts";
import { access, problems } from "../../../../core/api/operation.ts";
import { auditedUrl, merchantResource } from "../../../../core/audit-log/audit-entry.ts";
import type { MerchantHealthActs } from "../../../../core/aws/merchant-health-acts.ts";
import { MAX_DISABLED_URLS } from "../../../../core/aws/merchant-health-table.ts";
import { isWebUrl, urlKey } from "../../../../core/merchant/merchant-health.ts";
import { entryOf } from "../../../../core/api/audited.ts";
import { existingMerchant, type RegistryParts } from "../../../../core/api/existing-merchant.ts";
import { merchantParam } from "../../../../core/api/merchant-param.ts";
import { urlSchema } from "./merchant-schema.ts";

const absoluteUrl = urlSchema.refine(isWebUrl, "expected an absolute URL with https or http");

const disableSchema = z
  .strictObject({
    url: absoluteUrl.meta({ description: "Not called any more", example: "https://merchant.example/old" }),
  })
  .openapi("UrlToDisable");
const enableSchema = z
  .strictObject({
    url: absoluteUrl.optional().meta({ description: "Called again; all that are disabled without one" }),
  })
  .openapi("UrlToEnable");
const disabledSchema = z
  .strictObject({ merchantId: z.string(), disabledUrls: z.array(z.string()) })
  .openapi("DisabledUrls");

const content = { "application/json": { schema: disabledSchema } };

const disableRoute = createRoute({
  ...access("disableMerchantUrl"),
  method: "post",
  path: "/merchants/{merchantId}/disable",
  tags: ["Merchants"],
  summary: "Disable a URL of a merchant",
  description: "What is for this URL waits until it is enabled, or the merchant gets another one.",
  request: {
    params: merchantParam,
    body: { required: true, content: { "application/json": { schema: disableSchema } } },
  },
  responses: {
    ...problems("disableMerchantUrl", [404, 409], true),
    200: { description: "URLs that are disabled", content },
  },
});

const enableRoute = createRoute({
  ...access("enableMerchantUrl"),
  method: "post",
  path: "/merchants/{merchantId}/enable",
  tags: ["Merchants"],
  summary: "Enable a URL of a merchant",
  request: {
    params: merchantParam,
    body: { required: true, content: { "application/json": { schema: enableSchema } } },
  },
  responses: {
    ...problems("enableMerchantUrl", [404], true),
    200: { description: "URLs that are still disabled", content },
  },
});

export interface DisableParts extends RegistryParts {
  readonly healthActs: Pick<MerchantHealthActs, "disable" | "enable" | "enableAll" | "read">;
  readonly nowMs: () => number;
}

export function disableUrl(app: ApiApp, parts: DisableParts): void {
  app.openapi(disableRoute, async (c) => {
    const { merchantId } = c.req.valid("param");
    await existingMerchant(parts, merchantId);
    return c.json({ merchantId, disabledUrls: await disable(c, parts, merchantId, c.req.valid("json").url) }, 200);
  });
  app.openapi(enableRoute, async (c) => {
    const { merchantId } = c.req.valid("param");
    await existingMerchant(parts, merchantId);
    return c.json({ merchantId, disabledUrls: await enable(c, parts, merchantId, c.req.valid("json").url) }, 200);
  });
}

async function disable(
  c: ApiContext,
  { healthActs, nowMs }: DisableParts,
  merchantId: string,
  url: string,
): Promise<string[]> {
  const key = urlKey(url);
  const act = { action: "disableMerchantUrl", resource: merchantResource(merchantId) } as const;
  const entry = entryOf(c, { ...act, after: { disabled: auditedUrl(key) } }, nowMs());
  await healthActs.disable(merchantId, key, entry);
  const { disabledUrls } = await healthActs.read(merchantId);
  if (disabledUrls.includes(key)) return [...disabledUrls];
  throw new ApiError(
    "API_MERCHANT_CONFLICT",
    `got one more URL to disable, and ${disabledUrls.length} are, expected at most ${MAX_DISABLED_URLS}; ` +
      "enable one first.",
  );
}

async function enable(
  c: ApiContext,
  { healthActs, nowMs }: DisableParts,
  merchantId: string,
  url: string | undefined,
): Promise<string[]> {
  const { disabledUrls } = await healthActs.read(merchantId);
  const key = url === undefined ? undefined : urlKey(url);
  const enabled = disabledUrls.filter((one) => key === undefined || one === key);
  if (enabled.length === 0) return [...disabledUrls];
  const act = { action: "enableMerchantUrl", resource: merchantResource(merchantId) } as const;
  const entry = entryOf(c, { ...act, before: { disabled: enabled.map(auditedUrl) } }, nowMs());
  await (key === undefined ? healthActs.enableAll(merchantId, entry) : healthActs.enable(merchantId, key, entry));
  return [...(await healthActs.read(merchantId)).disabledUrls];
}
