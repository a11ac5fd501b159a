/** The account of a run of the demo, in figures: what was inserted, and what became of it by all sides. Pure. */
import type { AccountReport, Evidence } from "./evidence.ts";
import { orderByCalls } from "./order-by-calls.ts";
import { reconcile } from "./reconcile.ts";

export function takeAccount(evidence: Evidence): AccountReport {
  const found = reconcile({ ...evidence, written: evidence.inserted, expected: orderByCalls(evidence) });
  const { lost, duplicates, outOfOrder } = found;
  const inserted = evidence.inserted.length;
  const account = {
    inserted,
    confirmed: found.confirmed,
    deadLettered: found.deadLettered,
    superseded: found.superseded,
    lost: lost.length,
    duplicates: duplicates.length,
    outOfOrder: outOfOrder.length,
    seconds: round(evidence.seconds),
    perSecond: round(evidence.seconds > 0 ? inserted / evidence.seconds : 0),
  };
  return { account, findings: [...lost, ...duplicates, ...outOfOrder] };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
