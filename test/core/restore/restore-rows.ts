/** Rows of a transaction's life, as tests of restores need them. */
import { type Accepted, contentOf, writeAccepted } from "../../../core/transaction/accepted.ts";
import type { AttributeMap } from "../../../core/transaction/attribute-value.ts";
import { parseTransaction } from "../../../core/transaction/parse-transaction.ts";
import { type Changes, changed, number, text, transactionRow } from "../../support/rows.ts";

/** When the backup is of, when the damage was done, and when it is restored. */
export const BACKUP_AT = Date.parse("2026-11-22T12:00:00Z");
export const DAMAGED_AT = Date.parse("2026-11-22T13:00:00Z");
export const NOW = Date.parse("2026-11-22T14:00:00Z");

export function acceptedIn(row: AttributeMap): Accepted {
  const parsed = parseTransaction(row);
  if ("faults" in parsed) throw new Error(parsed.faults.join(", "));
  return contentOf(parsed.transaction);
}

/** On its way, and nothing was recorded yet. */
export function pendingRow(changes: Changes = {}): AttributeMap {
  return transactionRow({
    merchantKey: text("m-1#2026-11-22#0"),
    dueKey: text("P#0"),
    dueAt: number(BACKUP_AT + 900_000),
    ...changes,
  });
}

/** Parked after an attempt that failed. */
export function parkedRow(dueAt: number, changes: Changes = {}): AttributeMap {
  const row = pendingRow(changes);
  return changed(row, {
    confirmationState: text("SCHEDULED"),
    stateVersion: row["version"],
    dueKey: text("T#0"),
    dueAt: number(dueAt),
    attemptCount: number(1),
    attempts: { L: [{ M: { at: number(BACKUP_AT - 1000), durationMs: number(5), outcome: text("status_5xx") } }] },
    accepted: writeAccepted(Number(row["version"]?.N), acceptedIn(row)),
  });
}

export function confirmedRow(at: number, changes: Changes = {}): AttributeMap {
  const row = pendingRow(changes);
  return changed(row, {
    confirmationState: text("CONFIRMED"),
    stateVersion: row["version"],
    settledAt: number(at),
    purgeAt: number(Math.floor(at / 1000) + 90 * 86_400),
    attemptCount: number(1),
    attempts: { L: [{ M: { at: number(at), durationMs: number(5), outcome: text("delivered") } }] },
    accepted: writeAccepted(Number(row["version"]?.N), acceptedIn(row)),
    dueKey: undefined,
    dueAt: undefined,
  });
}

export function failedRow(at: number, code = "attempts_exhausted", changes: Changes = {}): AttributeMap {
  return changed(confirmedRow(at, changes), {
    confirmationState: text("FAILED"),
    attempts: { L: [{ M: { at: number(at), durationMs: number(5), outcome: text("status_5xx") } }] },
    failure: { M: { code: text(code), fault: text("merchant"), reason: text("why") } },
    failedKey: text("m-1#0"),
    failedAt: text(`${code}#x`),
  });
}
