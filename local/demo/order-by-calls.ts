/**
 * Which transactions of a run of the demo were owed an order: one that names another comes after it; and what each
 * ordering key is owed whatever the stream makes of the order of writing: its transactions one at a time,
 * each called until it is over and not again afterwards. So whichever was called first comes before the next one. For
 * versions that nothing supersedes. Pure.
 */
import type { Delivery } from "./fleet/ledger.ts";
import type { Evidence, ExpectedOrder } from "./evidence.ts";

export function orderByCalls({
  inserted,
  deliveries,
}: Pick<Evidence, "inserted" | "deliveries">): readonly ExpectedOrder[] {
  const ordered = new Map(inserted.map(({ transactionId, ordering }) => [transactionId, ordering]));
  const named = [...ordered].flatMap(([transactionId, ordering]): ExpectedOrder[] =>
    ordering?.after === undefined
      ? []
      : [{ before: { transactionId: ordering.after, version: 1 }, after: { transactionId }, because: "it names it" }],
  );
  const keyOf = (transactionId: string): string | undefined => {
    const ordering = ordered.get(transactionId);
    return ordering && JSON.stringify([ordering.merchantId, ordering.key]);
  };
  return [...named, ...oneAtATime(deliveries, keyOf)];
}

/** @param keyOf of a transaction; undefined for one without. A key is of one merchant. */
export function oneAtATime(
  deliveries: readonly Delivery[],
  keyOf: (transactionId: string) => string | undefined,
): readonly ExpectedOrder[] {
  const lastOf = new Map<string, Delivery>();
  const seen = new Set<string>();
  const expected: ExpectedOrder[] = [];
  for (const delivery of deliveries.toSorted((one, other) => one.sequence - other.sequence)) {
    const { transactionId, version } = delivery;
    const key = keyOf(transactionId);
    if (key === undefined || seen.has(transactionId)) continue;
    seen.add(transactionId);
    const before = lastOf.get(key);
    lastOf.set(key, delivery);
    if (before !== undefined)
      expected.push({ before, after: { transactionId, version }, because: "was called first with its key" });
  }
  return expected;
}
