/**
 * The record of an acknowledgement: what a merchant was called for is confirmed, whatever has become of it meanwhile.
 */
import { ATTRIBUTES } from "../../transaction/row/attributes.ts";
import { type Acknowledgement, writeAcknowledgement } from "../../transaction/row/acknowledgement.ts";
import type { AttributeMap } from "../../transaction/attribute-value.ts";
import { purgeAtOf } from "./complete.ts";
import { NOT_CONFIRMED } from "./conditions.ts";
import { asSeen, DUE } from "./content.ts";
import { number, type Statement, text, Update } from "./statement.ts";

/**
 * Taken only where the row is as it was read. What is on its way of it, and a dead letter that is put back, are stale
 * then; its attempts stay as they are.
 *
 * @param row as it was read, one that may be acknowledged (`judgeAcknowledgement`)
 */
export function acknowledgeStatement(
  table: string,
  row: AttributeMap,
  acknowledgement: Acknowledgement,
  settledDays: number,
): Statement {
  const { version, at } = acknowledgement;
  const update = new Update(table)
    .set(ATTRIBUTES.confirmationState, text("CONFIRMED"))
    .set(ATTRIBUTES.stateVersion, number(version))
    .set(ATTRIBUTES.acknowledged, writeAcknowledgement(acknowledgement))
    .set(ATTRIBUTES.settledAt, number(at))
    .set(ATTRIBUTES.purgeAt, number(purgeAtOf(at, settledDays)))
    .remove(...DUE, ATTRIBUTES.failure, ATTRIBUTES.failedKey, ATTRIBUTES.failedAt)
    .where(NOT_CONFIRMED, number(version));
  return asSeen(update, row).build(row["transactionId"]?.S ?? "");
}
