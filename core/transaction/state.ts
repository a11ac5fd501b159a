/**
 * The states of a confirmation and what a message from the queue may do in each.
 *
 *   PENDING    on its way through stream and queue   -> CONFIRMED, FAILED, SCHEDULED by the worker; released again by
 *     release-due
 *   SCHEDULED  parked in the table until `dueAt`     -> PENDING by release-due
 *   CONFIRMED  the merchant answered 2xx             -> by a newer version, or FAILED if its content was changed under
 *     it
 *   FAILED     given up, in the dead-letter queue    -> by a newer version, or PENDING by a message marked
 *     `deadLettered`
 *
 * A state counts only for the version it was written for: another version, or no state at all, means PENDING. `judge`
 * is the one place that decides whether a message is heard.
 */
import { type Accepted, acceptedOf, hasContentChanged } from "./accepted.ts";
import type { Attempt } from "./attempt.ts";
import { readAttempts } from "./attempt.ts";
import type { AttributeMap, AttributeValue } from "./attribute-value.ts";
import { numberOf, stringOf } from "./attribute-value.ts";
import { type Failure, type FailureCode, failure } from "./failure.ts";
import type { ConfirmationMessage } from "./message.ts";
import { orderedGroupIdOf } from "./ordering.ts";
import { versionOf } from "./transaction.ts";

export const STATES = ["PENDING", "SCHEDULED", "CONFIRMED", "FAILED"] as const;
export type State = (typeof STATES)[number];

/**
 * The pipeline's part of a row. Counts and times belong to the version the state was written for, `release` to the row.
 */
export interface RowState {
  readonly state: State;
  /** Releases so far; a message is heard only at the row's own. 0 until the first one. */
  readonly release: number;
  /** Releases in a row that no worker has recorded anything for. */
  readonly unheardReleases: number;
  readonly attemptCount: number;
  readonly attempts: readonly Attempt[];
  /** Epoch milliseconds after which it is given up; set with the first record of the version. */
  readonly giveUpAt?: number;
  /** Epoch milliseconds before which it is not to be tried again, for one that waits in its place. */
  readonly nextTryAt?: number;
  /** Epoch milliseconds at which the version was written; on rows that were tried or parked. */
  readonly committedAt?: number | undefined;
  /** Why it last waited for its merchant, if it was not tried since. */
  readonly waitedFor?: string;
  /** What its first attempt offered; none before one, nor of one that a program made which did not keep it yet. */
  readonly accepted?: Accepted;
}

/**
 * Whether the row's state was written for the version that it has now. One without `stateVersion` is for a version that
 * cannot be read.
 */
export function isStateCurrent(row: AttributeMap): boolean {
  if (row["confirmationState"] === undefined) return false;
  if (row["stateVersion"] === undefined) return versionOf(row) === undefined;
  return sameValue(row["stateVersion"], row["version"]);
}

/**
 * The highest version that the row is known to have had, 0 for none. `highestVersion` is written once a version was
 * lowered: what is below it may never be delivered, since the higher one may have been.
 */
export function highestVersionOf(row: AttributeMap): number {
  const remembered = numberOf(row["highestVersion"]);
  return Math.max(versionOf(row) ?? 0, Number.isSafeInteger(remembered) ? (remembered as number) : 0);
}

/** Why a version below the highest one is not delivered. */
export function loweredFailure(version: number, highest: number): Failure {
  return failure(
    "version_lowered",
    `version: got ${version} after ${highest}, expected a higher one with every change of outcome. Write ` +
      `the row again with version ${highest + 1}.`,
  );
}

/**
 * Why a row cannot be released: somebody else wrote to the pipeline's own `releaseNumber`, which every message and
 * record rests on.
 */
export function releaseFailure(row: AttributeMap): Failure | undefined {
  if (row["releaseNumber"] === undefined || countOf(row["releaseNumber"]) !== undefined) return undefined;
  const got = JSON.stringify(row["releaseNumber"]).slice(0, 80);
  return failure(
    "row_invalid",
    `releaseNumber: got ${got}, expected nothing or what the pipeline wrote. Put the row again with a ` +
      "higher version and without it.",
  );
}

