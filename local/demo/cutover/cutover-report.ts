/** The account of the cut-over, from the merchants' side, held against what `cutover status` says. */
import type { CutoverAccount } from "./cutover-ledger.ts";

export interface CutoverReport extends CutoverAccount {
  readonly transactions: number;
  readonly merchants: number;
  readonly switches: number;
  /** Of those, back to the old system. */
  readonly switchedBack: number;
  /** Versions that the old system confirmed though they were not its own. */
  readonly againstTheRule: number;
  /** Whether `GET /v1/merchants/{merchantId}/cutover` of all merchants comes to the same, from the old system's log. */
  readonly statusAgrees: boolean;
  readonly seconds: number;
  readonly seed: number;
}

/** Of all merchants together, as the API says it. */
export interface StatusTotals {
  readonly transactions: number;
  readonly confirmedByPipeline: number;
  readonly confirmedByOldSystem: number;
  readonly both: number;
  readonly neither: number;
  readonly underway: number;
  readonly againstTheRule: number;
}

export function agrees(
  { confirmedByOld, confirmedByUs, both, neither }: CutoverAccount,
  transactions: number,
  status: StatusTotals,
): boolean {
  return (
    status.transactions === transactions &&
    status.confirmedByPipeline === confirmedByUs &&
    status.confirmedByOldSystem === confirmedByOld &&
    status.both === both &&
    status.neither === neither &&
    status.underway === 0
  );
}

/** None confirmed twice, none missed, and the status says so. */
export function isProved({ both, neither, twice, statusAgrees }: CutoverReport): boolean {
  return both === 0 && neither === 0 && twice === 0 && statusAgrees;
}

const SAYS: Readonly<Record<Exclude<keyof CutoverReport, "statusAgrees">, string>> = {
  transactions: "of which each was told to both systems",
  merchants: "switched one after the other, while their transactions went on",
  switches: "made by the API",
  switchedBack: "of them back to the old system",
  confirmedByOld: "accepted by the merchant from the old system",
  confirmedByUs: "accepted by the merchant from this pipeline",
  both: "accepted from both",
  neither: "accepted from nobody",
  twice: "accepted from the same one more than once",
  mirrored: "calls of mirrors, which confirm nothing",
  againstTheRule: "confirmed by the old system though this pipeline's",
  seconds: "from the first transaction to the account",
  seed: "with which this run can be made again",
};

export function cutoverTable(report: CutoverReport): string {
  const lines = Object.entries(SAYS).map(([name, says]) => {
    const value = report[name as keyof typeof SAYS];
    return `  ${name.padEnd(15)}${value.toLocaleString("en").padStart(9)}  ${says}`;
  });
  const status = report.statusAgrees
    ? "`cutover status`, from the old system's log, says the same."
    : "`cutover status`, from the old system's log, says something else.";
  const verdict = isProved(report) ? "None was confirmed twice, none was missed." : "The account does not add up.";
  return [...lines, status, verdict].join("\n");
}
