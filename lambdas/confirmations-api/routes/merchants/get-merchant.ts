/** `GET /v1/merchants/{merchantId}`: what was decided about a merchant, read consistently, without its secrets. */
import { createRoute, z } from "@hono/zod-openapi";
import type { ApiApp } from "../../../../core/api/api-app.ts";
import { access, problems } from "../../../../core/api/operation.ts";
import { existingMerchant, type RegistryParts } from "../../../../core/api/existing-merchant.ts";
import { merchantParam } from "../../../../core/api/merchant-param.ts";
import { merchantSchema } from "./merchant-schema.ts";
import { merchantView, tagOf } from "./merchant-view.ts";
import type { SandboxLimits } from "../../../../core/merchant/sandbox-limits.ts";

const route = createRoute({
  ...access("getMerchant"),
  method: "get",
  path: "/merchants/{merchantId}",
  tags: ["Merchants"],
  summary: "Look a merchant up",
  description: "Read consistently. How it fares is in its health.",
  request: { params: merchantParam },
  responses: {
    ...problems("getMerchant", [404]),
    200: {
      description: "The merchant as it is",
      headers: z.object({ etag: z.string() }),
      content: { "application/json": { schema: merchantSchema } },
    },
  },
});

export interface GetParts extends RegistryParts {
  readonly sandbox: SandboxLimits;
  readonly nowMs: () => number;
}

export function getMerchant(app: ApiApp, parts: GetParts): void {
  app.openapi(route, async (c) => {
    const row = await existingMerchant(parts, c.req.valid("param").merchantId);
    const view = merchantView(row, parts.sandbox, parts.nowMs());
    c.header("etag", tagOf(view));
    return c.json(view, 200);
  });
}
