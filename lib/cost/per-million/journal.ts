/**
 * What the journal of a million confirmations costs: the requests that put its files, and what is stored for as long as
 * it is kept. A file is put each `journal.everySeconds` by each program that confirms, or when it is full.
 */
import { PRICES_USD } from "../../../core/settings/prices.ts";
import type { Settings } from "../../../core/settings/settings.ts";
import { GB, HOURS_A_MONTH, MILLION } from "../cost-item.ts";
import { JOURNAL_ENTRY_BYTES, JOURNAL_FILE_ENTRIES } from "./quantities.ts";

const DAYS_A_MONTH = HOURS_A_MONTH / 24;

/** @param tasks that run at the target rate; none in small-account mode, where executions are */
export function journalUsd({ journal, targetRatePerSecond, lambda }: Settings, tasks: number): number {
  if (!journal.enabled) return 0;
  const writers = tasks === 0 ? lambda.maximumConcurrency : tasks;
  const seconds = MILLION / targetRatePerSecond;
  const files = Math.max((writers * seconds) / journal.everySeconds, MILLION / JOURNAL_FILE_ENTRIES);
  const storedGb = (MILLION * JOURNAL_ENTRY_BYTES) / GB;
  return (
    (files * PRICES_USD.perMillionObjectPuts) / MILLION +
    storedGb * (journal.keptDays / DAYS_A_MONTH) * PRICES_USD.perObjectGbMonth
  );
}
