/** What a million rows cost while they are kept: storage, backups, audits, manifests. */
import { PRICES_USD } from "../../../core/settings/prices.ts";
import type { Settings } from "../../../core/settings/settings.ts";
import { GB, HOURS_A_MONTH, MILLION } from "../cost-item.ts";
import {
  AUDIT_BYTES_PER_SECOND,
  INDEX_ENTRY_BYTES,
  ITEM_OVERHEAD_BYTES,
  MANIFEST_LINE_BYTES,
  ROW_BYTES,
} from "./quantities.ts";
import type { ByItem } from "./second.ts";

const DAY_SECONDS = 86_400;
const DAYS_A_MONTH = HOURS_A_MONTH / 24;
/** Bytes that half a read unit takes in a scan: eventually consistent, by page and not by row. */
const SCANNED_A_READ = 8192;
/** A day's manifest reads each row for its line, and once more when the day is looked at again. */
const MANIFEST_READS = 2;
/** `lib/audit-transactions`: a function of 1 GB. */
const AUDIT_MEMORY_GB = 1;

/** Of rows, once as many are kept as ever will be. */
export function tableBytesOf({ targetRatePerSecond, retention }: Settings): number {
  return targetRatePerSecond * retention.settledDays * DAY_SECONDS * (ROW_BYTES + ITEM_OVERHEAD_BYTES);
}

/** Read units that audits and manifests take of the table for each confirmation. */
export function auditReads({ retention, audit }: Settings): number {
  const sweeps = (retention.settledDays * 24) / audit.tableEveryHours;
  return (sweeps * ROW_BYTES) / SCANNED_A_READ + MANIFEST_READS;
}

export function keptByItem(settings: Settings, usdARead: number): ByItem {
  const { retention, audit } = settings;
  const months = retention.settledDays / DAYS_A_MONTH;
  const rowGb = (MILLION * (ROW_BYTES + ITEM_OVERHEAD_BYTES)) / GB;
  const indexGb = (MILLION * (INDEX_ENTRY_BYTES + ITEM_OVERHEAD_BYTES)) / GB;
  const sweeps = (retention.settledDays * 24) / audit.tableEveryHours;
  const auditSeconds = ((sweeps + MANIFEST_READS) * MILLION * ROW_BYTES) / AUDIT_BYTES_PER_SECOND;
  const manifestGb = (MILLION * MANIFEST_LINE_BYTES) / GB;
  return {
    Storage: (rowGb + indexGb) * months * PRICES_USD.perTableGbMonth,
    Backups: rowGb * months * PRICES_USD.perBackupGbMonth,
    Audits: MILLION * auditReads(settings) * usdARead + auditSeconds * AUDIT_MEMORY_GB * PRICES_USD.perLambdaGbSecond,
    Manifests: manifestGb * (retention.manifestDays / DAYS_A_MONTH) * PRICES_USD.perObjectGbMonth,
  };
}
