/**
 * `POST /v1/transactions`: one transaction, checked before it is written. Sent again it gets the same answer for as
 * long as its row is kept, also after its version was raised; another content under its id is a conflict.
 */
import { hash } from "node:crypto";
import { createRoute, z } from "@hono/zod-openapi";
import type { ApiApp } from "../../../../core/api/api-app.ts";
import { ApiError } from "../../../../core/api/api-error.ts";
import { access, principalIn, problems } from "../../../../core/api/operation.ts";
import type { Principal } from "../../../../core/access/principal.ts";
import type { IntakeCalls, IntakeResult } from "../../../../core/intake/intake.ts";
import { submitterOf } from "../../../../core/intake/intake-record.ts";
import {
  contentShape,
  isOrderSound,
  ORDER_FAULT,
  type Submission,
  transactionIdSchema,
} from "../../../../core/intake/submission.ts";

export const newTransactionSchema = z
  .strictObject({ transactionId: transactionIdSchema.optional(), ...contentShape })
  .refine(isOrderSound, { ...ORDER_FAULT })
  .openapi("NewTransaction");

export const acceptedSchema = z
  .strictObject({
    transactionId: z.string(),
    version: z.int().meta({ description: "Of a transaction that is submitted: 1", example: 1 }),
    acceptedAt: z.iso
      .datetime()
      .optional()
      .meta({ description: "When it was taken; left out for a row that a producer put into the table itself" }),
  })
  .openapi("AcceptedTransaction");

const MAX_KEY_LENGTH = 255;

const route = createRoute({
  ...access("submitTransaction"),
  method: "post",
  path: "/transactions",
  tags: ["Transactions"],
  summary: "Submit a transaction",
  description:
    "Writes version 1 of a transaction, whose confirmation is delivered from then on. The same content under the " +
    "same id gets the same answer again.",
  request: {
    headers: z.object({
      "idempotency-key": z
        .string()
        .min(1)
        .max(MAX_KEY_LENGTH)
        .optional()
        .openapi({ description: "In the place of an id: the id is made of it and of who submits" }),
    }),
    body: { required: true, content: { "application/json": { schema: newTransactionSchema } } },
  },
  responses: {
    ...problems("submitTransaction", [409], true),
    201: {
      description: "It is in the table",
      headers: z.object({ location: z.string(), etag: z.string() }),
      content: { "application/json": { schema: acceptedSchema } },
    },
  },
});

export interface SubmitParts {
  readonly intake: IntakeCalls;
  /** Trace header of the request that is under way. */
  readonly traceHeader: () => string | undefined;
}

export function submitTransaction(app: ApiApp, { intake, traceHeader }: SubmitParts): void {
  app.openapi(route, async (c) => {
    const principal = principalIn(c);
    const body = c.req.valid("json");
    const transactionId = body.transactionId ?? idOf(principal, c.req.valid("header")["idempotency-key"]);
    const submission: Submission = { ...body, transactionId };
    const [result] = await intake.submit([{ submission, traceHeader: traceHeader() }], submitterOf(principal));
    const accepted = acceptedOf(transactionId, result as IntakeResult);
    c.header("location", `/v1/transactions/${encodeURIComponent(transactionId)}`);
    c.header("etag", `"${accepted.version}"`);
    return c.json(accepted, 201);
  });
}

/** The same for the same key of the same client, so that no store of keys is needed. */
function idOf({ subject }: Principal, key: string | undefined): string {
  if (key !== undefined) return `key-${hash("sha256", JSON.stringify([subject, key]), "hex").slice(0, 40)}`;
  const detail = "got none, expected an id, or a header Idempotency-Key to make one of";
  throw new ApiError("API_BODY_INVALID", `transactionId: ${detail}.`, {
    errors: [{ pointer: "/transactionId", detail }],
  });
}

export type Accepted = z.infer<typeof acceptedSchema>;

/** @throws ApiError for what was not accepted */
export function acceptedOf(transactionId: string, result: IntakeResult): Accepted {
  switch (result.kind) {
    case "taken": {
      const { acceptedAt } = result;
      const at = acceptedAt === undefined ? {} : { acceptedAt: new Date(acceptedAt).toISOString() };
      return { transactionId, version: 1, ...at };
    }
    case "invalid":
      throw new ApiError("API_BODY_INVALID", "The transaction cannot be delivered; `errors` has each fault.", {
        errors: result.errors,
      });
    case "conflict": {
      const { differences, version } = result;
      const now = version === 1 ? "" : ` The row has version ${version} now.`;
      const named = differences.length === 0 ? "what was accepted as version 1" : differences.join(", ");
      throw new ApiError(
        "API_TRANSACTION_CONFLICT",
        `got another content under the id of a transaction that is there: ${named} differs.${now} Use another id, or ` +
          "change the outcome with PUT.",
        { differences },
      );
    }
    case "unavailable":
  }
  throw new ApiError("API_UNAVAILABLE", `The table did not take it: ${result.error}. Send it again as it is.`);
}
