/**
 * `GET /v1/merchants`: pages of the table, in no order that means anything. A token that is narrowed to a merchant sees
 * that one, and never asks the table for others.
 */
import { createRoute, z } from "@hono/zod-openapi";
import type { ApiApp } from "../../../../core/api/api-app.ts";
import { pageQuery, readCursor, writeCursor } from "../../../../core/api/cursor.ts";
import { access, principalIn, problems } from "../../../../core/api/operation.ts";
import type { MerchantRegistry } from "../../../../core/aws/merchant-registry.ts";
import { whyReserved } from "../../../../core/merchant/reserved-ids.ts";
import { isDeleted } from "../../../../core/merchant/tombstone.ts";
import { isId } from "../../../../core/transaction/transaction.ts";
import { type AttributeMap, stringOf } from "../../../../core/transaction/attribute-value.ts";
import { merchantSchema } from "./merchant-schema.ts";
import { merchantView } from "./merchant-view.ts";

const pageSchema = z
  .strictObject({
    items: z.array(merchantSchema),
    nextCursor: z.string().optional().meta({ description: "Left out after the last page" }),
    consistency: z.literal("strong").meta({ description: "Each page is read consistently" }),
  })
  .openapi("MerchantPage");

const route = createRoute({
  ...access("listMerchants"),
  method: "get",
  path: "/merchants",
  tags: ["Merchants"],
  summary: "List merchants",
  description: "In no order that means anything. A page may have fewer than `limit`, and the last one has no cursor.",
  request: { query: z.strictObject(pageQuery) },
  responses: {
    ...problems("listMerchants"),
    200: { description: "A page", content: { "application/json": { schema: pageSchema } } },
  },
});

export interface ListParts {
  readonly registry: Pick<MerchantRegistry, "page" | "read">;
}

export function listMerchants(app: ApiApp, { registry }: ListParts): void {
  app.openapi(route, async (c) => {
    const principal = principalIn(c);
    const { limit, cursor } = c.req.valid("query");
    const after = readCursor(cursor, principal, {}, z.string().refine(isId));
    if (principal.merchantId !== undefined) {
      const row = await registry.read(principal.merchantId);
      const items = row === undefined || !isShown(row) ? [] : [merchantView(row)];
      return c.json({ items, consistency: "strong" } as const, 200);
    }
    const { rows, next } = await registry.page(limit, after);
    return c.json(
      {
        items: rows.filter(isShown).map(merchantView),
        ...(next !== undefined && { nextCursor: writeCursor(principal, {}, next) }),
        consistency: "strong",
      } as const,
      200,
    );
  });
}

function isShown(row: AttributeMap): boolean {
  return !isDeleted(row) && whyReserved(stringOf(row["merchantId"]) ?? "") === undefined;
}
