/**
 * `GET /v1/access`: who one is here, and what the token lets one do. A client that shows a person what there is to do
 * asks this, rather than look into a token: what a token's claims mean is a setting, which the authorizer alone knows.
 */
import { createRoute, z } from "@hono/zod-openapi";
import { type Scope, SCOPES } from "../../../../core/access/scopes.ts";
import type { ApiApp } from "../../../../core/api/api-app.ts";
import { access, principalIn, problems } from "../../../../core/api/operation.ts";

const NAMES = Object.keys(SCOPES) as [Scope, ...Scope[]];

const accessSchema = z
  .strictObject({
    subject: z.string().meta({ description: "As the audit log names whoever has this token" }),
    scopes: z.array(z.enum(NAMES)),
    merchantId: z.string().optional().meta({ description: "Of whom alone there is anything to see; else of all" }),
  })
  .openapi("Access");

const route = createRoute({
  ...access("getAccess"),
  method: "get",
  path: "/access",
  tags: ["Access"],
  summary: "See what a token lets one do",
  responses: {
    ...problems("getAccess"),
    200: {
      description: "Who it is, and what the token lets",
      content: { "application/json": { schema: accessSchema } },
    },
  },
});

export function getAccess(app: ApiApp): void {
  app.openapi(route, (c) => {
    const { subject, scopes, merchantId } = principalIn(c);
    return c.json(
      {
        subject,
        scopes: NAMES.filter((scope) => scopes.has(scope)),
        ...(merchantId !== undefined && { merchantId }),
      },
      200,
    );
  });
}
