/** What the schedule asks for: one part of so many. A schedule of an older stack names none, and gets all of it. */
import { z } from "zod";

const requestSchema = z
  .object({ part: z.int().min(0), parts: z.int().min(1) })
  .refine(({ part, parts }) => part < parts);

export interface PartRequest {
  readonly part: number;
  readonly parts: number;
}

export function partOf(event: unknown): PartRequest {
  const parsed = requestSchema.safeParse(event);
  return parsed.success ? parsed.data : { part: 0, parts: 1 };
}
