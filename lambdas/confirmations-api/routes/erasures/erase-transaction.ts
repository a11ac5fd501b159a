/** `POST /v1/transactions/{transactionId}/erasure`: what is personal in a transaction goes, for good. */
import { createRoute, z } from "@hono/zod-openapi";
import type { ApiApp } from "../../../../core/api/api-app.ts";
import { ApiError, notFound } from "../../../../core/api/api-error.ts";
import { tooContended } from "../../../../core/api/audited.ts";
import { access, problems } from "../../../../core/api/operation.ts";
import { transactionIdSchema } from "../../../../core/intake/submission.ts";
import { NOT_ERASABLE } from "../../../../core/transaction/row/erasure.ts";
import { eraseOne, type ErasureParts } from "./erase-one.ts";
import { erasureSchema, newErasureSchema } from "./erasure-schema.ts";

const route = createRoute({
  ...access("eraseTransaction"),
  method: "post",
  path: "/transactions/{transactionId}/erasure",
  tags: ["Erasure"],
  summary: "Erase what is personal in a transaction",
  description:
    "Its payload and every text that somebody chose, for good; ids, times, amounts and digests stay, so that " +
    "manifests verify as before. It is not sent again. Only one that is over can be erased. The same again gets the " +
    "same response.",
  request: {
    params: z.object({ transactionId: transactionIdSchema }),
    body: { required: true, content: { "application/json": { schema: newErasureSchema } } },
  },
  responses: {
    ...problems("eraseTransaction", [404, 409], true),
    200: { description: "It is erased", content: { "application/json": { schema: erasureSchema } } },
  },
});

export function eraseTransaction(app: ApiApp, parts: ErasureParts): void {
  app.openapi(route, async (c) => {
    const { transactionId } = c.req.valid("param");
    const { reason } = c.req.valid("json");
    const asked = { operation: "eraseTransaction", reason, isDryRun: false } as const;
    const erased = await eraseOne(c, transactionId, asked, parts);
    if (erased.kind === "not found") throw notFound("transaction");
    if (erased.kind === "refused")
      throw new ApiError("API_ERASURE_CONFLICT", `${erased.why}: ${NOT_ERASABLE[erased.why]}.`);
    if (erased.kind !== "erased") throw tooContended("The transaction");
    return c.json({ transactionId, state: erased.state, erasedAt: new Date(erased.at).toISOString() }, 200);
  });
}
