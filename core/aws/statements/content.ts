/**
 * Writes that keep to what a merchant accepted where a producer changed the row under the same version. All but the pin
 * compare the row with what was just read of it: whoever finds it changed once more reads it again.
 */
import { ATTRIBUTES } from "../../transaction/row/attributes.ts";
import { type Accepted, CONTENT_FIELDS, writeAccepted } from "../../transaction/accepted.ts";
import { writeAttempts } from "../../transaction/attempt.ts";
import type { AttributeMap } from "../../transaction/attribute-value.ts";
import type { Failure } from "../../transaction/failure.ts";
import type { FailedListing } from "../../transaction/row/failed-listing.ts";
import { writeSteps } from "../../transaction/row/steps.ts";
import { type Progress, withAccepted } from "./progress.ts";
import { purgeAtOf, complete } from "./complete.ts";
import { NOT_CONFIRMED, NOT_TERMINAL } from "./conditions.ts";
import { number, type Statement, type Target, text, Update } from "./statement.ts";
import { unchanged } from "./unchanged.ts";

export const DUE = [
  ATTRIBUTES.dueKey,
  ATTRIBUTES.dueAt,
  ATTRIBUTES.giveUpAt,
  ATTRIBUTES.nextTryAt,
  ATTRIBUTES.unheardReleases,
  ATTRIBUTES.waitingFor,
];
/** What the state of a row and most of its content follow from; a payload may be of any size. */
const SEEN = [
  "version",
  ATTRIBUTES.confirmationState,
  ATTRIBUTES.stateVersion,
  ATTRIBUTES.releaseNumber,
  ...CONTENT_FIELDS,
];

/** Nothing is pinned for the version. Its parameter is the version. */
const NOT_PINNED =
  `(${ATTRIBUTES.accepted} IS MISSING OR ${ATTRIBUTES.accepted}.version IS MISSING OR ` +
  `${ATTRIBUTES.accepted}.version<>?)`;

/** An attempt was made, and its own record does not fit the row any more: what it offered is kept all the same. */
export function pinStatement(table: string, { transactionId, version }: Target, accepted: Accepted): Statement {
  return new Update(table)
    .set(ATTRIBUTES.accepted, writeAccepted(version, accepted))
    .where("version=?", number(version))
    .where(NOT_PINNED, number(version))
    .where(NOT_TERMINAL, number(version))
    .build(transactionId);
}

/** A 2xx for a row that says the same in other words, or of which something was erased. @param row as it was read */
export function confirmAsSeenStatement(
  table: string,
  row: AttributeMap,
  { transactionId, version }: Target,
  progress: Pick<Progress, "attemptCount" | "attempts" | "accepted" | "steps">,
  now: number,
  settledDays: number,
): Statement {
  const update = new Update(table)
    .set(ATTRIBUTES.confirmationState, text("CONFIRMED"))
    .set(ATTRIBUTES.stateVersion, number(version))
    .set(ATTRIBUTES.attemptCount, number(progress.attemptCount))
    .set(ATTRIBUTES.attempts, writeAttempts(progress.attempts))
    .set(ATTRIBUTES.settledAt, number(now))
    .set(ATTRIBUTES.purgeAt, number(purgeAtOf(now, settledDays)))
    .remove(...DUE, ATTRIBUTES.failure, ATTRIBUTES.failedKey, ATTRIBUTES.failedAt)
    .where(NOT_CONFIRMED, number(version));
  if (progress.steps !== undefined) update.set(ATTRIBUTES.steps, writeSteps(progress.steps));
  return asSeen(withAccepted(update, version, progress), row).build(transactionId);
}

export interface ChangedContent {
  readonly accepted: Accepted;
  readonly failure: Failure;
  /** Its place in the merchant index, where that is not the accepting merchant's. */
  readonly merchantKey: string | undefined;
  /** Its place in the failed index. */
  readonly listing: FailedListing | undefined;
  /** Of the attempt that found it, where one did, and the generation that it was accepted at. */
  readonly found?: Pick<Progress, "attemptCount" | "attempts"> & Pick<Target, "release">;
}

/**
 * Given up since its content was changed; the only write that takes CONFIRMED from the version that it was written for.
 * @param row as it was read
 */
export function contentChangedStatement(
  table: string,
  row: AttributeMap,
  version: number,
  { accepted, failure, merchantKey, listing, found }: ChangedContent,
  now: number,
  settledDays: number,
): Statement {
  const update = new Update(table)
    .set(ATTRIBUTES.confirmationState, text("FAILED"))
    .set(ATTRIBUTES.stateVersion, number(version))
    .set(ATTRIBUTES.accepted, writeAccepted(version, accepted))
    .remove(...DUE);
  if (merchantKey !== undefined) update.set(ATTRIBUTES.merchantKey, text(merchantKey));
  if (found !== undefined)
    update
      .set(ATTRIBUTES.attemptCount, number(found.attemptCount))
      .set(ATTRIBUTES.attempts, writeAttempts(found.attempts));
  // Else its dead letter would be one of another generation, and be dropped as stale when it is put back.
  if (found !== undefined && found.release > 0 && row[ATTRIBUTES.releaseNumber] === undefined)
    update.set(ATTRIBUTES.releaseNumber, number(found.release));
  complete(update, failure, now, settledDays, listing);
  return asSeen(update, row).build(row["transactionId"]?.S ?? "");
}

/** Only where the row is as it was read. */
export function asSeen(update: Update, row: AttributeMap): Update {
  for (const name of SEEN) unchanged(update, name, row[name]);
  return update;
}
