/** Pausing and resuming a merchant, or everything: an act is noted only where it changes something. */
import { z } from "@hono/zod-openapi";
import type { OperationId } from "../../../../core/access/operations.ts";
import type { ApiContext } from "../../../../core/api/api-app.ts";
import type { MerchantHealthActs } from "../../../../core/aws/merchant-health-acts.ts";
import { instantOf } from "../transactions/transaction-view.ts";
import { entryOf } from "../../../../core/api/audited.ts";

export const pauseSchema = z
  .strictObject({
    paused: z.boolean(),
    pausedAt: z.iso.datetime().optional().meta({ description: "Since when, where it is" }),
  })
  .openapi("Pause");
export type Pause = z.infer<typeof pauseSchema>;

export interface PauseParts {
  readonly healthActs: Pick<MerchantHealthActs, "pause" | "read" | "resume">;
  readonly nowMs: () => number;
}

export function pauseOf(pausedAt: number | undefined): Pause {
  const since = instantOf(pausedAt);
  return { paused: pausedAt !== undefined, ...(since !== undefined && { pausedAt: since }) };
}

/** @param id of the merchant, or everyone's */
export async function pause(
  c: ApiContext,
  { healthActs, nowMs }: PauseParts,
  id: string,
  action: OperationId,
  resource: string,
): Promise<Pause> {
  const now = nowMs();
  const after = pauseOf(now);
  const entry = entryOf(c, { action, resource, before: { paused: false }, after }, now);
  if ((await healthActs.pause(id, now, entry)).kind === "written") return after;
  return pauseOf((await healthActs.read(id)).pausedAt);
}

export async function resume(
  c: ApiContext,
  { healthActs, nowMs }: PauseParts,
  id: string,
  action: OperationId,
  resource: string,
): Promise<Pause> {
  const before = pauseOf((await healthActs.read(id)).pausedAt);
  if (!before.paused) return before;
  const entry = entryOf(c, { action, resource, before, after: { paused: false } }, nowMs());
  await healthActs.resume(id, entry);
  return { paused: false };
}
