/** The account of a run of the fault suite, in figures: what was written, and what became of it by all sides. Pure. */
import type { DeadLetter, Finding, TerminalRow } from "../../../local/demo/evidence.ts";
import type { Delivery } from "../../../local/demo/fleet/ledger.ts";
import { reconcile } from "../../../local/demo/reconcile.ts";
import { resentDeliveries } from "../../../local/demo/resent-deliveries.ts";
import { judgeContents } from "./judge-contents.ts";
import { orderByArrivals, type OrderFacts } from "./order-by-arrivals.ts";
import type { WholeRow } from "./whole-rows.ts";
import type { WrittenTransaction } from "./written-transaction.ts";

export interface RunEvidence extends Pick<OrderFacts, "arrivals" | "purges"> {
  readonly written: readonly WrittenTransaction[];
  readonly deliveries: readonly Delivery[];
  readonly rows: readonly TerminalRow[];
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
  readonly ordersExpected: number;
}

export function takeRunAccount(evidence: RunEvidence): RunAccountReport {
  const wholes = new Map(evidence.whole?.map((row) => [row.transactionId, row]));
  const delivered = Map.groupBy(evidence.deliveries, ({ transactionId }) => transactionId);
  const expected = orderByArrivals(evidence);
  const { lost, duplicates, outOfOrder, ...counts } = reconcile<WrittenTransaction>({
    ...evidence,
    expected,
    mayFollowDeadLetter: true,
    unrecorded: evidence.allowedAgain,
    ofContents: (transaction) => {
      const { transactionId } = transaction;
      const own = delivered.get(transactionId) ?? [];
      const ids = new Set(own.map(({ webhookId }) => webhookId));
      const untold = evidence.allowedAgain.filter((webhookId) => ids.has(webhookId)).length;
      return judgeContents(transaction, wholes.get(transactionId), own, untold);
    },
  });
  const allowedAgain = [...evidence.allowedAgain, ...resentDeliveries(evidence.rows, evidence.deliveries)];
  const poisons = new Map(evidence.written.map(({ transactionId, poison = "good row" }) => [transactionId, poison]));
  const described = lost.map((one) => ({ ...one, detail: `${poisons.get(one.transactionId)}: ${one.detail}` }));
  return {
    account: {
      transactions: evidence.written.length,
      confirmed: counts.confirmed,
      deadLettered: counts.deadLettered,
      lost: lost.length,
      duplicates: duplicates.length,
      duplicatesAllowed: allowedAgain.length,
      outOfOrder: outOfOrder.length,
    },
    findings: [...described, ...unexplained(duplicates, allowedAgain), ...outOfOrder],
    ordersExpected: expected.length,
  };
}

/**
 * What is left to be explained of the duplicates.
 *
 * @param allowedAgain webhook-ids, of which each entry explains one more delivery: it was in flight when a worker was
 * killed, or was sent once more in an attempt
 */
function unexplained(findings: readonly Finding[], allowedAgain: readonly string[]): readonly Finding[] {
  const left = new Map<string, number>();
  for (const webhookId of allowedAgain) left.set(webhookId, (left.get(webhookId) ?? 0) + 1);
  return findings.filter(({ webhookId = "" }) => {
    const allowed = left.get(webhookId) ?? 0;
    left.set(webhookId, allowed - 1);
    return allowed <= 0;
  });
}
