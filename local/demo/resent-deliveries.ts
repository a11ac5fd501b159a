/**
 * What the worker says that it sent twice within one attempt, since its reused connection was closed before anything
 * of a response came. A merchant may have answered all the same: each such resend, as the row keeps it, allows one more
 * delivery of its own webhook-id. So does an attempt that the worker gave up at its deadline, where its merchant, on a
 * machine that is busy, accepted it all the same, and so late that the worker cannot have seen it in time.
 */
import type { TerminalRow } from "./evidence.ts";
import { type Delivery, isConfirmation } from "./fleet/ledger.ts";
import { versionKey } from "./judge-deliveries.ts";

/** Milliseconds that a response may be on its way, or lie in a socket, on a machine that is busy. */
const ON_ITS_WAY_MS = 500;

/** @returns webhook-ids, one entry for each resend; of what never arrived there is nothing to allow */
export function resentDeliveries(rows: readonly TerminalRow[], deliveries: readonly Delivery[]): readonly string[] {
  const resent = rows.filter(({ resends = 0, timedOutAtMs = [] }) => resends + timedOutAtMs.length > 0);
  if (resent.length === 0) return [];
  const accepted = Map.groupBy(deliveries.filter(isConfirmation), ({ webhookId }) => webhookId);
  const ids = new Map(deliveries.map((delivery) => [versionKey(delivery), delivery.webhookId]));
  return resent.flatMap(({ resends = 0, timedOutAtMs = [], ...row }) => {
    const id = ids.get(versionKey(row));
    if (id === undefined) return [];
    return Array.from({ length: resends + acceptedTooLate(timedOutAtMs, accepted.get(id) ?? []) }, () => id);
  });
}

/** All but the last of them were followed by another; each accounts for one attempt that was given up. */
function acceptedTooLate(timedOutAtMs: readonly number[], accepted: readonly Delivery[]): number {
  const respondedAtMs = accepted
    .map(({ respondedAtMs: at = 0 }) => at)
    .toSorted((left, right) => left - right)
    .slice(0, -1);
  const left = [...timedOutAtMs];
  return respondedAtMs.filter((at) => {
    const index = left.findIndex((timedOutAt) => at >= timedOutAt - ON_ITS_WAY_MS);
    if (index !== -1) left.splice(index, 1);
    return index !== -1;
  }).length;
}
