/**
 * What the worker says that it sent twice within one attempt, since its reused connection was closed before anything
 * of a response came. A merchant may have answered all the same: each such resend, as the row keeps it, allows one more
 * delivery of its own webhook-id. So does an attempt that the worker gave up at its deadline, where its merchant, on a
 * machine that is busy, accepted it all the same; one that no merchant accepted allows nothing.
 */
import type { TerminalRow } from "./evidence.ts";
import { type Delivery, isConfirmation } from "./fleet/ledger.ts";
import { versionKey } from "./judge-deliveries.ts";

/** @returns webhook-ids, one entry for each resend; of what never arrived there is nothing to allow */
export function resentDeliveries(rows: readonly TerminalRow[], deliveries: readonly Delivery[]): readonly string[] {
  const resent = rows.filter(({ resends = 0, timeouts = 0 }) => resends + timeouts > 0);
  if (resent.length === 0) return [];
  const accepted = Map.groupBy(deliveries.filter(isConfirmation), ({ webhookId }) => webhookId);
  const ids = new Map(deliveries.map((delivery) => [versionKey(delivery), delivery.webhookId]));
  return resent.flatMap((row) => {
    const id = ids.get(versionKey(row));
    return id === undefined ? [] : Array.from({ length: allowed(row, accepted.get(id)?.length ?? 0) }, () => id);
  });
}

function allowed({ resends = 0, timeouts = 0 }: TerminalRow, acceptedTimes: number): number {
  return resends + Math.min(timeouts, Math.max(0, acceptedTimes - 1));
}
