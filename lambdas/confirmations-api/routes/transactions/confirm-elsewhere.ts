/**
 * `POST /v1/transactions/{transactionId}/elsewhere`: the old system says that it confirmed a version, and when. What
 * was not delivered from here yet is confirmed by it; what was is noted as an overlap.
 */
import { createRoute, z } from "@hono/zod-openapi";
import type { ApiApp } from "../../../../core/api/api-app.ts";
import { ApiError, notFound } from "../../../../core/api/api-error.ts";
import { access, principalIn, problems } from "../../../../core/api/operation.ts";
import { CLOCK_MARGIN_MS, type NoteParts } from "../../../../core/imports/note-rows.ts";
import { transactionIdSchema } from "../../../../core/intake/submission.ts";
import { INSTANT_FORM, isInstant } from "../../../../core/transaction/instant.ts";

const bodySchema = z
  .strictObject({
    version: z
      .int()
      .min(1)
      .max(Number.MAX_SAFE_INTEGER)
      .default(1)
      .meta({ description: "That was confirmed; the first one where nothing is said", example: 1 }),
    confirmedAt: z
      .string()
      .refine(isInstant, `expected ${INSTANT_FORM}`)
      .meta({ description: "When the old system did", format: "date-time", example: "2026-11-01T09:00:00Z" }),
  })
  .openapi("ConfirmedElsewhere");

const notedSchema = z
  .strictObject({
    transactionId: z.string(),
    version: z.int(),
    overlap: z.boolean().meta({ description: "Whether it was delivered from here too: both systems confirmed it" }),
  })
  .openapi("NotedElsewhere");

const route = createRoute({
  ...access("confirmElsewhere"),
  method: "post",
  path: "/transactions/{transactionId}/elsewhere",
  tags: ["Cut-over"],
  summary: "Note that the old system confirmed a transaction",
  description:
    "It is confirmed then, and called no more; one that was delivered from here stays so and is an overlap. The same " +
    "again gets the same answer; the first word of a version stays. Only its highest version can be confirmed.",
  request: {
    params: z.object({ transactionId: transactionIdSchema }),
    body: { required: true, content: { "application/json": { schema: bodySchema } } },
  },
  responses: {
    ...problems("confirmElsewhere", [404, 409], true),
    200: { description: "It is noted", content: { "application/json": { schema: notedSchema } } },
  },
});

export function confirmElsewhere(
  app: ApiApp,
  { noteElsewhere, nowMs }: Pick<NoteParts, "noteElsewhere" | "nowMs">,
): void {
  app.openapi(route, async (c) => {
    const { transactionId } = c.req.valid("param");
    const { version, confirmedAt } = c.req.valid("json");
    const at = Date.parse(confirmedAt);
    if (at > nowMs() + CLOCK_MARGIN_MS) {
      const detail = "expected a time that is not to come";
      const errors = [{ pointer: "/confirmedAt", detail }];
      throw new ApiError("API_BODY_INVALID", `confirmedAt: got ${confirmedAt}, ${detail}.`, { errors });
    }
    const [noted] = await noteElsewhere([{ transactionId, version, at }], principalIn(c).subject);
    if (noted === undefined || noted.kind === "unavailable")
      throw new ApiError(
        "API_UNAVAILABLE",
        `The table did not take it: ${noted?.error ?? "no result"}. Send it again.`,
      );
    if (noted.kind === "superseded")
      throw new ApiError(
        "API_TRANSACTION_CONFLICT",
        "got an older version than it has, expected its highest; nothing is confirmed of the older ones.",
      );
    if (noted.kind !== "noted") throw notFound("transaction, or no such version of it");
    return c.json({ transactionId, version, overlap: noted.isOverlap }, 200);
  });
}
