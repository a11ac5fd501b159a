/** Where a page of jobs ended, as a cursor has it, which somebody may have made up. */
import { z } from "@hono/zod-openapi";

const text = z.string().min(1).max(128);

export const jobPlaceSchema = z.strictObject({ jobId: text, listedAt: text });
