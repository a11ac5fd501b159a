/**
 * Writes that put a transaction on its way again, claimed before its message is sent, and those that take a claim back.
 */
import type { Steps } from "../../channels/steps.ts";
import { ATTRIBUTES, TERMINAL_ONLY } from "../../transaction/row/attributes.ts";
import { atGeneration, NOT_TERMINAL } from "./conditions.ts";
import { withSteps } from "./progress.ts";
import { number, type Statement, type Target, text, Update } from "./statement.ts";

/**
 * A dead letter was put back: a failed row is pending once more, at the next generation and with all its attempts.
 * @param steps that are left of what was done by channels. @default nothing was
 */
export function reopenStatement(
  table: string,
  target: Target,
  dueKey: string,
  dueAt: number,
  steps?: Steps,
): Statement {
  const update = new Update(table)
    .set(ATTRIBUTES.confirmationState, text("PENDING"))
    .set(ATTRIBUTES.stateVersion, number(target.version))
    .set(ATTRIBUTES.releaseNumber, number(target.release + 1))
    .set(ATTRIBUTES.attemptCount, number(0))
    .set(ATTRIBUTES.dueKey, text(dueKey))
    .set(ATTRIBUTES.dueAt, number(dueAt))
    .remove(...TERMINAL_ONLY, ATTRIBUTES.settledAt, ATTRIBUTES.failure, ATTRIBUTES.giveUpAt, ATTRIBUTES.nextTryAt);
  if (steps !== undefined) withSteps(update, steps);
  return atGeneration(update, target)
    .where(`${ATTRIBUTES.confirmationState}='FAILED' AND ${ATTRIBUTES.stateVersion}=?`, number(target.version))
    .build(target.transactionId);
}

/**
 * A due row is taken for the next generation, before its message is sent.
 *
 * @param hasState whether the row's state is for this version: its counts then go on, else they start anew
 */
export function claimStatement(
  table: string,
  target: Target,
  hasState: boolean,
  unheardReleases: number,
  dueKey: string,
  dueAt: number,
  previousDueAt: number,
): Statement {
  const update = new Update(table)
    .set(ATTRIBUTES.releaseNumber, number(target.release + 1))
    .set(ATTRIBUTES.unheardReleases, number(unheardReleases + 1))
    .set(ATTRIBUTES.dueKey, text(dueKey))
    .set(ATTRIBUTES.dueAt, number(dueAt))
    .remove(...TERMINAL_ONLY);
  if (hasState) update.set(ATTRIBUTES.confirmationState, text("PENDING"));
  return atGeneration(update, target)
    .where(`${ATTRIBUTES.dueAt}=?`, number(previousDueAt))
    .where(NOT_TERMINAL, number(target.version))
    .build(target.transactionId);
}

/**
 * A due row with an ordering key whose message is sent once more, at the same generation: its group has them one after
 * the other, so that the first to come is accepted and any other is of no effect, and none loses its place.
 */
export function repeatStatement(
  table: string,
  target: Target,
  unheardReleases: number,
  dueAt: number,
  previousDueAt: number,
): Statement {
  const update = new Update(table)
    .set(ATTRIBUTES.unheardReleases, number(unheardReleases + 1))
    .set(ATTRIBUTES.dueAt, number(dueAt))
    .remove(...TERMINAL_ONLY);
  return atGeneration(update, target)
    .where(`${ATTRIBUTES.dueAt}=?`, number(previousDueAt))
    .where(NOT_TERMINAL, number(target.version))
    .build(target.transactionId);
}

/** A due row is put where rows of its kind are looked for, with the same date. */
export function moveStatement(table: string, target: Target, dueKey: string, dueAt: number): Statement {
  return atGeneration(new Update(table).set(ATTRIBUTES.dueKey, text(dueKey)), target)
    .where(`${ATTRIBUTES.dueAt}=?`, number(dueAt))
    .where(NOT_TERMINAL, number(target.version))
    .build(target.transactionId);
}

/** A row that was claimed, or noted for a repetition, and everything that is needed to put it back. */
export interface Claim {
  /** At the release that it has since. */
  readonly target: Target;
  readonly claimed: { readonly dueAt: number; readonly unheardReleases: number };
  readonly before: {
    /** Undefined for a row without a state for its version. */
    readonly state?: "PENDING" | "SCHEDULED";
    readonly dueKey: string;
    readonly dueAt: number;
    readonly unheardReleases: number;
  };
}

/**
 * A claimed row whose message was not sent, or may not have been, is where it was before: the same state, key and time,
 * and not counted as unacknowledged. Not if anybody has touched it since. Its generation stays raised: a message that
 * was sent after all is of an older one from the next on.
 */
export function unclaimStatement(table: string, { target, claimed, before }: Claim): Statement {
  const update = new Update(table)
    .set(ATTRIBUTES.unheardReleases, number(before.unheardReleases))
    .set(ATTRIBUTES.dueKey, text(before.dueKey))
    .set(ATTRIBUTES.dueAt, number(before.dueAt));
  if (before.state !== undefined) update.set(ATTRIBUTES.confirmationState, text(before.state));
  return atGeneration(update, target)
    .where(`${ATTRIBUTES.dueAt}=?`, number(claimed.dueAt))
    .where(`${ATTRIBUTES.unheardReleases}=?`, number(claimed.unheardReleases))
    .where(NOT_TERMINAL, number(target.version))
    .build(target.transactionId);
}
