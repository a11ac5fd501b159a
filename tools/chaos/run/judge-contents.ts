/**
 * Whether what is recorded is what was delivered, for a transaction whose version was put again with another content:
 * either its merchant accepted what the row says now, or the row says that its content changed and what was accepted.
 * Pure.
 */
import { isConfirmation, type Delivery } from "../../../local/demo/fleet/ledger.ts";
import type { Verdict } from "../../../local/demo/reconcile.ts";
import type { WrittenTransaction } from "./written-transaction.ts";
import type { WholeRow } from "./whole-rows.ts";

const CHANGED = "content_changed";

/**
 * @param delivered of the transaction
 * @param untold how many of its deliveries were in flight when a worker was killed: it told nobody what was accepted,
 * and what a put brought afterwards is delivered as if it were the first (decision 35, "What it cannot know")
 * @returns undefined where contents say nothing: it is judged like any other
 */
export function judgeContents(
  { isRewritten, versions }: WrittenTransaction,
  row: WholeRow | undefined,
  delivered: readonly Delivery[],
  untold = 0,
): Verdict | undefined {
  if (isRewritten !== true || row === undefined) return undefined;
  const newest = Math.max(...versions);
  const confirmations = delivered.filter((delivery) => delivery.version === newest && isConfirmation(delivery));
  const accepted = [...new Set(confirmations.map(({ content = "" }) => content))].slice(untold);
  if (accepted.length > 1) return { lost: `two contents were accepted as one version: ${accepted.join(" and ")}` };
  const [content] = accepted;
  if (content === undefined) return undefined;
  if (row.state === "CONFIRMED") {
    if (content === row.content) return undefined;
    return { lost: `the table says CONFIRMED ${row.content}, its merchant accepted ${content}` };
  }
  if (row.state !== "FAILED")
    return { lost: `no outcome, the table says ${row.state}, its merchant accepted ${content}` };
  if (row.failureCode !== CHANGED) return content === row.content ? undefined : wrongCode(row, content);
  if (row.accepted === content) return "dead-lettered";
  return { lost: `FAILED ${CHANGED} with ${row.accepted ?? "nothing"} as accepted, its merchant accepted ${content}` };
}

function wrongCode({ failureCode = "" }: WholeRow, content: string): Verdict {
  return { lost: `FAILED ${failureCode}, expected ${CHANGED}: its merchant accepted ${content}` };
}
