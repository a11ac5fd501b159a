/**
 * What is written of a 2xx whose record its row refused: the row is read again, and says whether it is confirmed all
 * the same or given up.
 */
import type { Progress } from "../../../../core/aws/statements/progress.ts";
import { confirmAsSeenStatement, contentChangedStatement } from "../../../../core/aws/statements/content.ts";
import type { Statement } from "../../../../core/aws/statements/statement.ts";
import { type Accepted, contentChanged, writeAccepted } from "../../../../core/transaction/accepted.ts";
import type { Failure } from "../../../../core/transaction/failure.ts";
import { rightMerchantKey } from "../../../../core/merchant/merchant-listing.ts";
import { rowStateOf } from "../../../../core/transaction/state.ts";
import type { Recorder } from "../record/recorder.ts";
import type { Job } from "../../../../core/confirmation/job.ts";
import { judgeRewritten, type Rewritten } from "../../../../core/confirmation/decide/rewritten.ts";

export interface NextRecordParts {
  readonly tableName: string;
  readonly recorder: Pick<Recorder, "readAgain">;
  readonly merchantShards: number;
  readonly settledDays: number;
  readonly now: () => number;
}

export interface NextRecord {
  readonly statement: Statement;
  /** Where it is given up: why, and the release at which its dead letter is heard when it is put back. */
  readonly givenUp?: { readonly reason: Failure; readonly release: number };
}

/**
 * @param delivered what the merchant answered 2xx to
 * @returns undefined where nothing is left to be written. @throws StoppedError when the task ends before the table
 * could be reached
 */
export async function nextRecord(
  { target, held }: Pick<Job, "target" | "held">,
  progress: Progress,
  delivered: Accepted,
  parts: NextRecordParts,
): Promise<NextRecord | undefined> {
  const { tableName, recorder, now, settledDays } = parts;
  const row = await recorder.readAgain(target.transactionId, held);
  const found = judgeRewritten(row, target.version, progress.accepted ?? delivered, progress.attempts);
  if (found.kind === "over") return undefined;
  if (found.kind === "changed") return givingUp(found, target, progress, parts);
  return { statement: confirmAsSeenStatement(tableName, found.row, target, progress, now(), settledDays) };
}

function givingUp(
  { row, changed, accepted }: Extract<Rewritten, { kind: "changed" }>,
  { version, release }: Job["target"],
  progress: Progress,
  { tableName, merchantShards, now, settledDays }: NextRecordParts,
): NextRecord {
  const reason = contentChanged(version, changed);
  const heardAt = Math.max(release, rowStateOf(row).release);
  const change = {
    accepted,
    failure: reason,
    merchantKey: rightMerchantKey({ ...row, accepted: writeAccepted(version, accepted) }, merchantShards),
    found: { ...progress, release: heardAt },
  };
  const statement = contentChangedStatement(tableName, row, version, change, now(), settledDays);
  return { statement, givenUp: { reason, release: heardAt } };
}
