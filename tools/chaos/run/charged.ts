/**
 * What was charged to merchants that had done nothing: tries, give-ups and opened circuits of watched merchants, by the
 * intervals in which the suite itself had something of ours fail and by the merchants' own books. What the worker made
 * of it plays no part. Pure.
 *
 * - An attempt is charged if it overlaps a fault of ours and failed although its merchant never saw it, or answered it
 * well,
 *   or refused it for a signature that a wrong clock had made.
 * - A give-up is charged if a fault of ours fell into the time since the transaction was written: its merchant would
 *   have taken it.
 * - A trip is charged if a fault of ours fell into the half minute by which circuits judge.
 */
import type { Finding } from "../../../local/demo/evidence.ts";
import type { Delivery } from "../../../local/demo/fleet/ledger.ts";
import { FAILING_AT_FIRST_MERCHANTS, WATCHED_MERCHANTS } from "../plan/merchants.ts";
import type { OwnInterval } from "./own-fault-book.ts";
import type { WrittenTransaction } from "./written-transaction.ts";
import type { RowAttempt, WholeRow } from "./whole-rows.ts";

/** The worker's clock was off by so much. */
export interface ClockOffset {
  readonly fromMs: number;
  readonly toMs: number;
  readonly byMs: number;
}

/** A circuit that was seen to have opened. */
export interface Trip {
  readonly merchantId: string;
  readonly atMs: number;
}

export interface ChargeEvidence {
  readonly written: readonly WrittenTransaction[];
  readonly rows: readonly WholeRow[];
  readonly deliveries: readonly Delivery[];
  readonly own: readonly OwnInterval[];
  readonly workerClock: readonly ClockOffset[];
  readonly trips: readonly Trip[];
  /** Transactions whose dead letters somebody put back, or forged. */
  readonly reopened: ReadonlySet<string>;
}

export interface Charged {
  readonly attempts: number;
  readonly trips: number;
  readonly giveUps: number;
  readonly findings: readonly Finding[];
}

interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** By which the books of two processes may differ over the same call. */
const SLACK_MS = 300;
/** By which a program on a busy machine may be late to read what its clock says. */
const LATE_CLOCK_MS = 1000;
/** How far circuits look back, and what a verdict may be late by. */
const CIRCUIT_LOOKS_BACK_MS = 32_000;
/** A fault is felt a little longer than it lasts: connections and answers that it held come late. */
const AFTERMATH_MS = 2500;

export function chargedToMerchants(evidence: ChargeEvidence): Charged {
  const rows = new Map(evidence.rows.map((row) => [row.transactionId, row]));
  const deliveries = Map.groupBy(evidence.deliveries, ({ transactionId }) => transactionId);
  const attempts: Finding[] = [];
  const giveUps: Finding[] = [];
  for (const transaction of evidence.written) {
    const row = rows.get(transaction.transactionId);
    const isPutBack = evidence.reopened.has(transaction.transactionId);
    if (row === undefined || isPutBack || !isWatched(transaction, row)) continue;
    for (const attempt of row.attempts) {
      const because = chargedAttempt(attempt, row, deliveries.get(row.transactionId) ?? [], evidence);
      if (because !== undefined) attempts.push(finding(row.transactionId, because));
    }
    const { beganAtMs = 0 } = transaction;
    if (row.state !== "FAILED") continue;
    const label = ownWithin({ fromMs: beganAtMs, toMs: Number.POSITIVE_INFINITY }, evidence.own);
    if (label !== undefined)
      giveUps.push(finding(row.transactionId, `given up as ${row.failureCode} by ${row.merchantId}, during: ${label}`));
  }
  const trips = evidence.trips.flatMap(({ merchantId, atMs }) => {
    if (!WATCHED_MERCHANTS.has(merchantId) || FAILING_AT_FIRST_MERCHANTS.has(merchantId)) return [];
    const label = ownWithin({ fromMs: atMs - CIRCUIT_LOOKS_BACK_MS, toMs: atMs }, evidence.own);
    return label === undefined ? [] : [finding("", `the circuit of ${merchantId} opened, during: ${label}`)];
  });
  return {
    attempts: attempts.length,
    trips: trips.length,
    giveUps: giveUps.length,
    findings: [...attempts, ...trips, ...giveUps],
  };
}

