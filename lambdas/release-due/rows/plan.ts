/**
 * What to do with a row that the due index named, given the row itself, read consistently: an index may lag, and a
 * producer may have written to it what it liked.
 *
 *   not due nor granted, gone              -> leave
 *   terminal                               -> take it out of the index
 *   PENDING, sent too recently             -> leave, its message may still be in the queue (`gone-before.ts`)
 *   PENDING, in the wrong part             -> move: rows with an ordering key are looked for apart from the others
 *   requeued too often, never acknowledged -> give up, the fault is the pipeline's
 *   PENDING, ordering key                  -> repeat its message at the same generation: it may still be in its place,
 *     and must not lose it
 *   PENDING, SCHEDULED                     -> release: claim, then send
 */
import { ATTRIBUTES } from "../../../core/transaction/row/attributes.ts";
import type { Target } from "../../../core/aws/statements/statement.ts";
import type { AttributeMap } from "../../../core/transaction/attribute-value.ts";
import { numberOf, stringOf } from "../../../core/transaction/attribute-value.ts";
import { dueKeyFor, isOrderedKey, isWaitKey, orderedKeyFor } from "../../../core/transaction/row/index-keys.ts";
import { type Failure, failure } from "../../../core/transaction/failure.ts";
import {
  LEAST_REPEATS,
  orderedGroupIdOf,
  REPEAT_PATIENCE_MS,
  repeatAfterMs,
} from "../../../core/transaction/ordering.ts";
import {
  highestVersionOf,
  isStateCurrent,
  type RowState,
  rowStateOf,
} from "../../../core/transaction/row/row-state.ts";
import { loweredFailure, generationFailure } from "../../../core/transaction/row/row-failures.ts";
import { versionOf } from "../../../core/transaction/transaction.ts";

export type Plan =
  | { readonly kind: "leave"; readonly isPostponed: boolean }
  | { readonly kind: "leave index"; readonly version: number }
  | { readonly kind: "give up"; readonly target: Target; readonly state: RowState; readonly failure: Failure }
  | { readonly kind: "set aside"; readonly failure: Failure }
  | { readonly kind: "move"; readonly target: Target; readonly dueKey: string; readonly dueAt: number }
  | {
      readonly kind: "repeat";
      readonly target: Target;
      readonly state: RowState;
      readonly dueAt: number;
      /** Epoch milliseconds at which it is looked at again. */
      readonly nextDueAt: number;
    }
  | {
      readonly kind: "release";
      readonly target: Target;
      readonly state: RowState;
      readonly hasState: boolean;
      readonly dueAt: number;
    };

/** A row, and what is to become of it. */
export interface Planned<Kind extends Plan["kind"]> {
  readonly row: AttributeMap;
  readonly plan: Extract<Plan, { kind: Kind }>;
}

export interface PlanOptions {
  /** Epoch milliseconds. */
  readonly now: number;
  readonly leaseMs: number;
  /** Epoch milliseconds: each message sent before that has left the queue. -Infinity when nothing is known. */
  readonly goneBefore: number;
  /** The same of the queue for rows with an ordering key. */
  readonly goneBeforeOrdered: number;
  readonly dueShards: number;
  readonly maxUnheard: number;
  /** Its merchant can take it: it need not be due. */
  readonly isGranted: boolean;
}

export function planFor(row: AttributeMap, options: PlanOptions): Plan {
  const { now, leaseMs, maxUnheard } = options;
  const transactionId = stringOf(row["transactionId"]) ?? "";
  const version = versionOf(row);
  const dueAt = numberOf(row[ATTRIBUTES.dueAt]);
  const isGranted = options.isGranted && isWaitKey(stringOf(row[ATTRIBUTES.dueKey]) ?? "");
  if (row[ATTRIBUTES.dueKey] === undefined || dueAt === undefined || (dueAt > now && !isGranted))
    return { kind: "leave", isPostponed: false };
  if (version === undefined) {
    return {
      kind: "set aside",
      failure: failure(
        "version_invalid",
        `version: got ${JSON.stringify(row["version"]) ?? "nothing"}, expected an integer from 1 (N). ` +
          "Write the row again with one.",
      ),
    };
  }
  const state = rowStateOf(row);
  if (state.state === "CONFIRMED" || state.state === "FAILED") return { kind: "leave index", version };
  const highest = highestVersionOf(row);
  if (version < highest) return { kind: "set aside", failure: loweredFailure(version, highest) };
  const unusable = generationFailure(row);
  if (unusable !== undefined) return { kind: "set aside", failure: unusable };
  const target = { transactionId, version, release: state.release };
  const groupId = orderedGroupIdOf(row);
  const isPending = state.state === "PENDING";
  if (isPending && isOrderedKey(stringOf(row[ATTRIBUTES.dueKey]) ?? "") !== (groupId !== undefined)) {
    const dueKey =
      groupId === undefined ? dueKeyFor(transactionId, options.dueShards) : orderedKeyFor(groupId, options.dueShards);
    return { kind: "move", target, dueKey, dueAt };
  }
  if (isPending && isLeftAlone(groupId !== undefined, dueAt, options)) return { kind: "leave", isPostponed: true };
  const mostUnacknowledged = groupId === undefined ? maxUnheard : Math.max(maxUnheard, LEAST_REPEATS);
  if (state.unheardReleases >= mostUnacknowledged) {
    const reason =
      `It was released ${state.unheardReleases} times and no worker recorded anything for it. See that ` +
      "workers run and reach the queue, then put the dead letter back.";
    return { kind: "give up", target, state, failure: failure("release_unheard", reason) };
  }
  if (isPending && groupId !== undefined)
    return { kind: "repeat", target, state, dueAt, nextDueAt: now + repeatAfterMs(leaseMs, state.unheardReleases) };
  return { kind: "release", target, state, hasState: isStateCurrent(row), dueAt };
}

/** Its message may, or for a row with an ordering key most likely will, be in the queue still. */
function isLeftAlone(isOrdered: boolean, dueAt: number, options: PlanOptions): boolean {
  const { now, leaseMs, goneBefore, goneBeforeOrdered } = options;
  if (!isOrdered) return dueAt >= overdueBefore(goneBefore, leaseMs);
  return dueAt >= overdueBefore(goneBeforeOrdered, leaseMs) && dueAt > now - REPEAT_PATIENCE_MS;
}

/** Part of a lease by which a message may have been sent later than a lease before its row is due. */
const MARGIN_SHARE = 1 / 15;

/**
 * A pending row's message was sent a lease before the row is due, or a little later.
 *
 * @param goneBefore epoch milliseconds: each message sent before that has left the queue
 * @returns epoch milliseconds: of a pending row that is due before that no message is in the queue
 */
export function overdueBefore(goneBefore: number, leaseMs: number): number {
  return goneBefore + leaseMs - leaseMs * MARGIN_SHARE;
}
