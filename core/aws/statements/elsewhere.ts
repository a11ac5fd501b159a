/** Records of the old system's word that it confirmed a version, and of a delivery from here that came beside it. */
import { writeAccepted } from "../../transaction/accepted.ts";
import { writeAttempts } from "../../transaction/attempt.ts";
import type { AttributeMap } from "../../transaction/attribute-value.ts";
import { ATTRIBUTES } from "../../transaction/row/attributes.ts";
import { writeConfirmedBy } from "../../transaction/row/confirmed-by.ts";
import { type Elsewhere, writeElsewhere } from "../../transaction/row/elsewhere.ts";
import { isStateCurrent } from "../../transaction/row/row-state.ts";
import type { Accepted } from "../../transaction/accepted.ts";
import type { Progress } from "./progress.ts";
import { purgeAtOf } from "./complete.ts";
import { NOT_CONFIRMED } from "./conditions.ts";
import { asSeen, DUE } from "./content.ts";
import { number, type Statement, type Target, text, Update } from "./statement.ts";

const { confirmationState, stateVersion, saidElsewhere: ELSEWHERE, confirmedBy: CONFIRMED_BY } = ATTRIBUTES;
const IS_CONFIRMED = `${confirmationState}='CONFIRMED' AND ${stateVersion}=?`;

/**
 * Confirmed by it. Taken only where the row is as it was read; attempts that were made of the version stay.
 *
 * @param row as it was read, one that may be confirmed (`judgeElsewhere`)
 */
export function confirmElsewhereStatement(
  table: string,
  row: AttributeMap,
  elsewhere: Elsewhere,
  settledDays: number,
): Statement {
  const { version, notedAt } = elsewhere;
  const update = new Update(table)
    .set(confirmationState, text("CONFIRMED"))
    .set(stateVersion, number(version))
    .set(CONFIRMED_BY, writeConfirmedBy({ version, by: "elsewhere" }))
    .set(ELSEWHERE, writeElsewhere(elsewhere))
    .set(ATTRIBUTES.settledAt, number(notedAt))
    .set(ATTRIBUTES.purgeAt, number(purgeAtOf(notedAt, settledDays)))
    .remove(...DUE, ATTRIBUTES.failure, ATTRIBUTES.failedKey, ATTRIBUTES.failedAt);
  // Those of an earlier version would be taken for this one's.
  if (!isStateCurrent(row)) update.remove(ATTRIBUTES.attempts, ATTRIBUTES.attemptCount);
  update.where(NOT_CONFIRMED, number(version));
  return asSeen(update, row).build(row["transactionId"]?.S ?? "");
}

/** Nothing was said of the version. Its parameter is the version. */
const NOT_SAID = `(${ELSEWHERE} IS MISSING OR ${ELSEWHERE}."version" IS MISSING OR ${ELSEWHERE}."version"<>?)`;

/** Noted beside what the row says. @param row as it was read */
export function noteElsewhereStatement(table: string, row: AttributeMap, elsewhere: Elsewhere): Statement {
  const update = new Update(table).set(ELSEWHERE, writeElsewhere(elsewhere));
  update.where(NOT_SAID, number(elsewhere.version));
  return asSeen(update, row).build(row["transactionId"]?.S ?? "");
}

/** A 2xx for a row that was confirmed by another system while its merchant was called from here: both did. */
export function confirmedTooStatement(
  table: string,
  { transactionId, version }: Target,
  { attemptCount, attempts, accepted }: Pick<Progress, "attemptCount" | "attempts" | "accepted">,
  delivered: Accepted,
): Statement {
  return new Update(table)
    .set(ATTRIBUTES.attemptCount, number(attemptCount))
    .set(ATTRIBUTES.attempts, writeAttempts(attempts))
    .set(ATTRIBUTES.accepted, writeAccepted(version, accepted ?? delivered))
    .remove(CONFIRMED_BY)
    .where("version=?", number(version))
    .where(IS_CONFIRMED, number(version))
    .where(`${CONFIRMED_BY}."version"=?`, number(version))
    .build(transactionId);
}
