/**
 * The pipeline's part of a row, read: its state, and what counts with it. It can always be read, whatever anybody wrote
 * there.
 *
 *   PENDING    on its way through stream and queue -> CONFIRMED, FAILED, SCHEDULED by the worker; requeued by
 *     release-due
 *   SCHEDULED  parked in the table until `dueAt`   -> PENDING by release-due
 *   CONFIRMED  the merchant responded with 2xx     -> by a newer version, or FAILED if its content was changed under
 *     it
 *   FAILED     given up, in the dead-letter queue  -> by a newer version, or PENDING by a message marked
 *     `deadLettered`
 *
 * A state counts only for the version it was written for: another version, or no state at all, means PENDING. What a
 * message from the queue may do in each state is in `judge-message.ts`.
 */
import { ATTRIBUTES } from "./attributes.ts";
import { type Accepted, acceptedOf } from "../accepted.ts";
import type { Attempt } from "../attempt.ts";
import { readAttempts } from "../attempt.ts";
import type { AttributeMap, AttributeValue } from "../attribute-value.ts";
import { numberOf, stringOf } from "../attribute-value.ts";
import type { Steps } from "../../channels/steps.ts";
import { versionOf } from "../transaction.ts";
import { stepsOf } from "./steps.ts";

export const STATES = ["PENDING", "SCHEDULED", "CONFIRMED", "FAILED"] as const;
export type State = (typeof STATES)[number];

/**
 * The pipeline's part of a row. Counts and times belong to the version the state was written for, the generation to the
 * row.
 */
export interface RowState {
  readonly state: State;
  /** Requeues so far; a message is accepted only at the row's own. 0 until the first one. */
  readonly release: number;
  /** Requeues in a row that no worker has recorded anything for. */
  readonly unheardReleases: number;
  readonly attemptCount: number;
  readonly attempts: readonly Attempt[];
  /** Epoch milliseconds after which it is given up; set with the first record of the version. */
  readonly giveUpAt?: number;
  /** Epoch milliseconds before which it is not to be retried, for one that waits in its place. */
  readonly nextTryAt?: number;
  /** Epoch milliseconds at which the version was written; on rows that were tried or parked. */
  readonly committedAt?: number | undefined;
  /** Why it last waited for its merchant, if it was not attempted since. */
  readonly waitedFor?: string;
  /** What its first attempt offered; none before one, nor of one that a program made which did not keep it yet. */
  readonly accepted?: Accepted;
  /** What was done by channels. @default its recipient has none, or nothing was done yet */
  readonly steps?: Steps;
}

/**
 * Whether the row's state was written for the version that it has now. One without `stateVersion` is for a version that
 * cannot be read.
 */
export function isStateCurrent(row: AttributeMap): boolean {
  if (row[ATTRIBUTES.confirmationState] === undefined) return false;
  if (row[ATTRIBUTES.stateVersion] === undefined) return versionOf(row) === undefined;
  return sameValue(row[ATTRIBUTES.stateVersion], row["version"]);
}

/**
 * The highest version that the row is known to have had, 0 for none. `highestVersion` is written once a version was
 * lowered: what is below it may never be delivered, since the higher one may have been.
 */
export function highestVersionOf(row: AttributeMap): number {
  const remembered = numberOf(row[ATTRIBUTES.highestVersion]);
  return Math.max(versionOf(row) ?? 0, Number.isSafeInteger(remembered) ? (remembered as number) : 0);
}

/** An integer from 0, or undefined: a producer may have written anything into the pipeline's attributes. */
export function countOf(attribute: AttributeValue | undefined): number | undefined {
  const count = numberOf(attribute);
  return count !== undefined && Number.isSafeInteger(count) && count >= 0 ? count : undefined;
}

export function stateOf(row: AttributeMap): State {
  if (!isStateCurrent(row)) return "PENDING";
  const state = stringOf(row[ATTRIBUTES.confirmationState]);
  return STATES.find((known) => known === state) ?? "PENDING";
}

/** Whether nothing is owed for the version that the row has. */
export function isTerminal(row: AttributeMap): boolean {
  const state = stateOf(row);
  return state === "CONFIRMED" || state === "FAILED";
}

export function rowStateOf(row: AttributeMap): RowState {
  const isCurrent = isStateCurrent(row);
  const giveUpAt = isCurrent ? numberOf(row[ATTRIBUTES.giveUpAt]) : undefined;
  const nextTryAt = isCurrent ? numberOf(row[ATTRIBUTES.nextTryAt]) : undefined;
  const committedAt = isCurrent ? numberOf(row[ATTRIBUTES.committedAt]) : undefined;
  const waitedFor = isCurrent ? stringOf(row[ATTRIBUTES.waitingFor]) : undefined;
  const accepted = acceptedOf(row);
  const steps = row[ATTRIBUTES.steps] === undefined ? undefined : stepsOf(row);
  const state = {
    state: stateOf(row),
    release: countOf(row[ATTRIBUTES.releaseNumber]) ?? 0,
    unheardReleases: countOf(row[ATTRIBUTES.unheardReleases]) ?? 0,
    attemptCount: isCurrent ? (countOf(row[ATTRIBUTES.attemptCount]) ?? 0) : 0,
    attempts: isCurrent ? readAttempts(row[ATTRIBUTES.attempts]) : [],
    ...(giveUpAt !== undefined && { giveUpAt }),
    ...(nextTryAt !== undefined && { nextTryAt }),
    ...(committedAt !== undefined && { committedAt }),
    ...(waitedFor !== undefined && { waitedFor }),
    ...(accepted !== undefined && { accepted }),
  };
  return steps === undefined ? state : { ...state, steps };
}

function sameValue(one: AttributeValue | undefined, other: AttributeValue | undefined): boolean {
  if (one?.N !== undefined && other?.N !== undefined) return one.N === other.N || Number(one.N) === Number(other.N);
  return JSON.stringify(one) === JSON.stringify(other);
}
