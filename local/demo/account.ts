/**
 * The account of a run: compares what was inserted with what the merchants, the table and the dead-letter queue hold.
 * Pure, and suspicious: a transaction counts as confirmed or dead-lettered only if every side says so; whatever is left
 * is lost.
 *
 * - `inserted`: transactions; each settles once, in its newest version. One whose content was changed under a version
 * that its merchant had
 *   accepted is given up by design.
 * - `superseded`: older versions that never settled, because a newer one replaced them.
 * - `duplicates`: further deliveries of a webhook-id (or of its transaction and version) that its merchant had answered
 * with a 2xx.
 * - `outOfOrder`: deliveries of a version after a newer one of the same transaction; and of transactions with an
 * ordering key before the
 *   end of the one that they name, or of one of their key that was called first.
 */
import { isConfirmation } from "./fleet/ledger.ts";
import { judgeDeliveries, versionKey } from "./judge-deliveries.ts";
import { oneAtATime } from "./one-at-a-time.ts";
import { judgeOrder } from "./owed-order.ts";
import type { SettledRow, DeadLetter, Evidence, Finding, AccountReport, OwedOrder } from "./evidence.ts";

export function takeAccount(evidence: Evidence): AccountReport {
  const rows = new Map(evidence.rows.map((row) => [row.transactionId, row]));
  const deadLetters = new Map(evidence.deadLetters.map((letter) => [versionKey(letter), letter]));
  const confirmations = new Set(
    evidence.deliveries.filter((delivery) => isConfirmation(delivery)).map((delivery) => versionKey(delivery)),
  );

  let confirmed = 0;
  let deadLettered = 0;
  let superseded = 0;
  const lost: Finding[] = [];
  for (const { transactionId, versions } of evidence.inserted) {
    const newest = { transactionId, version: Math.max(...versions) };
    const key = versionKey(newest);
    const verdict = settle(newest.version, rows.get(transactionId), confirmations.has(key), deadLetters.get(key));
    if (verdict === "confirmed") confirmed += 1;
    else if (verdict === "dead-lettered") deadLettered += 1;
    else lost.push({ kind: "lost", transactionId, detail: verdict.lost });
    const older = versions
      .filter((version) => version < newest.version)
      .map((version) => versionKey({ transactionId, version }));
    superseded += older.filter((olderKey) => !confirmations.has(olderKey) && !deadLetters.has(olderKey)).length;
  }

  const { duplicates, outOfOrder: olderVersions } = judgeDeliveries(evidence.deliveries);
  const outOfOrder = [...olderVersions, ...judgeOrder({ ...evidence, owed: owedOrder(evidence) })];
  const inserted = evidence.inserted.length;
  const account = {
    inserted,
    confirmed,
    deadLettered,
    superseded,
    lost: lost.length,
    duplicates: duplicates.length,
    outOfOrder: outOfOrder.length,
    seconds: round(evidence.seconds),
    perSecond: round(evidence.seconds > 0 ? inserted / evidence.seconds : 0),
  };
  return { account, findings: [...lost, ...duplicates, ...outOfOrder] };
}

function owedOrder({ inserted, deliveries }: Evidence): readonly OwedOrder[] {
  const ordered = new Map(inserted.map(({ transactionId, ordering }) => [transactionId, ordering]));
  const named = [...ordered].flatMap(([transactionId, ordering]): OwedOrder[] =>
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

type Verdict = "confirmed" | "dead-lettered" | { readonly lost: string };

function settle(
  newest: number,
  row: SettledRow | undefined,
  merchantConfirmed: boolean,
  deadLetter: DeadLetter | undefined,
): Verdict {
  if (row === undefined) return { lost: "it is not in the table" };
  if (row.version !== newest) return { lost: `the table holds version ${row.version}, inserted was ${newest}` };
  if (row.state === "CONFIRMED") {
    if (!merchantConfirmed) return { lost: "the table says CONFIRMED, its merchant did not accept it" };
    if (deadLetter !== undefined)
      return { lost: `confirmed on both sides, yet in the dead-letter queue: ${deadLetter.reason}` };
    return "confirmed";
  }
  const isContentChanged = row.failure?.code === "content_changed";
  if (merchantConfirmed && !isContentChanged) return { lost: `its merchant accepted it, the table says ${row.state}` };
  if (row.state !== "FAILED") return { lost: `not settled, the table says ${row.state}` };
  if (!row.failure?.reason) return { lost: "FAILED without a reason in the table" };
  if (deadLetter === undefined) return { lost: `FAILED (${row.failure.reason}), but not in the dead-letter queue` };
  if (!deadLetter.reason) return { lost: "dead-lettered without a reason in the message" };
  return "dead-lettered";
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
