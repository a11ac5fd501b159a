/**
 * Writes of an erasure: the one that was asked for, as an act that has its entry of the audit log beside it, and the
 * one that takes away again what somebody wrote to an erased row since. Both only where the row is as it was seen.
 */
import type { TransactWriteItem } from "@aws-sdk/client-dynamodb";
import type { AttributeMap } from "../../transaction/attribute-value.ts";
import { ATTRIBUTES } from "../../transaction/row/attributes.ts";
import { ERASED_AT, ERASED_VERSION } from "../../transaction/row/erased.ts";
import type { Erasure } from "../../transaction/row/erasure.ts";
import { asSeen } from "./content.ts";
import { type Statement, Update } from "./statement.ts";
import { unchanged } from "./unchanged.ts";

/** Names that one write takes away: an expression has 4 KB. A row with more is erased by several. */
export const MOST_REMOVED = 200;
/** The same of a statement, which has names of up to 255 characters and 8 KB of text. */
const MOST_REMOVED_BY_STATEMENT = 20;

/** What an erasure follows from, besides what it takes away. */
const SEEN = [
  "version",
  ATTRIBUTES.confirmationState,
  ATTRIBUTES.stateVersion,
  ATTRIBUTES.releaseNumber,
  ATTRIBUTES.attemptCount,
  ATTRIBUTES.attempts,
  ATTRIBUTES.redelivery,
  ATTRIBUTES.steps,
  ATTRIBUTES.acknowledged,
  ATTRIBUTES.confirmedBy,
  ATTRIBUTES.saidElsewhere,
  ATTRIBUTES.failure,
  ERASED_AT,
  ERASED_VERSION,
] as const;

/** @param row as it was read, consistently. @param erasure of which at most MOST_REMOVED names are taken away */
export function eraseAct(TableName: string, row: AttributeMap, { set, remove }: Erasure): TransactWriteItem {
  const removed = remove.slice(0, MOST_REMOVED);
  const names = [...new Set([...SEEN, ...Object.keys(set), ...removed])];
  const nameOf = (name: string) => `#${names.indexOf(name)}`;
  const conditions = SEEN.map((name, index) =>
    row[name] === undefined ? `attribute_not_exists(${nameOf(name)})` : `${nameOf(name)} = :seen${index}`,
  );
  const sets = Object.keys(set).map((name, index) => `${nameOf(name)} = :set${index}`);
  const values = {
    ...Object.fromEntries(Object.values(set).map((value, index) => [`:set${index}`, value])),
    ...Object.fromEntries(
      SEEN.flatMap((name, index) => (row[name] === undefined ? [] : [[`:seen${index}`, row[name]] as const])),
    ),
  };
  const expression = [
    ...(sets.length === 0 ? [] : [`SET ${sets.join(", ")}`]),
    ...(removed.length === 0 ? [] : [`REMOVE ${removed.map(nameOf).join(", ")}`]),
  ].join(" ");
  return {
    Update: {
      TableName,
      Key: { transactionId: row["transactionId"] as never },
      UpdateExpression: expression,
      ConditionExpression: conditions.join(" AND "),
      ExpressionAttributeNames: Object.fromEntries(names.map((name, index) => [`#${index}`, name])),
      ExpressionAttributeValues: values as never,
    },
  };
}

/** Of a name that can stand in quotes. */
const QUOTABLE = /^[^"]{1,255}$/;

/** @param row as the stream shows it. @returns undefined where nothing of it has a name that a statement can have */
export function eraseAgainStatement(table: string, row: AttributeMap, { set, remove }: Erasure): Statement | undefined {
  const removed = remove.filter((name) => QUOTABLE.test(name)).slice(0, MOST_REMOVED_BY_STATEMENT);
  if (removed.length === 0 && Object.keys(set).length === 0) return undefined;
  const update = new Update(table);
  for (const [name, value] of Object.entries(set)) update.set(name, value);
  update.remove(...removed.map((name) => `"${name}"`));
  for (const name of [ERASED_AT, ERASED_VERSION, ATTRIBUTES.attemptCount, ATTRIBUTES.settledAt])
    unchanged(update, name, row[name]);
  return asSeen(update, row).build(row["transactionId"]?.S ?? "");
}
