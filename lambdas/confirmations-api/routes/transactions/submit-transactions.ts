/**
 * `POST /v1/transactions/batch`: up to 500 transactions, each answered on its own. A bad one refuses none of the
 * others, and the answer has one entry each, in order.
 */
import { createRoute, z } from "@hono/zod-openapi";
import type { ApiApp } from "../../../../core/api/api-app.ts";
import { ApiError } from "../../../../core/api/api-error.ts";
import { access, principalIn, problems } from "../../../../core/api/operation.ts";
import { type FaultAt } from "../../../../core/api/problem.ts";
import { type ProblemCode, PROBLEMS } from "../../../../core/api/problems.ts";
import { faultsOfZod } from "../../../../core/api/zod-faults.ts";
import type { IntakeCalls, IntakeResult } from "../../../../core/intake/intake.ts";
import { submitterOf } from "../../../../core/intake/intake-record.ts";
import {
  contentShape,
  type Submission,
  submissionSchema,
  transactionIdSchema,
} from "../../../../core/intake/submission.ts";
import { acceptedOf, acceptedSchema } from "./submit-transaction.ts";

const MAX_BATCH = 500;

const batchSchema = z
  .strictObject({
    transactions: z
      .array(z.unknown())
      .min(1)
      .max(MAX_BATCH)
      .openapi({
        type: "array",
        minItems: 1,
        maxItems: MAX_BATCH,
        items: { $ref: "#/components/schemas/BatchTransaction" },
      }),
  })
  .openapi("TransactionBatch");

/** As the document shows it; each is held against `submissionSchema` by itself. */
export const batchTransactionSchema = z
  .strictObject({ transactionId: transactionIdSchema, ...contentShape })
  .openapi("BatchTransaction");

const refusedSchema = z.strictObject({
  index: z.int(),
  transactionId: z.string().optional(),
  status: z.int().meta({ description: "As it would be for one by itself: 409, 422 or 503" }),
  code: z.enum(Object.keys(PROBLEMS) as [ProblemCode, ...ProblemCode[]]),
  detail: z.string(),
  errors: z.array(z.strictObject({ pointer: z.string(), detail: z.string() })).optional(),
  differences: z.array(z.string()).optional(),
});

const batchResultSchema = z
  .strictObject({
    accepted: z.int().meta({ description: "How many are in the table now" }),
    refused: z.int(),
    results: z.array(
      z.union([acceptedSchema.extend({ index: z.int(), status: z.literal(201) }).strict(), refusedSchema]),
    ),
  })
  .openapi("TransactionBatchResult");

type Entry = z.infer<typeof batchResultSchema>["results"][number];

const route = createRoute({
  ...access("submitTransactions"),
  method: "post",
  path: "/transactions/batch",
  tags: ["Transactions"],
  summary: "Submit up to 500 transactions",
  description: "Each is answered on its own, in order; a bad one refuses none of the others.",
  request: { body: { required: true, content: { "application/json": { schema: batchSchema } } } },
  responses: {
    ...problems("submitTransactions", [], true),
    200: { description: "One entry each", content: { "application/json": { schema: batchResultSchema } } },
  },
});

export interface SubmitBatchParts {
  readonly intake: IntakeCalls;
}

export function submitTransactions(app: ApiApp, { intake }: SubmitBatchParts): void {
  app.openAPIRegistry.register("BatchTransaction", batchTransactionSchema);
  app.openapi(route, async (c) => {
    const { transactions } = c.req.valid("json");
    const results: Entry[] = Array.from({ length: transactions.length });
    const submissions: Submission[] = [];
    const indexes: number[] = [];
    for (const [index, one] of transactions.entries()) {
      const parsed = submissionSchema.safeParse(one);
      if (parsed.success) {
        submissions.push(parsed.data);
        indexes.push(index);
      } else results[index] = invalid(index, one, faultsOfZod(parsed.error));
    }
    const by = submitterOf(principalIn(c));
    const submitted = await intake.submit(
      submissions.map((submission) => ({ submission })),
      by,
    );
    for (const [at, index] of indexes.entries())
      results[index] = entryOf(index, (submissions[at] as Submission).transactionId, submitted[at] as IntakeResult);
    const accepted = results.filter(({ status }) => status === 201).length;
    return c.json({ accepted, refused: results.length - accepted, results }, 200);
  });
}

function entryOf(index: number, transactionId: string, result: IntakeResult): Entry {
  try {
    return { index, status: 201, ...acceptedOf(transactionId, result) };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const { code, message, details } = error;
    const { errors, differences } = details;
    return {
      index,
      transactionId,
      status: PROBLEMS[code].status,
      code,
      detail: message,
      ...(errors !== undefined && { errors: [...errors] }),
      ...(differences !== undefined && { differences: [...differences] }),
    };
  }
}

function invalid(index: number, one: unknown, errors: readonly FaultAt[]): Entry {
  const { transactionId } = (typeof one === "object" && one !== null ? one : {}) as {
    readonly transactionId?: unknown;
  };
  return {
    index,
    ...(typeof transactionId === "string" && { transactionId }),
    status: PROBLEMS.API_BODY_INVALID.status,
    code: "API_BODY_INVALID",
    detail: "The transaction cannot be used; `errors` has each fault.",
    errors: [...errors],
  };
}
