/** `POST /v1/erasures`: the same for up to 100 transactions, each with a result of its own. */
import { createRoute } from "@hono/zod-openapi";
import type { ApiApp } from "../../../../core/api/api-app.ts";
import { access, problems } from "../../../../core/api/operation.ts";
import { sideBySide } from "../../../../core/concurrency/side-by-side.ts";
import { NOT_ERASABLE } from "../../../../core/transaction/row/erasure.ts";
import { type ErasedOne, eraseOne, type ErasureParts } from "./erase-one.ts";
import { type ErasureResult, erasuresSchema, newErasuresSchema } from "./erasure-schema.ts";

/** Writes of one request that are under way. */
const AT_ONCE = 10;

const route = createRoute({
  ...access("eraseTransactions"),
  method: "post",
  path: "/erasures",
  tags: ["Erasure"],
  summary: "Erase what is personal in up to 100 transactions",
  description:
    "Each by itself, as `POST /v1/transactions/{transactionId}/erasure` does; one that is refused keeps none.",
  request: { body: { required: true, content: { "application/json": { schema: newErasuresSchema } } } },
  responses: {
    ...problems("eraseTransactions", [], true),
    200: { description: "What became of each", content: { "application/json": { schema: erasuresSchema } } },
  },
});

export interface ErasuresParts extends ErasureParts {
  readonly logError: (message: string, details: Readonly<Record<string, unknown>>) => void;
}

export function eraseTransactions(app: ApiApp, parts: ErasuresParts): void {
  app.openapi(route, async (c) => {
    const { transactionIds, reason, dryRun } = c.req.valid("json");
    const asked = { operation: "eraseTransactions", reason, isDryRun: dryRun } as const;
    const ids = [...new Set(transactionIds)];
    const all = await sideBySide(ids, AT_ONCE, async (transactionId) => {
      try {
        return await eraseOne(c, transactionId, asked, parts);
      } catch (error) {
        parts.logError("transaction not erased", { transactionId, error });
        return undefined;
      }
    });
    const results = new Map(ids.map((id, index) => [id, resultOf(id, all[index])]));
    const given = transactionIds.flatMap((id) => results.get(id) ?? []);
    const erased = [...results.values()].filter(({ result }) => result === "erased" || result === "already_erased");
    return c.json({ results: given, erased: erased.length }, 200);
  });
}

function resultOf(transactionId: string, one: ErasedOne | undefined): ErasureResult {
  switch (one?.kind) {
    case "erased": {
      const result = one.isRepeat ? "already_erased" : "erased";
      return { transactionId, result, erasedAt: new Date(one.at).toISOString() };
    }
    case "would erase":
      return { transactionId, result: "would_erase" };
    case "refused":
      return { transactionId, result: "refused", code: one.why, detail: NOT_ERASABLE[one.why] };
    case "not found":
      return { transactionId, result: "not_found" };
    case "contended":
    case undefined:
  }
  return { transactionId, result: "unavailable" };
}
