/**
 * `PUT /v1/transactions/{transactionId}`: a new outcome. The version is raised under `If-Match`, so that of two who
 * change it at once one is told; sent again, it is answered with the result that stands (RFC 9110, 13.1.1).
 */
import { createRoute, z } from "@hono/zod-openapi";
import type { ApiApp } from "../../../../core/api/api-app.ts";
import { ApiError, notFound } from "../../../../core/api/api-error.ts";
import { access, principalIn, problems, requireAccess } from "../../../../core/api/operation.ts";
import { contentAttributes } from "../../../../core/intake/content-row.ts";
import type { IntakeCalls } from "../../../../core/intake/intake.ts";
import type { IntakeMerchants } from "../../../../core/intake/intake-merchants.ts";
import { raise, type RaiseOptions, type RaiseResult } from "../../../../core/intake/raise.ts";
import { contentSchema, isOrderSound, ORDER_FAULT, transactionIdSchema } from "../../../../core/intake/submission.ts";
import type { AttributeMap } from "../../../../core/transaction/attribute-value.ts";
import { acceptedSchema } from "./submit-transaction.ts";

const ETAG = /^"([1-9]\d{0,15})"$/;

const route = createRoute({
  ...access("replaceTransaction"),
  method: "put",
  path: "/transactions/{transactionId}",
  tags: ["Transactions"],
  summary: "Change the outcome of a transaction",
  description: "Raises its version, which is delivered in the place of older ones. The merchant stays the same.",
  request: {
    params: z.object({ transactionId: transactionIdSchema }),
    headers: z.object({
      "if-match": z
        .string()
        .optional()
        .openapi({
          param: { name: "if-match", in: "header", required: true },
          pattern: ETAG.source,
          description: "The version that is changed, as an ETag has it",
          example: '"1"',
        }),
    }),
    body: { required: true, content: { "application/json": { schema: contentSchema } } },
  },
  responses: {
    ...problems("replaceTransaction", [404, 409, 412, 428], true),
    200: {
      description: "The version that stands now",
      headers: z.object({ etag: z.string() }),
      content: { "application/json": { schema: acceptedSchema } },
    },
  },
});

export interface ReplaceParts {
  readonly intake: IntakeCalls;
  readonly merchants: Pick<IntakeMerchants, "get">;
  readonly read: (transactionId: string) => Promise<AttributeMap | undefined>;
  readonly raising: RaiseOptions;
}

export function replaceTransaction(app: ApiApp, { intake, merchants, read, raising }: ReplaceParts): void {
  app.openapi(route, async (c) => {
    const { transactionId } = c.req.valid("param");
    const seenVersion = versionOf(c.req.valid("header")["if-match"]);
    const content = c.req.valid("json");
    if (!isOrderSound({ ...content, transactionId }))
      throw invalid([{ pointer: "/orderingAfter", detail: ORDER_FAULT.message }]);
    const made = contentAttributes(content);
    if ("faults" in made) throw invalid(made.faults);
    const { attributes } = made;

    const row = await read(transactionId);
    if (row === undefined) throw notFound("transaction");
    const merchantId = row["merchantId"]?.S ?? "";
    requireAccess(principalIn(c), "replaceTransaction", { merchantId }, "transaction");
    if (merchantId !== content.merchantId)
      throw new ApiError(
        "API_TRANSACTION_CONFLICT",
        "got another merchantId than the transaction has, expected the same; submit one of another id.",
        { differences: ["merchantId"] },
      );
    const checked = { transactionId: { S: transactionId }, version: { N: "1" }, ...attributes };
    const errors = intake.check(checked, await merchants.get([merchantId]), raising.nowMs());
    if (errors.length > 0) throw invalid(errors);

    const result = await raise(row, seenVersion, attributes, raising);
    if (result.kind === "raised" && !result.isRepeat) await intake.enqueueRaised(result.row, result.version);
    const version = raisedVersion(result, seenVersion);
    c.header("etag", `"${version}"`);
    return c.json({ transactionId, version }, 200);
  });
}

function raisedVersion(result: RaiseResult, seenVersion: number): number {
  if (result.kind === "raised") return result.version;
  if (result.kind === "rejected") throw invalid([{ pointer: "", detail: `the table refuses it: ${result.reason}` }]);
  const { version } = result;
  throw new ApiError(
    "API_VERSION_CONFLICT",
    `got If-Match "${seenVersion}", and the transaction has version ${version ?? "none that can be read"}; look at ` +
      "it, then send the change for that version.",
  );
}

function invalid(errors: readonly { readonly pointer: string; readonly detail: string }[]): ApiError {
  return new ApiError("API_BODY_INVALID", "The outcome cannot be delivered; `errors` has each fault.", { errors });
}

/** Of a strong entity tag, which is the version in quotes. */
function versionOf(ifMatch: string | undefined): number {
  if (ifMatch === undefined)
    throw new ApiError(
      "API_VERSION_REQUIRED",
      'got no If-Match, expected the version that is changed, such as If-Match: "1"; GET answers it as ETag.',
    );
  const version = ETAG.exec(ifMatch.trim())?.[1];
  // A number that JavaScript does not hold is the version of no row.
  if (version !== undefined) return Number(version);
  const detail = 'expected one version in quotes, such as "1"';
  throw new ApiError("API_PARAMETER_INVALID", `If-Match: got ${JSON.stringify(ifMatch.slice(0, 80))}, ${detail}.`, {
    errors: [{ pointer: "If-Match", detail }],
  });
}
