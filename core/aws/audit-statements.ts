/**
 * Writes of the audit to a transaction. They name what was seen of the row, so that whatever anyone else did meanwhile
 * stays. A row that is put back is only given its place in the due index: `release-due` does the rest, as for any other
 * row.
 */
import { ATTRIBUTES, TERMINAL_ONLY } from "../transaction/row/attributes.ts";
import type { AttributeMap } from "../transaction/attribute-value.ts";
import { isStateCurrent } from "../transaction/row/row-state.ts";
import { versionOf } from "../transaction/transaction.ts";
import { type Statement, Update } from "./statements/statement.ts";
import { unchanged } from "./statements/unchanged.ts";

/** What tells whether a row is terminal, and where it is in the due index. */
const COMPARED = [
  "version",
  ATTRIBUTES.stateVersion,
  ATTRIBUTES.confirmationState,
  ATTRIBUTES.dueKey,
  ATTRIBUTES.dueAt,
];

/**
 * Back into the due index, due at `dueAt` (epoch milliseconds), and marked with the version for which that was done. A
 * time to live is taken away, and so are releases that were counted for another version.
 *
 * @param row as it was read
 */
export function putBackStatement(table: string, row: AttributeMap, dueKey: string, dueAt: number): Statement {
  const update = new Update(table)
    .set(ATTRIBUTES.dueKey, { S: dueKey })
    .set(ATTRIBUTES.dueAt, { N: String(dueAt) })
    .remove(...TERMINAL_ONLY);
  const version = versionOf(row);
  if (version !== undefined) update.set(ATTRIBUTES.auditedVersion, { N: String(version) });
  if (!isStateCurrent(row) && Number(row[ATTRIBUTES.auditedVersion]?.N) !== version)
    update.remove(ATTRIBUTES.unheardReleases);
  for (const name of COMPARED) unchanged(update, name, row[name]);
  return update.build(row["transactionId"]?.S ?? "");
}

/** A row moves to its place in the merchant index, from a wrong one. @param row as it was read */
export function relistStatement(table: string, row: AttributeMap, merchantKey: string): Statement {
  const update = new Update(table).set(ATTRIBUTES.merchantKey, { S: merchantKey });
  for (const name of ["version", "merchantId", "occurredAt", ATTRIBUTES.merchantKey])
    unchanged(update, name, row[name]);
  return update.build(row["transactionId"]?.S ?? "");
}
