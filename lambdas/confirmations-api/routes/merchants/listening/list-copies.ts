/**
 * `GET /v1/merchants/{merchantId}/copies`: what was sent to a merchant of the sandbox while somebody listened, in the
 * order in which it was kept. There is always a further cursor, to ask with for what comes next.
 */
import { createRoute, z } from "@hono/zod-openapi";
import type { ApiApp } from "../../../../../core/api/api-app.ts";
import { MAX_PAGE, pageQuery, readCursor, writeCursor } from "../../../../../core/api/cursor.ts";
import { existingMerchant, type RegistryParts } from "../../../../../core/api/existing-merchant.ts";
import { merchantParam } from "../../../../../core/api/merchant-param.ts";
import { access, principalIn, problems } from "../../../../../core/api/operation.ts";
import type { CopiesTable } from "../../../../../core/aws/copies-table.ts";
import { requireSandbox } from "./listen-to-merchant.ts";
import { copySchema, copyView } from "./copy-view.ts";

const WHOLE_NUMBER = /^(?:0|[1-9]\d{0,3})$/;
const says = `expected a whole number from 0 to ${MAX_PAGE}`;

const query = z.strictObject({
  ...pageQuery,
  newest: z
    .string()
    .regex(WHOLE_NUMBER, says)
    .transform(Number)
    .refine((newest) => newest <= MAX_PAGE, says)
    .default(MAX_PAGE)
    .openapi({
      type: "integer",
      minimum: 0,
      maximum: MAX_PAGE,
      default: MAX_PAGE,
      description: "Without a cursor: how many of the newest come first; 0 for what is to come alone",
    }),
});

const pageSchema = z
  .strictObject({
    items: z.array(copySchema),
    nextCursor: z.string().meta({ description: "Goes on with what comes next; never left out" }),
    hasMore: z.boolean().meta({ description: "Whether there is more already" }),
    consistency: z.literal("strong").meta({ description: "What was kept when the request came is in it" }),
  })
  .openapi("CopyPage");

const route = createRoute({
  ...access("listCopies"),
  method: "get",
  path: "/merchants/{merchantId}/copies",
  tags: ["Merchants"],
  summary: "See what is sent to a merchant of the sandbox",
  description:
    "Copies of its deliveries and test events, kept for an hour while somebody listens: the request as it was sent, " +
    "its signatures too and no secret, and what came of it. A page has about 1 MB of bodies at most.",
  request: { params: merchantParam, query },
  responses: {
    ...problems("listCopies", [404, 409]),
    200: { description: "A page", content: { "application/json": { schema: pageSchema } } },
  },
});

export interface CopiesParts extends RegistryParts {
  readonly copies: Pick<CopiesTable, "page" | "last">;
  readonly nowMs: () => number;
}

export function listCopies(app: ApiApp, parts: CopiesParts): void {
  const { copies, nowMs } = parts;
  app.openapi(route, async (c) => {
    const principal = principalIn(c);
    const { merchantId } = c.req.valid("param");
    const { cursor, limit, newest } = c.req.valid("query");
    const after = readCursor(cursor, principal, { copiesOf: merchantId }, z.int().min(0));
    requireSandbox(await existingMerchant(parts, merchantId));
    const from = after ?? Math.max(0, (await copies.last(merchantId)) - newest);
    const { copies: found, next, hasMore } = await copies.page(merchantId, from, limit, nowMs());
    return c.json(
      {
        items: found.map(copyView),
        nextCursor: writeCursor(principal, { copiesOf: merchantId }, next),
        hasMore,
        consistency: "strong",
      } as const,
      200,
    );
  });
}
