/**
 * Records that a merchant acknowledged a transaction: the row is read, judged, and written to only as it was read,
 * until a write fits. What comes before the call itself was recorded is looked at once more, a moment later: a merchant
 * may be faster than the batch that records its 202. No longer, since whoever acknowledges what was never sent would
 * hold executions.
 */
import { campaignOf } from "../campaigns/campaign.ts";
import type { Journal } from "../journal/journal.ts";
import { PipelineError } from "../errors/pipeline-error.ts";
import {
  type AcknowledgementVerdict,
  acknowledgementOf,
  judgeAcknowledgement,
  ownerOf,
} from "../transaction/row/acknowledgement.ts";
import { acceptedOf } from "../transaction/accepted.ts";
import type { AttributeMap } from "../transaction/attribute-value.ts";
import { numberOf } from "../transaction/attribute-value.ts";
import { ATTRIBUTES } from "../transaction/row/attributes.ts";
import { hasSteps } from "../transaction/row/steps.ts";
import { acknowledgedStep } from "../transaction/row/told-step.ts";
import { acknowledgeStatement } from "./statements/acknowledge.ts";
import { completeWithLittleStatement } from "./statements/complete.ts";
import { toldStepStatement } from "./statements/told-step.ts";
import type { TransactionsTable, WriteResult } from "./transactions-table.ts";

export interface RecordAcknowledgementParts {
  readonly table: Pick<TransactionsTable, "name" | "read" | "write">;
  readonly settledDays: number;
  /** @default what is confirmed is written nowhere else */
  readonly journal?: Pick<Journal, "recorded"> | undefined;
  readonly nowMs: () => number;
  readonly pause: (ms: number) => Promise<unknown>;
}

export interface GivenAcknowledgement {
  readonly transactionId: string;
  readonly version: number;
  /** Of whoever acknowledges. @default whoever may for all */
  readonly merchantId?: string | undefined;
  /** As `Acknowledgement` has it. */
  readonly by: string;
}

export type RecordedAcknowledgement =
  | {
      readonly kind: "confirmed";
      /** Whether it was this one that confirmed it. */
      readonly isNew: boolean;
      /** Of a plan `all` its step is done, and the transaction is not confirmed before the others are. */
      readonly isStep?: true | undefined;
      /** Epoch milliseconds; undefined where the row does not say. */
      readonly at: number | undefined;
      /** Whose it is. */
      readonly merchantId?: string | undefined;
      /** The label that its producer gave it. */
      readonly campaign?: string | undefined;
    }
  | { readonly kind: Exclude<AcknowledgementVerdict, "take" | "confirmed"> };

/** Nothing is recorded: the table is throttled, or somebody writes to the row all the time. */
export class AcknowledgementUnrecordedError extends PipelineError {
  override readonly name = "AcknowledgementUnrecordedError";
  readonly code = "ACKNOWLEDGEMENT_UNRECORDED";
}

/** Before the second and last look at a row of which no call was recorded yet. */
const UNSENT_PAUSE_MS = 100;
/** Each takes a write of somebody else between a read and a write of ours. */
const MOST_REWRITES = 10;

/** @throws AcknowledgementUnrecordedError, or what the read throws */
export async function recordAcknowledgement(
  parts: RecordAcknowledgementParts,
  given: GivenAcknowledgement,
): Promise<RecordedAcknowledgement> {
  const { table, pause } = parts;
  const { transactionId, version, merchantId } = given;
  let hasPaused = false;
  for (let rewrites = 0; rewrites < MOST_REWRITES;) {
    const row = (await table.read([transactionId])).get(transactionId);
    const verdict = judgeAcknowledgement(row, version, merchantId);
    if (verdict === "confirmed")
      return { kind: "confirmed", isNew: false, at: confirmedAt(row), merchantId: row && ownerOf(row) };
    if (verdict === "not sent" && !hasPaused) {
      hasPaused = true;
      await pause(UNSENT_PAUSE_MS);
      continue;
    }
    if (verdict !== "take" || row === undefined) return { kind: verdict === "take" ? "unknown" : verdict };
    const is = await taken(parts, given, row);
    if (is?.isNew === true) parts.journal?.recorded(transactionId, version, acceptedOf(row));
    if (is !== undefined) return { kind: "confirmed", ...is, merchantId: ownerOf(row), campaign: campaignOf(row) };
    rewrites += 1;
  }
  throw new AcknowledgementUnrecordedError(
    `the row was written to ${MOST_REWRITES} times while its acknowledgement was recorded; acknowledge it again`,
    { transactionId },
  );
}

interface Taken {
  /** Epoch milliseconds. */
  readonly at: number;
  /** Whether the transaction is confirmed by it. */
  readonly isNew: boolean;
  /** Of a plan `all`: one step of it is done. */
  readonly isStep?: true;
}

/** @returns undefined where the row is not as it was read any more */
async function taken(
  { table, settledDays, nowMs }: RecordAcknowledgementParts,
  { transactionId, version, by }: GivenAcknowledgement,
  row: AttributeMap,
): Promise<Taken | undefined> {
  const at = nowMs();
  const acknowledged = { version, at, by };
  if (hasSteps(row)) {
    const told = acknowledgedStep(row, at);
    if (told !== undefined) {
      const [result] = await table.write([toldStepStatement(table.name, row, told, at, settledDays, acknowledged)]);
      const is = told.kind === "confirm" ? { at, isNew: true } : ({ at, isNew: false, isStep: true } as const);
      return takenAt(result, is, transactionId);
    }
    // Of a plan `all`: the step is known, and what is left of the plan is none of its merchant's.
    return { at: acknowledgementOf(row)?.at ?? at, isNew: false, isStep: true };
  }
  let [result] = await table.write([acknowledgeStatement(table.name, row, acknowledged, settledDays)]);
  // A row so full that it cannot say by whom is confirmed all the same.
  if (result?.kind === "rejected")
    [result] = await table.write([
      completeWithLittleStatement(table.name, { transactionId, version, release: 0 }, "CONFIRMED"),
    ]);
  return takenAt(result, { at, isNew: true }, transactionId);
}

function takenAt(result: WriteResult | undefined, is: Taken, transactionId: string): Taken | undefined {
  if (result?.kind === "written") return is;
  if (result?.kind === "condition failed") return undefined;
  throw new AcknowledgementUnrecordedError(`the acknowledgement was not recorded: ${result?.error}`, { transactionId });
}

function confirmedAt(row: AttributeMap | undefined): number | undefined {
  return row && (acknowledgementOf(row)?.at ?? numberOf(row[ATTRIBUTES.settledAt]));
}
