/**
 * The record of a 2xx, which is written for nearly every transaction: its text is the same for all of a table and is made once, and
 * its parameters are written as JSON at once. Tests hold both against what DynamoDB makes of them.
 */
import { attemptsJson } from "../../core/attempt.ts";
import { quoted } from "../../core/json-text.ts";
import type { Progress } from "./progress.ts";
import { purgeAtOf } from "./settle.ts";
import { JsonStatement, NOT_CONFIRMED, type Statement, type Target } from "./statement.ts";

const CLAUSES = [
  "SET confirmationState=?",
  "SET stateVersion=?",
  "SET attemptCount=?",
  "SET attempts=?",
  "SET settledAt=?",
  "SET purgeAt=?",
  ...["unheardReleases", "waitingFor", "dueKey", "dueAt", "giveUpAt", "nextTryAt", "failure"].map(
    (name) => `REMOVE ${name}`,
  ),
];
const CONDITION = `transactionId=? AND version=? AND ${NOT_CONFIRMED}`;

/** What comes before the parameters that differ, by table. */
const beginnings = new Map<string, string>();

function beginningFor(table: string): string {
  const known = beginnings.get(table);
  if (known !== undefined) return known;
  const text = `UPDATE "${table}" ${CLAUSES.join(" ")} WHERE ${CONDITION}`;
  const beginning = `{"Statement":${JSON.stringify(text)},"Parameters":[{"S":"CONFIRMED"}`;
  beginnings.set(table, beginning);
  return beginning;
}

/** The merchant answered 2xx. Counts whatever the release; leaves the due index; starts the time to live. */
export function confirmStatement(
  table: string,
  { transactionId, version }: Target,
  { attemptCount, attempts }: Progress,
  now: number,
  settledDays: number,
): Statement {
  const set = `{"N":"${version}"},{"N":"${attemptCount}"},${attemptsJson(attempts)},{"N":"${now}"},{"N":"${purgeAtOf(now, settledDays)}"}`;
  const where = `{"S":${quoted(transactionId)}},{"N":"${version}"},{"N":"${version}"}`;
  return new JsonStatement(transactionId, `${beginningFor(table)},${set},${where}]}`);
}
