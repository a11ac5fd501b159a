/**
 * What must be completed before a row, as each names the one before it by `orderingAfter`: handled first, in its place,
 * wherever their messages are. The stream hands on changes of different rows in any order, so that those may be behind
 * the row's own in the queue, or not in it yet.
 */
import type { AttributeMap } from "../transaction/attribute-value.ts";
import { stringOf } from "../transaction/attribute-value.ts";
import { orderedGroupIdOf, orderingAfterOf } from "../transaction/ordering.ts";
import { isSettled } from "../transaction/state.ts";
import type { TablePort } from "./ports.ts";

/** Far more than a stream mixes up; each is read. */
const MAX_CHAIN = 1000;

/**
 * @param groupId of the row; one that is gone, or of another group, is not waited for
 * @returns ids, the one to be completed first at the front. @throws when a row cannot be read, or there is no end to
 * them
 */
export async function predecessorsOf(
  table: Pick<TablePort, "read">,
  row: AttributeMap,
  groupId: string,
): Promise<string[]> {
  const before: string[] = [];
  const known = new Set([stringOf(row["transactionId"])]);
  let next = orderingAfterOf(row);
  while (next !== undefined && !known.has(next)) {
    const found = await table.read(next);
    if (found === undefined || orderedGroupIdOf(found) !== groupId || isSettled(found)) break;
    if (before.length === MAX_CHAIN) throw new Error(`more than ${MAX_CHAIN} unsettled transactions come before it`);
    before.unshift(next);
    known.add(next);
    next = orderingAfterOf(found);
  }
  return before;
}
