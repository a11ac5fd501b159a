/**
 * Which rows are claimed, whatever the responses were. A call that is slow is made again: its second attempt is refused
 * where the first has claimed the row, or it never hears what became of it. Such a row would wait for a lease with
 * nobody on the way to it, so it is read once more. To take a claim for our own that is another's just like it does no
 * harm: both send the same message of the same generation. What cannot be said then is doubtful (`doubtful-claims.ts`).
 */
import { ATTRIBUTES } from "../../../core/transaction/row/attributes.ts";
import type { Claim } from "../../../core/aws/statements/requeue.ts";
import type { TransactionsTable, WriteResult } from "../../../core/aws/transactions-table.ts";
import type { AttributeMap } from "../../../core/transaction/attribute-value.ts";
import { numberOf } from "../../../core/transaction/attribute-value.ts";
import { rowStateOf } from "../../../core/transaction/row/row-state.ts";
import { versionOf } from "../../../core/transaction/transaction.ts";
import type { DoubtfulClaims } from "./doubtful-claims.ts";
import { type Log, logError } from "../../../core/telemetry/log-error.ts";

export interface OwnClaimsParts {
  readonly table: Pick<TransactionsTable, "read">;
  /** Told of claims that may have been made, or be made still. @default they wait for their lease */
  readonly doubtful?: Pick<DoubtfulClaims, "add"> | undefined;
  readonly warn: Log;
}

/**
 * @param claims at most 100.
 * @param results of their statements.
 * @returns for each whether the row is as it claimed it
 */
export async function ownClaims(
  claims: readonly Claim[],
  results: readonly WriteResult[],
  { table, warn, doubtful: doubts }: OwnClaimsParts,
): Promise<readonly boolean[]> {
  const doubtful = claims.filter((_, index) => isDoubtful(results[index]));
  if (doubtful.length === 0) return results.map(({ kind }) => kind === "written");
  let rows: ReadonlyMap<string, AttributeMap> = new Map();
  let isRead = false;
  try {
    rows = await table.read(doubtful.map(({ target }) => target.transactionId));
    isRead = true;
  } catch (error) {
    logError(warn, "claims without an answer not read", error, { count: doubtful.length });
  }
  const own = claims.map((claim, index) => {
    if (!isDoubtful(results[index])) return results[index]?.kind === "written";
    return isMade(claim, rows.get(claim.target.transactionId));
  });
  // What was refused before its row was read was not made later.
  doubts?.add(claims.filter((_, index) => own[index] === false && isUnknown(results[index], isRead)));
  return own;
}

function isUnknown(result: WriteResult | undefined, isRead: boolean): boolean {
  return result?.kind === "unavailable" || (result?.kind === "condition failed" && !isRead);
}

function isDoubtful(result: WriteResult | undefined): boolean {
  return result?.kind === "condition failed" || result?.kind === "unavailable";
}

function isMade({ target, claimed }: Claim, row: AttributeMap | undefined): boolean {
  if (row === undefined || versionOf(row) !== target.version) return false;
  const { state, release, unheardReleases } = rowStateOf(row);
  return (
    state === "PENDING" &&
    release === target.release &&
    unheardReleases === claimed.unheardReleases &&
    numberOf(row[ATTRIBUTES.dueAt]) === claimed.dueAt
  );
}
