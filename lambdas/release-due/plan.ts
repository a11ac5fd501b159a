/**
 * What to do with a row that the due index named, given the row itself, read consistently: an index may lag, and a producer may
 * have written to it what it liked.
 *
 *   not due nor granted, gone  -> leave
 *   settled                    -> take it out of the index
 *   PENDING, queue is behind   -> leave, its message is still in there
 *   released too often unheard -> give up, the fault is the pipeline's
 *   PENDING, SCHEDULED         -> release: claim, then send
 */
import type { Target } from "../../aws/statements.ts";
import type { AttributeMap } from "../../core/attribute-value.ts";
import { numberOf, stringOf } from "../../core/attribute-value.ts";
import { isWaitKey } from "../../core/due-index.ts";
import { type Failure, failure } from "../../core/failure.ts";
import {
  highestVersionOf,
  isStateCurrent,
  loweredFailure,
  releaseFailure,
  type RowState,
  rowStateOf,
} from "../../core/state.ts";
import { versionOf } from "../../core/transaction.ts";

export type Plan =
  | { readonly kind: "leave"; readonly isPostponed: boolean }
  | { readonly kind: "leave index"; readonly version: number }
  | { readonly kind: "give up"; readonly target: Target; readonly state: RowState; readonly failure: Failure }
  | { readonly kind: "set aside"; readonly failure: Failure }
  | {
      readonly kind: "release";
      readonly target: Target;
      readonly state: RowState;
      readonly hasState: boolean;
      readonly dueAt: number;
    };

export interface PlanOptions {
  /** Epoch milliseconds. */
  readonly now: number;
  readonly leaseMs: number;
  readonly oldestMessageAgeMs: number;
  readonly maxUnheard: number;
  /** Its merchant can take it: it need not be due. */
  readonly isGranted: boolean;
}

export function planFor(row: AttributeMap, options: PlanOptions): Plan {
  const { now, leaseMs, oldestMessageAgeMs, maxUnheard } = options;
  const transactionId = stringOf(row["transactionId"]) ?? "";
  const version = versionOf(row);
  const dueAt = numberOf(row["dueAt"]);
  const isGranted = options.isGranted && isWaitKey(stringOf(row["dueKey"]) ?? "");
  if (row["dueKey"] === undefined || dueAt === undefined || (dueAt > now && !isGranted))
    return { kind: "leave", isPostponed: false };
  if (version === undefined) {
    return {
      kind: "set aside",
      failure: failure(
        "version_invalid",
        `version: got ${JSON.stringify(row["version"]) ?? "nothing"}, expected an integer from 1 (N). Write the row again with one.`,
      ),
    };
  }
  const state = rowStateOf(row);
  if (state.state === "CONFIRMED" || state.state === "FAILED") return { kind: "leave index", version };
  const highest = highestVersionOf(row);
  if (version < highest) return { kind: "set aside", failure: loweredFailure(version, highest) };
  const unusable = releaseFailure(row);
  if (unusable !== undefined) return { kind: "set aside", failure: unusable };
  if (state.state === "PENDING" && oldestMessageAgeMs > leaseMs) return { kind: "leave", isPostponed: true };
  const target = { transactionId, version, release: state.release };
  if (state.unheardReleases >= maxUnheard) {
    const reason = `It was released ${state.unheardReleases} times and no worker recorded anything for it. See that workers run and reach the queue, then put the dead letter back.`;
    return { kind: "give up", target, state, failure: failure("release_unheard", reason) };
  }
  return { kind: "release", target, state, hasState: isStateCurrent(row), dueAt };
}
