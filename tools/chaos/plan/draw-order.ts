/**
 * Which transactions of a run carry an ordering key, and which of those name the one before them. The keys are of
 * merchants that fail and come back, so that what is behind is really held back: good ones, which faults turn into
 * something else, one that fails at first and one that fails always. Each has two keys: on one every transaction names
 * the one before it in time, the other rests on the queue.
 */
import { pick, type Random } from "../../../local/demo/seeded-random.ts";
import { RUN_MERCHANTS } from "./merchants.ts";

export interface PlannedOrder {
  readonly merchantId: string;
  readonly orderingKey: string;
  /** Id of the one that was first written before it with the same key. */
  readonly orderingAfter?: string;
}

const ORDERED_SHARE = 0.25;
const NAMED_SHARE = 0.5;
const NAMING_KEY = "named";
const QUEUE_KEY = "queued";
const GOOD_ONES = 4;

const of = (behaviour: string) => RUN_MERCHANTS.filter((merchant) => merchant.behaviour === behaviour);
export const ORDERED_MERCHANTS = [
  ...of("good").slice(0, GOOD_ONES),
  ...of("failing-at-first").slice(0, 1),
  ...of("failing-always"),
].map(({ merchantId }) => merchantId);

/** @returns merchant and key of a transaction; undefined for one without */
export function drawOrder(random: Random): PlannedOrder | undefined {
  if (random() >= ORDERED_SHARE) return undefined;
  const merchantId = pick(ORDERED_MERCHANTS, random);
  return { merchantId, orderingKey: random() < NAMED_SHARE ? NAMING_KEY : QUEUE_KEY };
}

interface Ordered extends Partial<PlannedOrder> {
  readonly transactionId: string;
  readonly merchantId: string;
  readonly versions: readonly { readonly atMs: number }[];
}

/** Has each transaction of a naming key name the one whose first version is written before its own. */
export function nameTheOneBefore<Transaction extends Ordered>(transactions: readonly Transaction[]): Transaction[] {
  const firstAtMs = ({ versions }: Ordered) => versions[0]?.atMs ?? 0;
  const last = new Map<string, string>();
  const before = new Map<string, string>();
  for (const { transactionId, merchantId, orderingKey } of transactions.toSorted(
    (one, other) => firstAtMs(one) - firstAtMs(other),
  )) {
    if (orderingKey !== NAMING_KEY) continue;
    const named = last.get(merchantId);
    if (named !== undefined) before.set(transactionId, named);
    last.set(merchantId, transactionId);
  }
  return transactions.map((transaction) => {
    const orderingAfter = before.get(transaction.transactionId);
    return orderingAfter === undefined ? transaction : { ...transaction, orderingAfter };
  });
}
