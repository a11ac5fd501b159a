/**
 * `POST /v1/merchants/{merchantId}/pause` and `…/resume`: whether anything is delivered to it. Both come to the same
 * however often they are sent.
 */
import { createRoute, z } from "@hono/zod-openapi";
import type { ApiApp } from "../../../../core/api/api-app.ts";
import { access, problems } from "../../../../core/api/operation.ts";
import { merchantResource } from "../../../../core/audit-log/audit-entry.ts";
import { existingMerchant, type RegistryParts } from "../../../../core/api/existing-merchant.ts";
import { merchantParam } from "../../../../core/api/merchant-param.ts";
import { pause, type PauseParts, pauseSchema, resume } from "./pausing.ts";

export const merchantPauseSchema = pauseSchema.extend({ merchantId: z.string() }).strict().openapi("MerchantPause");

const content = { "application/json": { schema: merchantPauseSchema } };

const pauseRoute = createRoute({
  ...access("pauseMerchant"),
  method: "post",
  path: "/merchants/{merchantId}/pause",
  tags: ["Merchants"],
  summary: "Pause a merchant",
  description: "Within a few seconds it is not called any more; what is for it waits, and nothing is lost.",
  request: { params: merchantParam },
  responses: { ...problems("pauseMerchant", [404]), 200: { description: "It is paused", content } },
});

const resumeRoute = createRoute({
  ...access("resumeMerchant"),
  method: "post",
  path: "/merchants/{merchantId}/resume",
  tags: ["Merchants"],
  summary: "Resume a merchant",
  description: "What waits goes on, slowly at first. Where everything is paused, it goes on with everything.",
  request: { params: merchantParam },
  responses: { ...problems("resumeMerchant", [404]), 200: { description: "It is not paused", content } },
});

export function pauseMerchant(app: ApiApp, parts: RegistryParts & PauseParts): void {
  app.openapi(pauseRoute, async (c) => {
    const { merchantId } = c.req.valid("param");
    await existingMerchant(parts, merchantId);
    const paused = await pause(c, parts, merchantId, "pauseMerchant", merchantResource(merchantId));
    return c.json({ merchantId, ...paused }, 200);
  });
  app.openapi(resumeRoute, async (c) => {
    const { merchantId } = c.req.valid("param");
    await existingMerchant(parts, merchantId);
    const paused = await resume(c, parts, merchantId, "resumeMerchant", merchantResource(merchantId));
    return c.json({ merchantId, ...paused }, 200);
  });
}
