/** The record of a receipt, or of an acknowledgement of a recipient with channels. */
import type { Acknowledgement } from "../../transaction/row/acknowledgement.ts";
import { writeAcknowledgement } from "../../transaction/row/acknowledgement.ts";
import { ATTRIBUTES } from "../../transaction/row/attributes.ts";
import { writeAttempts } from "../../transaction/attempt.ts";
import { type AttributeMap, numberOf } from "../../transaction/attribute-value.ts";
import { stateOf } from "../../transaction/row/row-state.ts";
import type { ToldStep } from "../../transaction/row/told-step.ts";
import { purgeAtOf } from "./complete.ts";
import { NOT_CONFIRMED } from "./conditions.ts";
import { asSeen, DUE } from "./content.ts";
import { withSteps } from "./progress.ts";
import { number, type Statement, text, Update } from "./statement.ts";

/**
 * Taken only where the row, and what was done for it, is as it was read. One that is noted is due now, where it waits
 * in the table; in order its message looks again by itself.
 *
 * @param row as it was read
 * @param at when it is recorded, epoch milliseconds
 * @param acknowledged by whom. @default it was a receipt
 */
export function toldStepStatement(
  table: string,
  row: AttributeMap,
  { kind, steps, attempts, attemptCount }: ToldStep,
  at: number,
  settledDays: number,
  acknowledged?: Acknowledgement,
): Statement {
  const { version } = steps;
  const update = withSteps(new Update(table), steps)
    .set(ATTRIBUTES.attempts, writeAttempts(attempts))
    .set(ATTRIBUTES.attemptCount, number(attemptCount));
  if (acknowledged !== undefined) update.set(ATTRIBUTES.acknowledged, writeAcknowledgement(acknowledged));
  if (kind === "confirm")
    update
      .set(ATTRIBUTES.confirmationState, text("CONFIRMED"))
      .set(ATTRIBUTES.stateVersion, number(version))
      .set(ATTRIBUTES.settledAt, number(at))
      .set(ATTRIBUTES.purgeAt, number(purgeAtOf(at, settledDays)))
      .remove(...DUE, ATTRIBUTES.failure, ATTRIBUTES.failedKey, ATTRIBUTES.failedAt);
  else if (stateOf(row) === "SCHEDULED" && numberOf(row[ATTRIBUTES.dueAt]) !== undefined)
    update.set(ATTRIBUTES.dueAt, number(at));
  update.where(NOT_CONFIRMED, number(version));
  return asSeen(update, row).build(row["transactionId"]?.S ?? "");
}
