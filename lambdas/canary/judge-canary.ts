/**
 * What became of a canary whose time is over, by its row alone: the record is what a merchant's confirmation rests on,
 * whoever answered. One that was not written is not judged: nothing is published then, and that counts as a failure.
 */
import { ATTRIBUTES } from "../../core/transaction/row/attributes.ts";
import { type AttributeMap, numberOf, stringOf } from "../../core/transaction/attribute-value.ts";
import { rowStateOf, type State } from "../../core/transaction/row/row-state.ts";

export type CanaryVerdict =
  | { readonly kind: "not written" }
  | { readonly kind: "confirmed"; readonly latencyMs: number; readonly isInTime: boolean }
  /** Still on its way, or given up. */
  | { readonly kind: "unconfirmed"; readonly state: State; readonly attemptCount: number; readonly waitedFor?: string };

export function judgeCanary(row: AttributeMap | undefined, withinSeconds: number): CanaryVerdict {
  if (row === undefined) return { kind: "not written" };
  const { state, attemptCount, waitedFor } = rowStateOf(row);
  const settledAt = numberOf(row[ATTRIBUTES.settledAt]);
  if (state !== "CONFIRMED" || settledAt === undefined)
    return { kind: "unconfirmed", state, attemptCount, ...(waitedFor !== undefined && { waitedFor }) };
  const latencyMs = Math.max(0, settledAt - Date.parse(stringOf(row["occurredAt"]) ?? ""));
  return { kind: "confirmed", latencyMs, isInTime: latencyMs <= withinSeconds * 1000 };
}
