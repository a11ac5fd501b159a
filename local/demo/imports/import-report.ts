/** The account of an import, to the last row: accepted or rejected, and of what was accepted confirmed or given up. */
import type { Account } from "../evidence.ts";
import type { ImportCounts } from "./importer.ts";

export interface ImportReport extends ImportCounts {
  /** Megabytes that the process which looks the file through had at most. */
  readonly importerPeakMb: number;
}

export interface AccountedImport extends ImportReport {
  readonly confirmed: number;
  readonly deadLettered: number;
  /** Rows that are neither accepted nor rejected, and accepted ones that are neither confirmed nor dead-lettered. */
  readonly lost: number;
}

export function importReport(imported: ImportReport, account: Account): AccountedImport {
  const { rows, accepted, rejected, importerPeakMb } = imported;
  const { confirmed, deadLettered } = account;
  const unsaid = Math.abs(rows - accepted - rejected);
  const unaccounted = Math.abs(accepted - account.inserted);
  return {
    rows,
    accepted,
    rejected,
    confirmed,
    deadLettered,
    lost: account.lost + unsaid + unaccounted,
    importerPeakMb,
  };
}

export function isWhole({ accepted, confirmed, deadLettered, lost }: AccountedImport): boolean {
  return lost === 0 && accepted === confirmed + deadLettered;
}

export function importTable(report: AccountedImport): string {
  const says: Readonly<Record<keyof AccountedImport, string>> = {
    rows: "of the file",
    accepted: "in the table",
    rejected: "each with line, field and reason",
    confirmed: "accepted by the merchant and CONFIRMED in the table",
    deadLettered: "FAILED with a reason, and in confirmations-dl.fifo",
    lost: "neither accepted nor rejected, or accepted and neither confirmed nor dead-lettered",
    importerPeakMb: "megabytes that looking the file through took",
  };
  const names = Object.keys(says) as (keyof AccountedImport)[];
  const lines = names.map(
    (name) => `  ${name.padEnd(15)}${report[name].toLocaleString("en").padStart(9)}  ${says[name]}`,
  );
  return [...lines, isWhole(report) ? "Every row is accounted for." : "The account does not add up."].join("\n");
}
