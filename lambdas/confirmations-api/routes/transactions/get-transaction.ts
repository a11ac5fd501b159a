/** `GET /v1/transactions/{transactionId}`: what became of one, read consistently. */
import { createRoute, z } from "@hono/zod-openapi";
import type { ApiApp } from "../../../../core/api/api-app.ts";
import { notFound } from "../../../../core/api/api-error.ts";
import { access, principalIn, problems, requireAccess } from "../../../../core/api/operation.ts";
import { transactionIdSchema } from "../../../../core/intake/submission.ts";
import { type AttributeMap, stringOf } from "../../../../core/transaction/attribute-value.ts";
import { transactionSchema } from "./transaction-schema.ts";
import { viewOf } from "./transaction-view.ts";

const route = createRoute({
  ...access("getTransaction"),
  method: "get",
  path: "/transactions/{transactionId}",
  tags: ["Transactions"],
  summary: "Look a transaction up",
  description: "Its state in words, each attempt, what comes next and why it waits. Read consistently.",
  request: { params: z.object({ transactionId: transactionIdSchema }) },
  responses: {
    ...problems("getTransaction", [404]),
    200: {
      description: "The transaction as it is",
      headers: z.object({ etag: z.string().optional() }),
      content: { "application/json": { schema: transactionSchema } },
    },
  },
});

export interface GetParts {
  readonly read: (transactionId: string) => Promise<AttributeMap | undefined>;
}

export function getTransaction(app: ApiApp, { read }: GetParts): void {
  app.openapi(route, async (c) => {
    const row = await read(c.req.valid("param").transactionId);
    if (row === undefined) throw notFound("transaction");
    const merchantId = stringOf(row["merchantId"]) ?? "";
    requireAccess(principalIn(c), "getTransaction", { merchantId }, "transaction");
    const view = viewOf(row);
    if (view.version !== undefined) c.header("etag", `"${view.version}"`);
    return c.json(view, 200);
  });
}
