/**
 * Records what a receipt says of a message that was sent: the row is read, judged (`judgeReceipt`), and written to only
 * as it was read, until a write fits. A service may be faster than the record that it was sent: the row is looked at
 * once more, a moment later.
 */
import { campaignOf } from "../campaigns/campaign.ts";
import type { IntentTarget } from "../channels/intent-id.ts";
import type { Journal } from "../journal/journal.ts";
import { PipelineError } from "../errors/pipeline-error.ts";
import { acceptedOf } from "../transaction/accepted.ts";
import type { AttributeMap } from "../transaction/attribute-value.ts";
import { ownerOf } from "../transaction/row/acknowledgement.ts";
import { ATTRIBUTES } from "../transaction/row/attributes.ts";
import { judgeReceipt, type Receipt, type ReceiptVerdict, targetOf } from "../transaction/row/told-step.ts";
import { versionOf } from "../transaction/transaction.ts";
import { toldStepStatement } from "./statements/told-step.ts";
import type { TransactionsTable } from "./transactions-table.ts";

export interface RecordReceiptParts {
  readonly table: Pick<TransactionsTable, "name" | "read" | "write">;
  readonly settledDays: number;
  /** @default what is confirmed is written nowhere else */
  readonly journal?: Pick<Journal, "recorded"> | undefined;
  readonly pause: (ms: number) => Promise<unknown>;
}

export type RecordedReceipt =
  | {
      readonly kind: "recorded";
      /** Whether it confirmed its transaction. */
      readonly isConfirmed: boolean;
      /** Whose it is. */
      readonly merchantId: string | undefined;
      /** The label that its producer gave it. */
      readonly campaign?: string | undefined;
    }
  | { readonly kind: Exclude<ReceiptVerdict["kind"], "take"> };

/** Nothing is recorded: the table is throttled, or somebody writes to the row. */
export class ReceiptUnrecordedError extends PipelineError {
  override readonly name = "ReceiptUnrecordedError";
  readonly code = "RECEIPT_UNRECORDED";
}

/** Milliseconds before the second and last look at a row that does not know the message yet. */
const UNKNOWN_PAUSE_MS = 100;
/** Each takes a write of somebody else between a read and a write of ours. */
const MOST_REWRITES = 10;

/** @throws ReceiptUnrecordedError, or what the read throws */
export async function recordReceipt(
  { table, settledDays, journal, pause }: RecordReceiptParts,
  receipt: Receipt,
): Promise<RecordedReceipt> {
  const target = targetOf(receipt);
  if (target === undefined) return { kind: "unknown" };
  const { transactionId } = target;
  let hasPaused = false;
  for (let rewrites = 0; rewrites < MOST_REWRITES;) {
    const row = (await table.read([transactionId])).get(transactionId);
    const verdict = judgeReceipt(row, receipt);
    if (verdict.kind === "unknown" && row !== undefined && !hasPaused) {
      hasPaused = true;
      await pause(UNKNOWN_PAUSE_MS);
      continue;
    }
    if (verdict.kind === "unknown" && row !== undefined && isWiped(row, target))
      throw new ReceiptUnrecordedError("the row was put anew, and what was sent is not restored yet; it comes again", {
        transactionId,
      });
    if (verdict.kind !== "take" || row === undefined)
      return { kind: verdict.kind === "take" ? "unknown" : verdict.kind };
    const statement = toldStepStatement(table.name, row, verdict.told, receipt.at, settledDays);
    const [result] = await table.write([statement]);
    if (result?.kind === "written") {
      const isConfirmed = verdict.told.kind === "confirm";
      if (isConfirmed) journal?.recorded(transactionId, target.version, acceptedOf(row));
      return { kind: "recorded", isConfirmed, merchantId: ownerOf(row), campaign: campaignOf(row) };
    }
    if (result?.kind !== "condition failed")
      throw new ReceiptUnrecordedError(`the receipt was not recorded: ${result?.error}`, { transactionId });
    rewrites += 1;
  }
  throw new ReceiptUnrecordedError(
    `the row was written to ${MOST_REWRITES} times while its receipt was recorded; it comes again`,
    { transactionId },
  );
}

/** What was sent has a state: a put of the same version took it away, until `stream-transactions` restores it. */
function isWiped(row: AttributeMap, { version }: IntentTarget): boolean {
  return versionOf(row) === version && row[ATTRIBUTES.confirmationState] === undefined;
}