function finding(transactionId: string, detail: string): Finding {
  return { kind: "charged", transactionId, detail };
}

/**
 * Whoever put it back or rewrote it made a muddle of its attempts; and what comes in order at a merchant that fails
 * each one at first may wait for those before it until its time is over.
 */
function isWatched(
  { transactionId, merchantId, isPlain, isRewritten, order }: WrittenTransaction,
  row: WholeRow,
): boolean {
  return (
    isPlain === true &&
    isRewritten !== true &&
    order === undefined &&
    merchantId === row.merchantId &&
    WATCHED_MERCHANTS.has(row.merchantId) &&
    transactionId === row.transactionId
  );
}

/** @returns why it is charged; undefined for one that is not */
function chargedAttempt(
  attempt: RowAttempt,
  { version, merchantId }: WholeRow,
  deliveries: readonly Delivery[],
  { own, workerClock }: ChargeEvidence,
): string | undefined {
  if (attempt.outcome === "delivered" || attempt.isFree) return undefined;
  const ofVersion = deliveries.filter((delivery) => delivery.version === version && delivery.merchantId === merchantId);
  const spans = spansOf(attempt, workerClock);
  // Its merchant had it and did not take it, for reasons of its own. Which of its times is the true one is not known.
  const isItsOwn = (delivery: Delivery): boolean =>
    failedByItself(delivery) &&
    ((attempt.status !== undefined && delivery.responseStatus === attempt.status) ||
      spans.some((span) => isWithin(delivery, span)));
  if (ofVersion.some(isItsOwn)) return undefined;
  for (const span of spans) {
    const label = ownWithin(span, own);
    if (label === undefined) continue;
    const seen = ofVersion.filter((delivery) => isWithin(delivery, span));
    const said = seen.map(({ responseStatus = "nothing" }) => `${merchantId} answered ${responseStatus}`);
    const { outcome, error = "", durationMs } = attempt;
    const seenBy = said.join(", ") || "its merchant never saw it";
    return `a try ended as ${outcome} (${error}) after ${durationMs} ms, ${seenBy}, during: ${label}`;
  }
  return undefined;
}

/** When it really was: the worker wrote the time of its own clock. */
function spansOf({ at, durationMs }: RowAttempt, offsets: readonly ClockOffset[]): readonly Span[] {
  const shifted = offsets
    .filter(({ fromMs, toMs, byMs }) => at - byMs >= fromMs - LATE_CLOCK_MS && at - byMs <= toMs + LATE_CLOCK_MS)
    .map(({ byMs }) => at - byMs);
  return [...shifted, at].map((fromMs) => ({ fromMs, toMs: fromMs + durationMs }));
}

function isWithin({ arrivedAtMs }: Delivery, { fromMs, toMs }: Span): boolean {
  return arrivedAtMs >= fromMs - SLACK_MS && arrivedAtMs <= toMs + SLACK_MS;
}

function failedByItself({ verified, responseStatus }: Delivery): boolean {
  return verified && (responseStatus === undefined || responseStatus < 200 || responseStatus >= 300);
}

/** @returns labels of the faults of ours that overlap it; undefined for none */
function ownWithin({ fromMs, toMs }: Span, own: readonly OwnInterval[]): string | undefined {
  const labels = own
    .filter((interval) => interval.fromMs <= toMs && interval.toMs + AFTERMATH_MS >= fromMs)
    .map(({ label }) => label);
  return labels.length === 0 ? undefined : [...new Set(labels)].join(", ");
}
