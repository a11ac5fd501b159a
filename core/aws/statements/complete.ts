/** Writes that end a transaction otherwise than by a 2xx: it leaves the due index, and its time to live begins. */
import { ATTRIBUTES } from "../../transaction/row/attributes.ts";
import { writeAttempts } from "../../transaction/attempt.ts";
import type { AttributeMap } from "../../transaction/attribute-value.ts";
import type { Failure } from "../../transaction/failure.ts";
import type { FailedListing } from "../../transaction/row/failed-listing.ts";
import { type ConfirmedByWhom, pinnedLive, writeConfirmedBy } from "../../transaction/row/confirmed-by.ts";
import { versionOf } from "../../transaction/transaction.ts";
import { type Progress, withAccepted, withSteps } from "./progress.ts";
import { atGeneration, NOT_CONFIRMED, NOT_TERMINAL } from "./conditions.ts";
import { number, type Statement, type Target, text, Update } from "./statement.ts";
import { unchanged } from "./unchanged.ts";

const SECONDS_A_DAY = 86_400;

/** Epoch seconds. @param now epoch milliseconds */
export function purgeAtOf(now: number, settledDays: number): number {
  return Math.floor(now / 1000) + settledDays * SECONDS_A_DAY;
}

/**
 * Given up. Written only after the dead letter was sent.
 * @param listing its place in the failed index, where it has one
 */
export function failStatement(
  table: string,
  target: Target,
  progress: Pick<Progress, "attemptCount" | "attempts" | "accepted" | "steps" | "isPinned">,
  failure: Failure,
  now: number,
  settledDays: number,
  listing: FailedListing | undefined,
): Statement {
  const update = new Update(table)
    .set(ATTRIBUTES.confirmationState, text("FAILED"))
    .set(ATTRIBUTES.stateVersion, number(target.version))
    .set(ATTRIBUTES.attemptCount, number(progress.attemptCount))
    .set(ATTRIBUTES.attempts, writeAttempts(progress.attempts))
    .remove(
      ATTRIBUTES.dueKey,
      ATTRIBUTES.dueAt,
      ATTRIBUTES.giveUpAt,
      ATTRIBUTES.nextTryAt,
      ATTRIBUTES.unheardReleases,
      ATTRIBUTES.waitingFor,
    );
  withAccepted(update, target.version, progress);
  if (progress.isPinned === true) update.set(ATTRIBUTES.pinnedMode, pinnedLive(target.version));
  if (progress.steps !== undefined) withSteps(update, progress.steps);
  complete(update, failure, now, settledDays, listing);
  return atGeneration(update, target).where(NOT_TERMINAL, number(target.version)).build(target.transactionId);
}

/**
 * The least that settles a row, for one so large that DynamoDB refuses the whole record: it must leave the due index
 * all the same, or it would be requeued again and again.
 *
 * @param by who confirmed it, where that was not a 2xx
 */
export function completeWithLittleStatement(
  table: string,
  target: Target,
  state: "CONFIRMED" | "FAILED",
  by?: ConfirmedByWhom,
): Statement {
  const update = new Update(table)
    .set(ATTRIBUTES.confirmationState, text(state))
    .set(ATTRIBUTES.stateVersion, number(target.version))
    .remove(
      ATTRIBUTES.dueKey,
      ATTRIBUTES.dueAt,
      ATTRIBUTES.giveUpAt,
      ATTRIBUTES.nextTryAt,
      ATTRIBUTES.attempts,
      ATTRIBUTES.attemptCount,
      ATTRIBUTES.unheardReleases,
      ATTRIBUTES.merchantKey,
      ATTRIBUTES.failedKey,
      ATTRIBUTES.failedAt,
    )
    .where("version=?", number(target.version))
    .where(NOT_CONFIRMED, number(target.version));
  if (by !== undefined) update.set(ATTRIBUTES.confirmedBy, writeConfirmedBy({ version: target.version, by }));
  return update.build(target.transactionId);
}

export function complete(
  update: Update,
  { code, fault, reason }: Failure,
  now: number,
  settledDays: number,
  listing: FailedListing | undefined,
): void {
  update
    .set(ATTRIBUTES.failure, { M: { code: text(code), fault: text(fault), reason: text(reason) } })
    .set(ATTRIBUTES.settledAt, number(now))
    .set(ATTRIBUTES.purgeAt, number(purgeAtOf(now, settledDays)));
  placed(update, listing);
}

/** In the failed index, or out of it. */
export function placed(update: Update, listing: FailedListing | undefined): Update {
  if (listing === undefined) return update.remove(ATTRIBUTES.failedKey, ATTRIBUTES.failedAt);
  return update.set(ATTRIBUTES.failedKey, text(listing.failedKey)).set(ATTRIBUTES.failedAt, text(listing.failedAt));
}

/**
 * A row whose version cannot be delivered is given up as it is. A version that cannot be read is not copied, it may be
 * anything and of any size; the state is then written without one. What is confirmed stays so.
 *
 * @param row as it was seen
 * @param highest the highest version that it is known to have had, 0 for none
 * @param listing its place in the failed index, where it has one
 */
export function quarantineRowStatement(
  table: string,
  row: AttributeMap,
  highest: number,
  failure: Failure,
  now: number,
  settledDays: number,
  listing: FailedListing | undefined,
): Statement {
  const transactionId = row["transactionId"]?.S ?? "";
  const update = new Update(table)
    .set(ATTRIBUTES.confirmationState, text("FAILED"))
    .remove(ATTRIBUTES.dueKey, ATTRIBUTES.dueAt, ATTRIBUTES.giveUpAt, ATTRIBUTES.nextTryAt, ATTRIBUTES.unheardReleases);
  complete(update, failure, now, settledDays, listing);
  if (highest > 0) update.set(ATTRIBUTES.highestVersion, number(highest));
  const version = versionOf(row);
  if (version !== undefined) {
    return update
      .set(ATTRIBUTES.stateVersion, number(version))
      .where("version=?", number(version))
      .where(NOT_CONFIRMED, number(version))
      .build(transactionId);
  }
  update.remove(ATTRIBUTES.stateVersion);
  for (const name of ["version", ATTRIBUTES.stateVersion]) unchanged(update, name, row[name]);
  return update.build(transactionId);
}
