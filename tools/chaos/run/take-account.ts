/**
 * The account of a run: what was written, held against what the merchants, the table and the dead-letter queue hold.
 * Pure, and suspicious:
 *
 * - `lost`: neither confirmed on both sides, nor `FAILED` with a reason in the table and a dead letter with a reason.
 * - `duplicates`: further deliveries of a webhook-id that its merchant had answered with a 2xx.
 * - `outOfOrder`: deliveries of a version after a newer one of the same transaction; and of transactions with an
 * ordering key before what
 *   comes before them (see `owed-order.ts`) was over.
 *
 * A row whose version nobody can read is known by its id alone. A dead letter that was put back counts as seen.
 */
import type { DeadLetter, Finding, SettledRow } from "../../../local/demo/evidence.ts";
import { isConfirmation, type Delivery } from "../../../local/demo/fleet/ledger.ts";
import { judgeDeliveries, versionKey } from "../../../local/demo/judge-deliveries.ts";
import { resentDeliveries } from "../../../local/demo/resent-deliveries.ts";
import { judgeOrder } from "../../../local/demo/owed-order.ts";
import { judgeContents } from "./judge-contents.ts";
import { type OrderFacts, owedOrder } from "./owed-order.ts";
import type { WholeRow } from "./whole-rows.ts";
import type { WrittenTransaction, Verdict } from "./written-transaction.ts";

export interface RunEvidence extends Pick<OrderFacts, "arrivals" | "purges"> {
  readonly written: readonly WrittenTransaction[];
  readonly deliveries: readonly Delivery[];
  readonly rows: readonly SettledRow[];
  /** The same with all that they hold, where the contents of what was delivered are looked at. */
  readonly whole?: readonly WholeRow[];
  /** Those in the queue at the end and those that were put back. */
  readonly deadLetters: readonly DeadLetter[];
  /**
   * Webhook-ids that may be delivered once more, one entry for each time, beside those that rows say were sent again in
   * an attempt.
   */
  readonly allowedAgain: readonly string[];
  /** Transactions that were put back after they had failed. */
  readonly reopened: ReadonlySet<string>;
}

/** What there is to say of order where nothing has an ordering key. */
export const UNORDERED = { arrivals: [], purges: [], reopened: new Set<string>() } as const;

export interface RunAccount {
  readonly transactions: number;
  readonly confirmed: number;
  readonly deadLettered: number;
  readonly lost: number;
  readonly duplicates: number;
  readonly duplicatesAllowed: number;
  readonly outOfOrder: number;
}

export interface RunAccountReport {
  readonly account: RunAccount;
  /** Whatever is wrong; duplicates only where nothing allows them. */
  readonly findings: readonly Finding[];
  /** Pairs of transactions whose order was looked at. */
  readonly ordersOwed: number;
}

export function takeRunAccount(evidence: RunEvidence): RunAccountReport {
  const rows = new Map(evidence.rows.map((row) => [row.transactionId, row]));
  const letters = Map.groupBy(evidence.deadLetters, ({ transactionId }) => transactionId);
  const confirmations = new Set(
    evidence.deliveries.filter((delivery) => isConfirmation(delivery)).map((delivery) => versionKey(delivery)),
  );
  const wholes = new Map(evidence.whole?.map((row) => [row.transactionId, row]));
  const delivered = Map.groupBy(evidence.deliveries, ({ transactionId }) => transactionId);
  const inFlight = new Set(evidence.allowedAgain);
  const unrecorded = new Set(
    evidence.deliveries.filter(({ webhookId }) => inFlight.has(webhookId)).map((delivery) => versionKey(delivery)),
  );
  let confirmed = 0;
  let deadLettered = 0;
  const lost: Finding[] = [];
  for (const transaction of evidence.written) {
    const { transactionId } = transaction;
    const verdict =
      judgeContents(transaction, wholes.get(transactionId), delivered.get(transactionId) ?? []) ??
      settle(transaction, rows.get(transactionId), confirmations, letters.get(transactionId) ?? [], unrecorded);
    if (verdict === "confirmed") confirmed += 1;
    else if (verdict === "dead-lettered") deadLettered += 1;
    else lost.push({ kind: "lost", transactionId, detail: `${transaction.poison ?? "good row"}: ${verdict.lost}` });
  }
  const owed = owedOrder(evidence);
  const allowedAgain = [...evidence.allowedAgain, ...resentDeliveries(evidence.rows, evidence.deliveries)];
  const { duplicates, outOfOrder: olderVersions } = judgeDeliveries(evidence.deliveries);
  const outOfOrder = [...olderVersions, ...judgeOrder({ ...evidence, owed })];
  return {
    account: {
      transactions: evidence.written.length,
      confirmed,
      deadLettered,
      lost: lost.length,
      duplicates: duplicates.length,
      duplicatesAllowed: allowedAgain.length,
      outOfOrder: outOfOrder.length,
    },
    findings: [...lost, ...unexplained(duplicates, allowedAgain), ...outOfOrder],
    ordersOwed: owed.length,
  };
}

const EXPIRED: ReadonlySet<string> = new Set(["expired", "expired_untried"]);

function settle(
  { transactionId, versions }: WrittenTransaction,
  row: SettledRow | undefined,
  confirmations: ReadonlySet<string>,
  letters: readonly DeadLetter[],
  unrecorded: ReadonlySet<string>,
): Verdict {
  if (row === undefined) return { lost: "it is not in the table" };
  const newest = versions.length === 0 ? undefined : Math.max(...versions);
  if (newest !== undefined && row.version !== newest)
    return { lost: `the table holds version ${row.version}, written was ${newest}` };
  const key = versionKey({ transactionId, version: newest ?? 0 });
  const isAccepted = newest !== undefined && confirmations.has(key);
  if (row.state === "CONFIRMED")
    return isAccepted ? "confirmed" : { lost: "the table says CONFIRMED, its merchant did not accept it" };
  if (row.state !== "FAILED")
    return { lost: `not settled, the table says ${row.state}${isAccepted ? ", though its merchant accepted it" : ""}` };
  const isContentChanged = row.failure?.code === "content_changed";
  // Its record went with a killed worker, and its time was over when it came again.
  const isForgotten = unrecorded.has(key) && EXPIRED.has(row.failure?.code ?? "");
  if (isAccepted && !isContentChanged && !isForgotten)
    return { lost: `its merchant accepted it, the table says FAILED: ${row.failure?.reason ?? ""}` };
  if (!row.failure?.reason) return { lost: "FAILED without a reason in the table" };
  const letter = letters.find(({ version }) => newest === undefined || version === newest);
  if (letter === undefined) return { lost: `FAILED (${row.failure.reason}), but never in the dead-letter queue` };
  return letter.reason ? "dead-lettered" : { lost: "dead-lettered without a reason in the message" };
}

/** Each allowance explains one duplicate of its own webhook-id. */
function unexplained(duplicates: readonly Finding[], allowedAgain: readonly string[]): readonly Finding[] {
  const left = new Map<string, number>();
  for (const webhookId of allowedAgain) left.set(webhookId, (left.get(webhookId) ?? 0) + 1);
  return duplicates.filter(({ webhookId = "" }) => {
    const allowed = left.get(webhookId) ?? 0;
    left.set(webhookId, allowed - 1);
    return allowed <= 0;
  });
}
