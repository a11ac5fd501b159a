/**
 * The record of a 2xx, which is written for nearly every transaction: its text is the same for all of a table and is
 * made once, and its parameters are written as JSON at once. Tests hold both against what DynamoDB makes of them.
 */
import { ATTRIBUTES } from "../../transaction/row/attributes.ts";
import { type Accepted, acceptedJson, CONTENT_FIELDS, writeAccepted } from "../../transaction/accepted.ts";
import { attemptsJson, writeAttempts } from "../../transaction/attempt.ts";
import { quoted } from "../../transaction/json-text.ts";
import { writeSteps } from "../../transaction/row/steps.ts";
import type { Progress } from "./progress.ts";
import { purgeAtOf } from "./complete.ts";
import { CONFIRMABLE } from "./conditions.ts";
import { JsonStatement, number, type Statement, type Target, text, Update } from "./statement.ts";

const SET = [
  ATTRIBUTES.confirmationState,
  ATTRIBUTES.stateVersion,
  ATTRIBUTES.attemptCount,
  ATTRIBUTES.attempts,
  ATTRIBUTES.accepted,
  ATTRIBUTES.settledAt,
  ATTRIBUTES.purgeAt,
];
const REMOVED = [
  ATTRIBUTES.unheardReleases,
  ATTRIBUTES.waitingFor,
  ATTRIBUTES.dueKey,
  ATTRIBUTES.dueAt,
  ATTRIBUTES.giveUpAt,
  ATTRIBUTES.nextTryAt,
  ATTRIBUTES.failure,
];
const CLAUSES = [...SET.map((name) => `SET ${name}=?`), ...REMOVED.map((name) => `REMOVE ${name}`)];
const SAME_CONTENT = CONTENT_FIELDS.map((name) => `${name}=?`).join(" AND ");
const CONDITION = `transactionId=? AND version=? AND ${CONFIRMABLE} AND ${SAME_CONTENT}`;

/** What comes before the parameters that differ, by table. */
const beginnings = new Map<string, string>();

function beginningFor(table: string): string {
  const known = beginnings.get(table);
  if (known !== undefined) return known;
  const update = `UPDATE "${table}" ${CLAUSES.join(" ")} WHERE ${CONDITION}`;
  const beginning = `{"Statement":${JSON.stringify(update)},"Parameters":[{"S":"CONFIRMED"}`;
  beginnings.set(table, beginning);
  return beginning;
}

/**
 * The merchant responded with 2xx. Counts whatever the generation; leaves the due index; starts the time to live. A row
 * that says something else by now than was delivered is not confirmed: all but its payload is compared here, and that
 * by whoever sees the change.
 *
 * @param delivered what the row said when it was read for this attempt
 */
export function confirmStatement(
  table: string,
  { transactionId, version }: Target,
  { attemptCount, attempts, accepted }: Pick<Progress, "attemptCount" | "attempts" | "accepted">,
  delivered: Accepted,
  now: number,
  settledDays: number,
): Statement {
  const { merchantId, outcome, amount, currency, occurredAt } = delivered;
  const set =
    `{"N":"${version}"},{"N":"${attemptCount}"},${attemptsJson(attempts)},` +
    `${acceptedJson(version, accepted ?? delivered)},{"N":"${now}"},{"N":"${purgeAtOf(now, settledDays)}"}`;
  const money = `{"S":"${amount}"},{"S":"${currency}"}`;
  const content = `{"S":${quoted(merchantId)}},{"S":"${outcome}"},${money},{"S":"${occurredAt}"}`;
  const where = `{"S":${quoted(transactionId)}},{"N":"${version}"},{"N":"${version}"},${content}`;
  return new JsonStatement(transactionId, `${beginningFor(table)},${set},${where}]}`);
}

/**
 * The same of a recipient with channels, with what was done by them. Counts whatever the revision of its steps: that it
 * was delivered ends all else.
 */
export function confirmByChannelsStatement(
  table: string,
  { transactionId, version }: Target,
  { attemptCount, attempts, accepted, steps }: Pick<Progress, "attemptCount" | "attempts" | "accepted" | "steps">,
  delivered: Accepted,
  now: number,
  settledDays: number,
): Statement {
  const update = new Update(table)
    .set(ATTRIBUTES.confirmationState, text("CONFIRMED"))
    .set(ATTRIBUTES.stateVersion, number(version))
    .set(ATTRIBUTES.attemptCount, number(attemptCount))
    .set(ATTRIBUTES.attempts, writeAttempts(attempts))
    .set(ATTRIBUTES.accepted, writeAccepted(version, accepted ?? delivered))
    .set(ATTRIBUTES.settledAt, number(now))
    .set(ATTRIBUTES.purgeAt, number(purgeAtOf(now, settledDays)))
    .remove(...REMOVED, ATTRIBUTES.failedKey, ATTRIBUTES.failedAt);
  if (steps !== undefined) update.set(ATTRIBUTES.steps, writeSteps(steps));
  update.where("version=?", number(version)).where(CONFIRMABLE, number(version));
  for (const name of CONTENT_FIELDS) update.where(`${name}=?`, text(delivered[name]));
  return update.build(transactionId);
}
