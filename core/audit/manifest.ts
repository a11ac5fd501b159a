/**
 * A manifest: what became of every transaction of one merchant that occurred on one UTC day. One line for each
 * transaction, in files; the lines form a hash chain, so that none can be changed, removed, added or moved; the
 * manifest itself holds the end of the chain, counts and exact sums, and the hash of the merchant's manifest before.
 * `verifier/verify-manifest.mjs` checks all of it, with code of its own.
 */
import { createHash } from "node:crypto";
import { ATTRIBUTES } from "../transaction/row/attributes.ts";
import { type ConfirmedByWhom, confirmedByOf } from "../transaction/row/confirmed-by.ts";
import { acceptedOf } from "../transaction/accepted.ts";
import type { AttributeMap } from "../transaction/attribute-value.ts";
import { numberOf, stringOf } from "../transaction/attribute-value.ts";
import { addDecimals } from "../transaction/decimal-sum.ts";
import { type State, stateOf } from "../transaction/row/row-state.ts";
import { CURRENCY, DECIMAL, OUTCOME, versionOf } from "../transaction/transaction.ts";

export const MANIFEST_FORMAT = "confirmation-manifest/1";
/** The same with lines of what another system confirmed: who does not know of them must not take them for ours. */
export const MANIFEST_FORMAT_ELSEWHERE = "confirmation-manifest/2";

/**
 * Outcome, amount and currency are what the merchant accepted, or may have, whatever the row says now. What a row says
 * that cannot be read is null; such a row has failed with a reason.
 */
export interface ManifestLine {
  readonly transactionId: string;
  readonly version: number | null;
  readonly state: State;
  readonly outcome: string | null;
  /** Decimal as text. */
  readonly amount: string | null;
  readonly currency: string | null;
  /** ISO 8601. */
  readonly settledAt: string | null;
  /** Of a confirmed one that this pipeline did not deliver; no other line has it. */
  readonly confirmedBy?: ConfirmedByWhom;
}

const OUTCOMES = { CONFIRMED: "confirmed", FAILED: "failed", PENDING: "unsettled", SCHEDULED: "unsettled" } as const;

export interface CurrencySums {
  readonly transactions: number;
  /** Of all, then of those in each state; decimals. */
  readonly total: string;
  readonly confirmed: string;
  readonly failed: string;
  readonly unsettled: string;
  /** Where there is any. */
  readonly confirmedElsewhere?: string;
}

export interface ManifestTotals {
  readonly transactions: number;
  /** Delivered by this pipeline. */
  readonly confirmed: number;
  readonly failed: number;
  readonly unsettled: number;
  /** Confirmed by another system; in none of the others. Missing where there is none. */
  readonly confirmedElsewhere?: number;
  /** Transactions whose amount or currency cannot be read; they are counted and not summed. */
  readonly unsummed: number;
  /** By currency. */
  readonly sums: Readonly<Record<string, CurrencySums>>;
}

export interface ManifestFile {
  readonly name: string;
  readonly lines: number;
  /** The chain after the last line of this file. */
  readonly chain: string;
}

/** The manifest before, whatever day it is for. */
export interface PreviousManifest {
  readonly sequence: number;
  readonly day: string;
  readonly revision: number;
  /** SHA-256 of the whole file, hexadecimal. */
  readonly sha256: string;
}

export interface Manifest {
  /** The second where lines have `confirmedBy`. */
  readonly format: typeof MANIFEST_FORMAT | typeof MANIFEST_FORMAT_ELSEWHERE;
  readonly merchantId: string;
  /** UTC day of `occurredAt`, `2026-11-22`. */
  readonly day: string;
  /** From 1; raised when something changed after the day's manifest was written. */
  readonly revision: number;
  /** From 1; raised with each manifest of the merchant. */
  readonly sequence: number;
  /** ISO 8601. */
  readonly writtenAt: string;
  readonly totals: ManifestTotals;
  readonly files: readonly ManifestFile[];
  /** The chain after the last line. */
  readonly chain: string;
  readonly previous: PreviousManifest | null;
}

