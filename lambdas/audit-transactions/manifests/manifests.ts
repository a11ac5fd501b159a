/**
 * One step through the manifests of a day: a file full of lines of one merchant, and its manifest when that was the
 * last one.
 */
import type { KeyObject } from "node:crypto";
import { manifestKey } from "../../../core/aws/manifest-bucket.ts";
import type { MerchantLookup } from "../../../core/aws/registered-merchants.ts";
import type { TransactionsTable } from "../../../core/aws/transactions-table.ts";
import { writeAll } from "../../../core/aws/write-all.ts";
import type { NextMerchant } from "../../../core/aws/next-merchant.ts";
import { SANDBOX } from "../../../core/merchant/merchant-environment.ts";
import { CANARY_MERCHANT_ID } from "../../../core/merchant/canary.ts";
import { beginDay, collectLines, type CollectParts, type DayProgress } from "./collect-lines.ts";
import { writeManifest, type WriteParts } from "./write-manifest.ts";
import { type Log, logError } from "../../../core/telemetry/log-error.ts";

export interface ManifestCounts {
  /** Merchants that were looked at. */
  readonly merchants: number;
  readonly written: number;
  /** Merchants whose keys cannot be used, so that nothing can be signed for them. */
  readonly unsigned: number;
  readonly transactions: number;
  readonly unsettled: number;
  /** Confirmed by another system than this pipeline. */
  readonly confirmedElsewhere: number;
  /** Rows that were listed under another merchant or day than they say. */
  readonly repaired: number;
}

export interface ManifestsState {
  readonly totals: ManifestCounts;
  /** The last merchant that is done. */
  readonly after?: string;
  readonly current?: DayProgress;
}

export interface ManifestsParts extends CollectParts, WriteParts {
  readonly table: Pick<TransactionsTable, "name" | "read" | "write">;
  /** The merchant after this one, in the part's segment. */
  readonly nextMerchant: (after: string | undefined) => Promise<NextMerchant | undefined>;
  /** Has it found by the beginning of its id. */
  readonly listMerchant: (merchantId: string) => Promise<void>;
  readonly keysOf: (merchantId: string) => Promise<MerchantLookup>;
  readonly warn: Log;
}

const DAY_MS = 86_400_000;

export const NO_COUNTS: ManifestCounts = {
  merchants: 0,
  written: 0,
  unsigned: 0,
  transactions: 0,
  unsettled: 0,
  confirmedElsewhere: 0,
  repaired: 0,
};

export async function manifestsStep(
  state: ManifestsState,
  parts: ManifestsParts,
): Promise<{ state: ManifestsState; isDone: boolean }> {
  const next = state.current ?? (await parts.nextMerchant(state.after));
  if (next === undefined) return { state, isDone: true };
  const { merchantId, liveSince } = next;
  if ("isUnlisted" in next) await list(merchantId, parts);
  if ("environment" in next && hasNone(next, parts.day))
    return { state: { ...state, after: merchantId }, isDone: false };
  const signingKey = await signingKeyOf(merchantId, parts);
  if (signingKey === undefined) return { state: passed(state, merchantId, { unsigned: 1 }), isDone: false };

  const collected = await collectLines(state.current ?? beginDay(merchantId, parts.day, liveSince), parts);
  const { progress, file, relist } = collected;
  const moved = await writeAll(parts.table, relist);
  const repaired = moved.filter(({ kind }) => kind === "written").length;
  if (file !== undefined && !(await isKnown(merchantId, file.name, parts)))
    await parts.put(manifestKey(merchantId, parts.day, file.name), file.text);
  if (!collected.isDone) {
    const totals = added(state.totals, { repaired });
    return { state: { ...state, totals, current: progress }, isDone: false };
  }
  const { transactions, unsettled, confirmedElsewhere = 0 } = progress.totals;
  const written = (await writeManifest(progress, signingKey, parts)) === "written" ? 1 : 0;
  return {
    state: passed(state, merchantId, { written, transactions, unsettled, confirmedElsewhere, repaired }),
    isDone: false,
  };
}

/** What cannot be listed now is tomorrow; no manifest waits for it. */
async function list(merchantId: string, { listMerchant, warn }: ManifestsParts): Promise<void> {
  try {
    await listMerchant(merchantId);
  } catch (error) {
    logError(warn, "merchant not listed by its id", error, { merchantId });
  }
}

/** Of nobody's, of the sandbox's, and of days that were over before it was live. */
function hasNone({ merchantId, environment, liveSince = 0 }: NextMerchant, day: string): boolean {
  return merchantId === CANARY_MERCHANT_ID || environment === SANDBOX || Date.parse(day) + DAY_MS <= liveSince;
}

function passed({ totals }: ManifestsState, merchantId: string, more: Partial<ManifestCounts>): ManifestsState {
  return { totals: added(totals, { ...more, merchants: 1 }), after: merchantId };
}

function added(totals: ManifestCounts, more: Partial<ManifestCounts>): ManifestCounts {
  const sums = Object.entries(totals).map(([name, count]) => [name, count + (more[name as keyof ManifestCounts] ?? 0)]);
  return Object.fromEntries(sums);
}

/** The newest ed25519 key; it comes first. */
async function signingKeyOf(merchantId: string, { keysOf, warn }: ManifestsParts): Promise<KeyObject | undefined> {
  const lookup = await keysOf(merchantId);
  const key = lookup.kind === "registered" ? lookup.keys.find(({ scheme }) => scheme === "v1a") : undefined;
  if (key?.scheme === "v1a") return key.privateKey;
  warn("no manifest, the merchant has no key to sign with", {
    merchantId,
    reason: lookup.kind === "unusable" ? lookup.reason : lookup.kind,
  });
  return undefined;
}

/** A file with this name has the same content: it was written for an earlier revision. */
async function isKnown(merchantId: string, name: string, { records, day }: ManifestsParts): Promise<boolean> {
  return (await records.day(merchantId, day))?.files.includes(name) === true;
}
