/** The merchant of a path. What no merchant can be is found to be none, and not refused. */
import { z } from "@hono/zod-openapi";

const MAX_ID_LENGTH = 1024;

export const merchantParam = z.object({
  merchantId: z
    .string()
    .min(1)
    .max(MAX_ID_LENGTH)
    .meta({ description: "Percent-encoded where need be", example: "acme" }),
});
