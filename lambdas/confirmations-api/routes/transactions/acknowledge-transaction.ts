/**
 * `POST /v1/transactions/{transactionId}/acknowledgement`: a merchant that answered 202 has it now. The same as its
 * signed callback, for whoever has a token: a merchant for its own, and the payments company for any.
 */
import { createRoute, z } from "@hono/zod-openapi";
import type { ApiApp } from "../../../../core/api/api-app.ts";
import { ApiError, notFound } from "../../../../core/api/api-error.ts";
import { access, principalIn, problems } from "../../../../core/api/operation.ts";
import type { GivenAcknowledgement, RecordedAcknowledgement } from "../../../../core/aws/record-acknowledgement.ts";
import { transactionIdSchema } from "../../../../core/intake/submission.ts";
import { instantOf } from "./transaction-view.ts";

const bodySchema = z
  .strictObject({
    version: z
      .int()
      .min(1)
      .max(Number.MAX_SAFE_INTEGER)
      .meta({ description: "`data.version` of the webhook", example: 1 }),
  })
  .openapi("NewAcknowledgement");

const acknowledgementSchema = z
  .strictObject({
    transactionId: z.string(),
    version: z.int(),
    state: z.enum(["CONFIRMED", "ACKNOWLEDGED"]).meta({
      description: "`ACKNOWLEDGED` of a plan of all its channels: its webhook has delivered, and the plan goes on",
    }),
    recordedAt: z.iso.datetime().optional().meta({ description: "When it was confirmed, or acknowledged" }),
  })
  .openapi("Acknowledgement");

const route = createRoute({
  ...access("acknowledgeTransaction"),
  method: "post",
  path: "/transactions/{transactionId}/acknowledgement",
  tags: ["Transactions"],
  summary: "Acknowledge a transaction",
  description:
    "Its merchant has it: it is confirmed, be it late, and called no more. The same again gets the same answer. " +
    "Only what was sent can be acknowledged, and only its highest version.",
  request: {
    params: z.object({ transactionId: transactionIdSchema }),
    body: { required: true, content: { "application/json": { schema: bodySchema } } },
  },
  responses: {
    ...problems("acknowledgeTransaction", [404, 409], true),
    200: {
      description: "It is confirmed, or its part of a plan is done",
      content: { "application/json": { schema: acknowledgementSchema } },
    },
  },
});

export interface AcknowledgeParts {
  readonly acknowledge: (given: GivenAcknowledgement) => Promise<RecordedAcknowledgement>;
}

const WHY = {
  superseded: "an older version than it has, expected the one that was sent last",
  changed: "a transaction whose content is another one now than was sent, expected the same",
  "not sent": "a transaction for which no call was recorded yet, expected one that was sent; send it again in seconds",
} as const;

export function acknowledgeTransaction(app: ApiApp, { acknowledge }: AcknowledgeParts): void {
  app.openapi(route, async (c) => {
    const { transactionId } = c.req.valid("param");
    const { version } = c.req.valid("json");
    const { subject, merchantId } = principalIn(c);
    const recorded = await acknowledge({ transactionId, version, merchantId, by: subject });
    if (recorded.kind === "unknown") throw notFound("transaction, or no such version of it");
    if (recorded.kind !== "confirmed") throw new ApiError("API_ACKNOWLEDGEMENT_CONFLICT", `got ${WHY[recorded.kind]}.`);
    const recordedAt = instantOf(recorded.at);
    const view = {
      transactionId,
      version,
      state: recorded.isStep === true ? ("ACKNOWLEDGED" as const) : ("CONFIRMED" as const),
      ...(recordedAt !== undefined && { recordedAt }),
    };
    return c.json(view, 200);
  });
}