export const NO_TRANSACTIONS: ManifestTotals = {
  transactions: 0,
  confirmed: 0,
  failed: 0,
  unsettled: 0,
  unsummed: 0,
  sums: {},
};

const NO_SUMS: CurrencySums = { transactions: 0, total: "0", confirmed: "0", failed: "0", unsettled: "0" };

export function lineOf(row: AttributeMap): ManifestLine {
  const matching = (name: string, pattern: RegExp): string | null => {
    const value = stringOf(row[name]);
    return value !== undefined && pattern.test(value) ? value : null;
  };
  const accepted = acceptedOf(row);
  const confirmedBy = confirmedByOf(row)?.by;
  return {
    transactionId: stringOf(row["transactionId"]) ?? "",
    version: versionOf(row) ?? null,
    state: stateOf(row),
    outcome: accepted?.outcome ?? matching("outcome", OUTCOME),
    amount: accepted?.amount ?? matching("amount", DECIMAL),
    currency: accepted?.currency ?? matching("currency", CURRENCY),
    settledAt: instantOf(numberOf(row[ATTRIBUTES.settledAt])),
    ...(confirmedBy !== undefined && { confirmedBy }),
  };
}

/** As it stands in the file, without the line feed. */
export function lineText(line: ManifestLine): string {
  return JSON.stringify(line);
}

export function addLine(
  totals: ManifestTotals,
  { state, amount, currency, confirmedBy }: ManifestLine,
): ManifestTotals {
  const outcome = confirmedBy === undefined ? OUTCOMES[state] : "confirmedElsewhere";
  const counted = { ...totals, transactions: totals.transactions + 1, [outcome]: (totals[outcome] ?? 0) + 1 };
  if (amount === null || currency === null) return { ...counted, unsummed: totals.unsummed + 1 };
  const before = totals.sums[currency] ?? NO_SUMS;
  const sums = {
    ...before,
    transactions: before.transactions + 1,
    total: addDecimals(before.total, amount),
    [outcome]: addDecimals(before[outcome] ?? "0", amount),
  };
  return { ...counted, sums: { ...totals.sums, [currency]: sums } };
}

/** Of a manifest with these totals. */
export function formatOf({ confirmedElsewhere = 0 }: ManifestTotals): Manifest["format"] {
  return confirmedElsewhere > 0 ? MANIFEST_FORMAT_ELSEWHERE : MANIFEST_FORMAT;
}

/** Where the chain of a merchant's day begins; no other day's lines fit into it. The same in both formats. */
export function chainStart(merchantId: string, day: string): string {
  return hash(JSON.stringify([MANIFEST_FORMAT, merchantId, day]));
}

export function chainAfter(chain: string, text: string): string {
  return hash(`${chain}\n${text}`);
}

/** Names follow from what is in a file and in those before it, so that no other content ever takes its place. */
export function fileName(chain: string): string {
  return `lines-${chain}.jsonl`;
}

/**
 * The first line of the manifest's file, which is what is signed. Currencies are in the order of their names,
 * counts in that of `ManifestTotals`, with what was confirmed elsewhere after the others.
 */
export function manifestText(manifest: Manifest): string {
  const { sums, confirmedElsewhere, ...counts } = manifest.totals;
  const sorted = Object.entries(sums).toSorted(([one], [other]) => (one < other ? -1 : 1));
  const elsewhere = confirmedElsewhere === undefined ? {} : { confirmedElsewhere };
  return JSON.stringify({ ...manifest, totals: { ...counts, ...elsewhere, sums: Object.fromEntries(sorted) } });
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("base64url");
}

/** Milliseconds that no date has are anyone's writing. */
function instantOf(epochMs: number | undefined): string | null {
  const date = new Date(epochMs ?? Number.NaN);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}