/** An integer from 0, or undefined: a producer may have written anything into the pipeline's attributes. */
function countOf(attribute: AttributeValue | undefined): number | undefined {
  const count = numberOf(attribute);
  return count !== undefined && Number.isSafeInteger(count) && count >= 0 ? count : undefined;
}

export function stateOf(row: AttributeMap): State {
  if (!isStateCurrent(row)) return "PENDING";
  const state = stringOf(row["confirmationState"]);
  return STATES.find((known) => known === state) ?? "PENDING";
}

/** Whether nothing is owed for the version that the row has. */
export function isSettled(row: AttributeMap): boolean {
  const state = stateOf(row);
  return state === "CONFIRMED" || state === "FAILED";
}

export function rowStateOf(row: AttributeMap): RowState {
  const isCurrent = isStateCurrent(row);
  const giveUpAt = isCurrent ? numberOf(row["giveUpAt"]) : undefined;
  const nextTryAt = isCurrent ? numberOf(row["nextTryAt"]) : undefined;
  const committedAt = isCurrent ? numberOf(row["committedAt"]) : undefined;
  const waitedFor = isCurrent ? stringOf(row["waitingFor"]) : undefined;
  const accepted = acceptedOf(row);
  return {
    state: stateOf(row),
    release: countOf(row["releaseNumber"]) ?? 0,
    unheardReleases: countOf(row["unheardReleases"]) ?? 0,
    attemptCount: isCurrent ? (countOf(row["attemptCount"]) ?? 0) : 0,
    attempts: isCurrent ? readAttempts(row["attempts"]) : [],
    ...(giveUpAt !== undefined && { giveUpAt }),
    ...(nextTryAt !== undefined && { nextTryAt }),
    ...(committedAt !== undefined && { committedAt }),
    ...(waitedFor !== undefined && { waitedFor }),
    ...(accepted !== undefined && { accepted }),
  };
}

export type DiscardReason = "gone" | "superseded" | "confirmed" | "failed" | "parked" | "released again";

/** What to do with a message, given the row as read consistently just now. */
export type Verdict =
  | { readonly kind: "deliver" }
  /** A dead letter was put back: claim the row, then deliver. */
  | { readonly kind: "reopen" }
  /** The row failed at this very release, or for good: make sure that the dead letter exists, then delete. */
  | { readonly kind: "dead-letter again" }
  /** A dead letter was put back before its row says that it failed, which it will say within moments: look again. */
  | { readonly kind: "too early" }
  /** Delete unheard. */
  | { readonly kind: "discard"; readonly reason: DiscardReason };

/** @param known the row's state, where the caller has read it already */
export function judge(message: ConfirmationMessage, row: AttributeMap | undefined, known?: RowState): Verdict {
  if (row === undefined) return { kind: "discard", reason: "gone" };
  if (versionOf(row) !== message.version) return { kind: "discard", reason: "superseded" };
  const { state, release } = known ?? rowStateOf(row);
  if (state === "CONFIRMED") return { kind: "discard", reason: "confirmed" };
  if (state === "SCHEDULED") return { kind: "discard", reason: "parked" };
  if (message.release !== release) return { kind: "discard", reason: "released again" };
  if (state === "PENDING") return { kind: message.deadLettered === true ? "too early" : "deliver" };
  if (message.deadLettered) return isPastMending(row) ? { kind: "dead-letter again" } : { kind: "reopen" };
  // An ordered one may be in the queue twice, as it is repeated under the same release; its dead letter was sent before
  // it failed.
  if (orderedGroupIdOf(row) !== undefined) return { kind: "discard", reason: "failed" };
  return { kind: "dead-letter again" };
}

/**
 * A newer version may have been delivered before, or other content under this one: only a higher version can be
 * delivered.
 */
function isPastMending(row: AttributeMap): boolean {
  const code: FailureCode = "version_lowered";
  return stringOf(row["failure"]?.M?.["code"]) === code || hasContentChanged(row);
}

function sameValue(one: AttributeValue | undefined, other: AttributeValue | undefined): boolean {
  if (one?.N !== undefined && other?.N !== undefined) return one.N === other.N || Number(one.N) === Number(other.N);
  return JSON.stringify(one) === JSON.stringify(other);
}
