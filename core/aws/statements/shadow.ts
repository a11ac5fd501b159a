/** The record of a version that another system confirms. */
import { type Accepted, CONTENT_FIELDS } from "../../transaction/accepted.ts";
import { ATTRIBUTES } from "../../transaction/row/attributes.ts";
import { type ConfirmedBy, writeConfirmedBy } from "../../transaction/row/confirmed-by.ts";
import { purgeAtOf } from "./complete.ts";
import { NOT_TERMINAL } from "./conditions.ts";
import { DUE } from "./content.ts";
import { number, type Statement, type Target, text, Update } from "./statement.ts";

/** What was written of an earlier version would be taken for this one's. */
const OF_ATTEMPTS = [ATTRIBUTES.attempts, ATTRIBUTES.attemptCount, ATTRIBUTES.failure];

/**
 * Taken while the row is not terminal and says what it said when it was read, but for its payload: what would have been
 * sent is that. Whatever its generation is.
 */
export function shadowedStatement(
  table: string,
  { transactionId, version }: Target,
  confirmedBy: ConfirmedBy,
  content: Accepted,
  now: number,
  settledDays: number,
): Statement {
  const update = new Update(table)
    .set(ATTRIBUTES.confirmationState, text("CONFIRMED"))
    .set(ATTRIBUTES.stateVersion, number(version))
    .set(ATTRIBUTES.confirmedBy, writeConfirmedBy(confirmedBy))
    .set(ATTRIBUTES.settledAt, number(now))
    .set(ATTRIBUTES.purgeAt, number(purgeAtOf(now, settledDays)))
    .remove(...DUE, ...OF_ATTEMPTS, ATTRIBUTES.failedKey, ATTRIBUTES.failedAt)
    .where("version=?", number(version))
    .where(NOT_TERMINAL, number(version));
  for (const name of CONTENT_FIELDS) update.where(`${name}=?`, text(content[name]));
  return update.build(transactionId);
}
