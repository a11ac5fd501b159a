/**
 * Which transactions of a run were owed an order among each other, from what was written and what came into the ordered
 * queue:
 *
 * - one that names another comes after it, at the version that the other one had when it was written. Nothing excuses.
 * - of two of a key whose transactions name nobody, the one whose message came into the ordered queue first comes
 * first; unless that queue
 *   was purged in between, or a newer version has taken its place.
 *
 * Pure.
 */
import type { VersionOfTransaction, ExpectedOrder } from "../../../local/demo/evidence.ts";
import type { OrderedArrival } from "../proxy/ordered-arrivals.ts";

/** How a transaction with an ordering key was written. */
export interface WrittenOrder {
  readonly merchantId: string;
  readonly orderingKey: string;
  /**
   * The one that it names, at the newest version of it that the table had accepted before its own first write began.
   */
  readonly after?: VersionOfTransaction;
  /** Epoch milliseconds at which the write of each version began. */
  readonly beganAtMs: Readonly<Record<number, number>>;
}

export interface OrderFacts {
  readonly written: readonly { readonly transactionId: string; readonly order?: WrittenOrder }[];
  /** The first of each version. */
  readonly arrivals: readonly OrderedArrival[];
  /** Of the ordered queue. */
  readonly purges: readonly Purge[];
}

/** Epoch milliseconds. */
export interface Purge {
  readonly fromMs: number;
  readonly toMs: number;
}

export function orderByArrivals({ written, arrivals, purges }: OrderFacts): readonly ExpectedOrder[] {
  const orders = new Map(
    written.flatMap(({ transactionId, order }) => (order ? [[transactionId, order] as const] : [])),
  );
  const named = [...orders].flatMap(([transactionId, { after }]): ExpectedOrder[] =>
    after === undefined ? [] : [{ before: after, after: { transactionId }, because: "it names it" }],
  );
  const naming = new Set([...orders.values()].flatMap((order) => (order.after === undefined ? [] : [keyOf(order)])));
  const queued = Map.groupBy(
    arrivals.filter(({ transactionId }) => orders.has(transactionId)),
    ({ transactionId }) => keyOf(orders.get(transactionId) as WrittenOrder),
  );
  return [...named, ...[...queued].flatMap(([key, ofKey]) => (naming.has(key) ? [] : inPlace(ofKey, orders, purges)))];
}

function inPlace(
  arrivals: readonly OrderedArrival[],
  orders: ReadonlyMap<string, WrittenOrder>,
  purges: readonly Purge[],
): readonly ExpectedOrder[] {
  const inTurn = arrivals.toSorted((one, other) => (one.place < other.place ? -1 : 1));
  return inTurn.flatMap((before, index) => {
    const { transactionId, version, atMs } = before;
    const supersededAtMs = orders.get(transactionId)?.beganAtMs[version + 1];
    return inTurn.slice(index + 1).flatMap((after): ExpectedOrder[] =>
      after.transactionId === transactionId
        ? []
        : [
            {
              before: { transactionId, version, ...(supersededAtMs !== undefined && { supersededAtMs }) },
              after: { transactionId: after.transactionId, version: after.version },
              because: "its message came into the queue first",
              isExcused: (calledAtMs) => purges.some(({ fromMs, toMs }) => toMs >= atMs && fromMs <= calledAtMs),
            },
          ],
    );
  });
}

function keyOf({ merchantId, orderingKey }: WrittenOrder): string {
  return JSON.stringify([merchantId, orderingKey]);
}
