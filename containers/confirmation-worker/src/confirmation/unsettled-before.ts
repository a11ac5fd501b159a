/**
 * What must be settled before a row, as each names the one before it by `orderingAfter`. The stream hands on changes of
 * different rows in any order, so that their messages may be behind the row's own in the queue, or not in it yet.
 */
import type { AttributeMap } from "../../../../core/transaction/attribute-value.ts";
import { stringOf } from "../../../../core/transaction/attribute-value.ts";
import { orderedGroupIdOf, orderingAfterOf } from "../../../../core/transaction/ordering.ts";
import { isSettled } from "../../../../core/transaction/state.ts";
import type { RowReader } from "../read/row-reader.ts";

/** Far more than a stream mixes up; each is read. */
const MAX_CHAIN = 1000;

/**
 * @param groupId of the row; one that is gone, or of another group, is not waited for
 * @returns ids, the one to be settled first at the front. @throws when a row cannot be read, or there is no end to them
 */
export async function pendingBefore(
  rows: Pick<RowReader, "read">,
  row: AttributeMap,
  groupId: string,
): Promise<string[]> {
  const before: string[] = [];
  const known = new Set([stringOf(row["transactionId"])]);
  let next = orderingAfterOf(row);
  while (next !== undefined && !known.has(next)) {
    const found = await rows.read(next);
    if (found === undefined || orderedGroupIdOf(found) !== groupId || isSettled(found)) break;
    if (before.length === MAX_CHAIN) throw new Error(`more than ${MAX_CHAIN} unsettled transactions come before it`);
    before.unshift(next);
    known.add(next);
    next = orderingAfterOf(found);
  }
  return before;
}
