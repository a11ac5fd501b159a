/** A call of a merchant that somebody asked for, as the API shows it: a test event, or a challenge. */
import { z } from "@hono/zod-openapi";
import { notFound } from "../../../../core/api/api-error.ts";
import type { MerchantCall } from "../../../../core/jobs/merchant-call.ts";
import { instantOf } from "../transactions/transaction-view.ts";

const instant = z.iso.datetime();
const headers = z.record(z.string(), z.string());

export const callSchema = z
  .strictObject({
    jobId: z.string().meta({ description: "`webhook-id` of the call" }),
    merchantId: z.string(),
    state: z.enum(["queued", "done"]),
    requestedBy: z.string(),
    queuedAt: instant,
    doneAt: instant.optional(),
    outcome: z.string().optional().meta({
      description:
        "`delivered` (a challenge: `verified`), or why not: a class of failed attempts, or a code of docs/errors.md",
    }),
    error: z.string().optional(),
    durationMs: z.number().optional(),
    request: z.strictObject({ url: z.string(), headers, body: z.string() }).optional().meta({
      description: "As it was sent",
    }),
    response: z.strictObject({ status: z.int(), headers, body: z.string().optional() }).optional().meta({
      description: "As it came back: its beginning, redacted",
    }),
  })
  .openapi("MerchantTest");

export function callView(call: MerchantCall | undefined): z.infer<typeof callSchema> {
  if (call === undefined) throw notFound("call");
  const { jobId, merchantId, state, requestedBy, queuedAt, doneAt, result } = call;
  const done = instantOf(doneAt);
  const { outcome, error, durationMs, request, response } = result ?? {};
  return {
    jobId,
    merchantId,
    state,
    requestedBy,
    queuedAt: instantOf(queuedAt) ?? new Date(0).toISOString(),
    ...(done !== undefined && { doneAt: done }),
    ...(outcome !== undefined && { outcome }),
    ...(error !== undefined && { error }),
    ...(durationMs !== undefined && { durationMs }),
    ...(request !== undefined && { request: { ...request, headers: { ...request.headers } } }),
    ...(response !== undefined && { response: { ...response, headers: { ...response.headers } } }),
  };
}
