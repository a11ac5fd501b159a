/**
 * Counts what the merchants' ledger says against what the table and the dead-letter queue say, transaction by
 * transaction. Pure, and suspicious: a transaction is confirmed or dead-lettered only if every side says so; whatever
 * is left is lost. Demo and fault suite both judge with it.
 *
 * - `lost`: neither confirmed on both sides, nor `FAILED` with a reason in the table and a dead letter with a reason.
 *   One whose content was changed under a version that its merchant had accepted is given up by design.
 * - `superseded`: older versions that never got to an end, because a newer one replaced them.
 * - `duplicates`: further deliveries of a webhook-id, or of its transaction and version, after a 2xx. What says that a
 *   job sends it again is none.
 * - `outOfOrder`: deliveries of a version after a newer one; and of transactions with an ordering key before what comes
 *   before them was over.
 */
import { type Delivery, isConfirmation } from "./fleet/ledger.ts";
import { judgeDeliveries, versionKey } from "./judge-deliveries.ts";
import { judgeOrder } from "./judge-order.ts";
import type { DeadLetter, Finding, ExpectedOrder, TerminalRow } from "./evidence.ts";

export type Verdict = "confirmed" | "dead-lettered" | { readonly lost: string };

/** Every version that the table accepted, oldest first; none where it cannot be read, and the id alone is known. */
export interface WrittenVersions {
  readonly transactionId: string;
  readonly versions: readonly number[];
}

export interface Sides<Written extends WrittenVersions> {
  readonly written: readonly Written[];
  readonly deliveries: readonly Delivery[];
  readonly rows: readonly TerminalRow[];
  /** Those in the queue at the end, and those that were put back. */
  readonly deadLetters: readonly DeadLetter[];
  readonly expected: readonly ExpectedOrder[];
  /** Transactions that were put back after they had failed. @default none */
  readonly reopened?: ReadonlySet<string>;
  /**
   * Whether one may have a dead letter and be confirmed all the same, as after it was put back.
   * @default only one that a job sent again, or that its merchant acknowledged, who may do so once it was given up
   */
  readonly mayFollowDeadLetter?: boolean;
  /** Webhook-ids whose record may have gone with a killed worker. @default none */
  readonly unrecorded?: readonly string[];
  /** Judges what the sides say of contents, before anything else. @default nobody does */
  readonly ofContents?: (transaction: Written) => Verdict | undefined;
}

export interface Reconciled {
  readonly confirmed: number;
  readonly deadLettered: number;
  readonly superseded: number;
  readonly lost: readonly Finding[];
  readonly duplicates: readonly Finding[];
  readonly outOfOrder: readonly Finding[];
}

interface OneSided {
  readonly newest: number | undefined;
  readonly row: TerminalRow | undefined;
  readonly isAccepted: boolean;
  readonly letter: DeadLetter | undefined;
  readonly isUnrecorded: boolean;
  readonly mayFollowDeadLetter: boolean;
}

export function reconcile<Written extends WrittenVersions>(sides: Sides<Written>): Reconciled {
  const { written, deliveries, deadLetters, mayFollowDeadLetter = false, unrecorded = [], ofContents } = sides;
  const rows = new Map(sides.rows.map((row) => [row.transactionId, row]));
  const letters = Map.groupBy(deadLetters, ({ transactionId }) => transactionId);
  const lettered = new Set(deadLetters.map((letter) => versionKey(letter)));
  const accepted = new Set(deliveries.filter((one) => isConfirmation(one)).map((one) => versionKey(one)));
  const sentAgain = new Set(deliveries.filter((one) => one.redelivery !== undefined).map((one) => versionKey(one)));
  const acknowledged = new Set(
    deliveries.filter((one) => one.acknowledgedAtMs !== undefined).map((one) => versionKey(one)),
  );
  const inFlight = new Set(unrecorded);
  const forgotten = new Set(
    deliveries.filter(({ webhookId }) => inFlight.has(webhookId)).map((one) => versionKey(one)),
  );
  const lost: Finding[] = [];
  const counts = { confirmed: 0, deadLettered: 0, superseded: 0 };
  for (const transaction of written) {
    const { transactionId, versions } = transaction;
    const newest = versions.length === 0 ? undefined : Math.max(...versions);
    const key = versionKey({ transactionId, version: newest ?? Number.NaN });
    const verdict =
      ofContents?.(transaction) ??
      judge({
        newest,
        row: rows.get(transactionId),
        isAccepted: accepted.has(key),
        letter: letters.get(transactionId)?.find(({ version }) => newest === undefined || version === newest),
        isUnrecorded: forgotten.has(key),
        mayFollowDeadLetter: mayFollowDeadLetter || sentAgain.has(key) || acknowledged.has(key),
      });
    if (verdict === "confirmed") counts.confirmed += 1;
    else if (verdict === "dead-lettered") counts.deadLettered += 1;
    else lost.push({ kind: "lost", transactionId, detail: verdict.lost });
    const older = versions
      .filter((version) => version !== newest)
      .map((version) => versionKey({ transactionId, version }));
    counts.superseded += older.filter((one) => !accepted.has(one) && !lettered.has(one)).length;
  }
  const { duplicates, outOfOrder } = judgeDeliveries(deliveries);
  return { ...counts, lost, duplicates, outOfOrder: [...outOfOrder, ...judgeOrder(sides)] };
}

const EXPIRED: ReadonlySet<string> = new Set(["expired", "expired_untried"]);

function judge({ newest, row, isAccepted, letter, isUnrecorded, mayFollowDeadLetter }: OneSided): Verdict {
  if (row === undefined) return { lost: "it is not in the table" };
  if (newest !== undefined && row.version !== newest)
    return { lost: `the table holds version ${row.version}, inserted was ${newest}` };
  if (row.state === "CONFIRMED") {
    if (!isAccepted) return { lost: "the table says CONFIRMED, its merchant did not accept it" };
    if (letter === undefined || mayFollowDeadLetter) return "confirmed";
    return { lost: `confirmed on both sides, yet in the dead-letter queue: ${letter.reason}` };
  }
  const isContentChanged = row.failure?.code === "content_changed";
  // Its record went with a killed worker, and its time was over when it came again.
  const isForgotten = row.state === "FAILED" && isUnrecorded && EXPIRED.has(row.failure?.code ?? "");
  if (isAccepted && !isContentChanged && !isForgotten)
    return { lost: `its merchant accepted it, the table says ${row.state}` };
  if (row.state !== "FAILED") return { lost: `no outcome, the table says ${row.state}` };
  if (!row.failure?.reason) return { lost: "FAILED without a reason in the table" };
  if (letter === undefined) return { lost: `FAILED (${row.failure.reason}), but not in the dead-letter queue` };
  return letter.reason ? "dead-lettered" : { lost: "dead-lettered without a reason in the message" };
}
