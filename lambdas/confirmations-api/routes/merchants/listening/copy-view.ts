/** A copy of what was sent to a merchant of the sandbox, as the API shows it. */
import { z } from "@hono/zod-openapi";
import type { NumberedCopy } from "../../../../../core/aws/copies-table.ts";

export const copySchema = z
  .strictObject({
    number: z.int().meta({ description: "One more than the copy before; those before may be gone" }),
    at: z.iso.datetime().meta({ description: "When the call began, by the clock that signed it" }),
    transactionId: z.string().optional().meta({ description: "Left out for a test event or a challenge" }),
    version: z.int().optional(),
    attempt: z.int().optional().meta({ description: "Of this version; left out where nobody was called" }),
    request: z.strictObject({
      method: z.literal("POST"),
      url: z.string().optional().meta({ description: "Left out where there is no address" }),
      headers: z.record(z.string(), z.string()).meta({ description: "As they were sent, signatures too" }),
      hiddenHeaders: z.array(z.string()).meta({ description: "Names of those whose values are secret" }),
      body: z.string().meta({ description: "Exactly the text that was signed" }),
    }),
    result: z.strictObject({
      outcome: z.string().meta({
        description: "`delivered`, a class of failed attempts, or a code of docs/errors.md where nobody was called",
      }),
      status: z.int().optional(),
      durationMs: z.number().optional(),
      error: z.string().optional(),
    }),
  })
  .openapi("DeliveryCopy");

export function copyView({ at, request, ...copy }: NumberedCopy): z.infer<typeof copySchema> {
  const { headers, hiddenHeaders, ...others } = request;
  return {
    ...copy,
    at: new Date(at).toISOString(),
    request: { method: "POST", ...others, headers: { ...headers }, hiddenHeaders: [...hiddenHeaders] },
  };
}
