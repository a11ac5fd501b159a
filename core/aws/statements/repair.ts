/** Writes that put in place what a producer left out, took away or wiped, without a state of their own. */
import { ATTRIBUTES } from "../../transaction/row/attributes.ts";
import type { AttributeMap, AttributeValue } from "../../transaction/attribute-value.ts";
import type { FailedListing } from "../../transaction/row/failed-listing.ts";
import { placed } from "./complete.ts";
import { NOT_TERMINAL } from "./conditions.ts";
import { number, type Statement, Update } from "./statement.ts";
import { unchanged } from "./unchanged.ts";

const { confirmationState, stateVersion, dueKey, dueAt, merchantKey: LISTED_AT, highestVersion } = ATTRIBUTES;

/** What the place in the failed index follows from, and that place itself. */
const LISTED_BY = [
  "version",
  confirmationState,
  stateVersion,
  ATTRIBUTES.settledAt,
  ATTRIBUTES.failedKey,
  ATTRIBUTES.failedAt,
];

const HAS_NO_PARKING_DATE =
  `(${dueKey} IS MISSING OR ${dueAt} IS MISSING OR ${confirmationState} IS MISSING OR ` +
  `${confirmationState}<>'SCHEDULED' OR ${stateVersion}<>?)`;

/**
 * What a producer left out or took away is put in place; only while the row is still not terminal at this version. A
 * due date is not put in the place of the one for which the worker parked the row meanwhile.
 */
export function repairStatement(
  table: string,
  transactionId: string,
  version: number,
  set: Readonly<Record<string, AttributeValue>>,
  remove: readonly string[],
): Statement {
  const update = putting(table, set, remove, version).where(NOT_TERMINAL, number(version));
  if (set[dueAt] !== undefined) update.where(HAS_NO_PARKING_DATE, number(version));
  return update.build(transactionId);
}

/** A row without it comes into the merchant index, whatever its state. */
export function listStatement(
  table: string,
  transactionId: string,
  version: number,
  merchantKey: AttributeValue,
): Statement {
  return new Update(table)
    .set(LISTED_AT, merchantKey)
    .where("version=?", number(version))
    .where(`${LISTED_AT} IS MISSING`)
    .build(transactionId);
}

/** A terminal row comes to its place in the failed index, or leaves it. @param row as it was seen */
export function listFailedStatement(table: string, row: AttributeMap, listing: FailedListing | undefined): Statement {
  const update = placed(new Update(table), listing);
  for (const name of LISTED_BY) unchanged(update, name, row[name]);
  return update.build(row["transactionId"]?.S ?? "");
}

/** State that a put of the same version wiped, from the image before it; only while it is still missing. */
export function restoreStatement(
  table: string,
  transactionId: string,
  version: number,
  set: Readonly<Record<string, AttributeValue>>,
  remove: readonly string[],
): Statement {
  return putting(table, set, remove, version).where(`${confirmationState} IS MISSING`).build(transactionId);
}

/** A terminal row that a producer put into the due index leaves it again. */
export function leaveDueIndexStatement(table: string, transactionId: string, version: number): Statement {
  return new Update(table)
    .remove(dueKey, dueAt)
    .where("version=?", number(version))
    .where(`(${confirmationState}='CONFIRMED' OR ${confirmationState}='FAILED') AND ${stateVersion}=?`, number(version))
    .build(transactionId);
}

/** Keeps in mind that the row once had a higher version, whatever it has become since. */
export function rememberHighestStatement(table: string, transactionId: string, highest: number): Statement {
  return new Update(table)
    .set(highestVersion, number(highest))
    .where(`(${highestVersion} IS MISSING OR ${highestVersion}<?)`, number(highest))
    .build(transactionId);
}

function putting(
  table: string,
  set: Readonly<Record<string, AttributeValue>>,
  remove: readonly string[],
  version: number,
): Update {
  const update = new Update(table);
  for (const [name, value] of Object.entries(set)) update.set(name, value);
  return update.remove(...remove).where("version=?", number(version));
}
