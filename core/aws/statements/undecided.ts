/** Writes by which a person decides about a row that a restore left undecided; taken only while it is. */
import { ATTRIBUTES, TERMINAL_ONLY } from "../../transaction/row/attributes.ts";
import { type AttributeMap, type AttributeValue, stringOf } from "../../transaction/attribute-value.ts";
import { orderedGroupIdOf } from "../../transaction/ordering.ts";
import { orderedKeyFor, parkKeyFor } from "../../transaction/row/index-keys.ts";
import { writeRestoredBy } from "../../transaction/row/restored-by.ts";
import { versionOf } from "../../transaction/transaction.ts";
import { purgeAtOf } from "./complete.ts";
import { number, type Statement, text, Update } from "./statement.ts";

const { confirmationState, stateVersion, failure, restoredBy } = ATTRIBUTES;

interface Decided {
  /** The job that carries the decision out. */
  readonly jobId: string;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** Due now: `release-due` puts it on the queue as the next generation, or sends it to its group. @param row as read */
export function sendUndecidedStatement(table: string, row: AttributeMap, shards: number, decided: Decided): Statement {
  const transactionId = stringOf(row["transactionId"]) ?? "";
  const groupId = orderedGroupIdOf(row);
  const update = new Update(table)
    .set(confirmationState, text(groupId === undefined ? "SCHEDULED" : "PENDING"))
    .set(
      ATTRIBUTES.dueKey,
      text(groupId === undefined ? parkKeyFor(transactionId, shards) : orderedKeyFor(groupId, shards)),
    )
    .set(ATTRIBUTES.dueAt, number(decided.now))
    .remove(failure, ATTRIBUTES.settledAt, ...TERMINAL_ONLY);
  return whileUndecided(update, row, decided);
}

export function confirmUndecidedStatement(
  table: string,
  row: AttributeMap,
  settledDays: number,
  decided: Decided,
): Statement {
  const update = new Update(table)
    .set(confirmationState, text("CONFIRMED"))
    .set(ATTRIBUTES.settledAt, number(decided.now))
    .set(ATTRIBUTES.purgeAt, number(purgeAtOf(decided.now, settledDays)))
    .remove(failure, ATTRIBUTES.failedKey, ATTRIBUTES.failedAt);
  return whileUndecided(update, row, decided);
}

function whileUndecided(update: Update, row: AttributeMap, { jobId, now }: Decided): Statement {
  const version = versionOf(row) ?? 0;
  const undecided: AttributeValue = text("restore_undecided");
  return update
    .set(restoredBy, writeRestoredBy({ jobId, version, at: now, as: "operator" }))
    .where("version=?", number(version))
    .where(`${confirmationState}='FAILED' AND ${stateVersion}=? AND ${failure}.code=?`, number(version), undecided)
    .build(stringOf(row["transactionId"]) ?? "");
}
