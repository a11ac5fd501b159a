/**
 * A transaction that a job sends again: the mark of the job on its row, and what came of it. A new state would be
 * called by programs that do not know it, so the row stays what it is:
 *
 *   CONFIRMED  owed -> has a result   one attempt by the worker, which writes its result here and nowhere else
 *   FAILED     owed -> reopened       as a dead letter that was put back; from then on the pipeline owns it, and its
 *     state alone says what came of it
 *
 * A mark counts for the version that it was made for. One that is owed is called again under the same generation if the
 * worker dies between call and record.
 */
import { ATTRIBUTES } from "./attributes.ts";
import { type AttributeMap, type AttributeValue, numberOf, stringOf } from "../attribute-value.ts";
import { type ConfirmationMessage, isJobId, type RedeliveryId } from "../message.ts";
import { traceHeaderOf, versionOf } from "../transaction.ts";
import { isErased } from "./erased.ts";
import { generationFailure, isPastMending } from "./row-failures.ts";
import { countOf, rowStateOf, stateOf } from "./row-state.ts";

/** What came of the one attempt at a confirmed row. */
export interface RedeliveryResult {
  /** `delivered`, the class of a failed attempt, the code of a failure, or `TURNED_AWAY`: nothing was called then. */
  readonly result: string;
  /** When that was, epoch milliseconds. */
  readonly at?: number | undefined;
  /** HTTP status, where there was one. */
  readonly status?: number | undefined;
  /** What went wrong, or why it was turned away: a reason for which transactions wait. */
  readonly error?: string | undefined;
}

export const TURNED_AWAY = "turned_away";

export interface RedeliveryMark extends RedeliveryId {
  /** Epoch milliseconds. */
  readonly markedAt: number;
}

export interface Redelivery extends RedeliveryMark {
  readonly version: number;
  /** Of a row that had failed: the generation of the row when it was marked, at which the message reopens it. */
  readonly reopens?: number;
  /** Missing while it is owed. */
  readonly ended?: RedeliveryResult;
}

/**
 * No row has it: programs that do not know redeliveries discard the message of a confirmed row whatever becomes of the
 * row, even while a producer's put has wiped its state.
 */
export const REDELIVERY_RELEASE = Number.MAX_SAFE_INTEGER;

/** The mark for the version that the row has; undefined where there is none, or somebody else wrote it. */
export function redeliveryOf(row: AttributeMap): Redelivery | undefined {
  const mark = row[ATTRIBUTES.redelivery]?.M;
  if (mark === undefined) return undefined;
  const jobId = stringOf(mark["jobId"]);
  const version = numberOf(mark["version"]);
  const generation = countOf(mark["generation"]);
  if (jobId === undefined || !isJobId(jobId) || generation === undefined || generation < 1) return undefined;
  if (version === undefined || version !== versionOf(row)) return undefined;
  const reopens = countOf(mark["reopens"]);
  const ended = resultIn(mark);
  return {
    jobId,
    version,
    generation,
    markedAt: numberOf(mark["markedAt"]) ?? 0,
    ...(reopens !== undefined && { reopens }),
    ...(ended !== undefined && { ended }),
  };
}

function resultIn(mark: AttributeMap): RedeliveryResult | undefined {
  const result = stringOf(mark["result"]);
  if (result === undefined) return undefined;
  return { result, at: numberOf(mark["at"]), status: numberOf(mark["status"]), error: stringOf(mark["error"]) };
}

export function writeRedelivery({ jobId, version, generation, markedAt, reopens, ended }: Redelivery): AttributeValue {
  return {
    M: {
      jobId: { S: jobId },
      version: { N: String(version) },
      generation: { N: String(generation) },
      markedAt: { N: String(markedAt) },
      ...(reopens !== undefined && { reopens: { N: String(reopens) } }),
      ...(ended !== undefined && { result: { S: ended.result } }),
      ...(ended?.at !== undefined && { at: { N: String(ended.at) } }),
      ...(ended?.status !== undefined && { status: { N: String(ended.status) } }),
      ...(ended?.error !== undefined && { error: { S: ended.error } }),
    },
  };
}

/**
 * Why a row is not to be marked: `pending`, the pipeline has it or never had it; `past_mending`, nothing may be sent
 * for it, or something of it was erased; `taken`, another job's is owed; `marked_before`, the job's own is owed, or of
 * a generation that does not come before this one.
 */
export type NotMarkable = "pending" | "past_mending" | "taken" | "marked_before";

/** @returns undefined for a row that may be marked */
export function whyNotMarkable(row: AttributeMap, { jobId, generation }: RedeliveryId): NotMarkable | undefined {
  const state = stateOf(row);
  if (state !== "CONFIRMED" && state !== "FAILED") return "pending";
  const isMendable = versionOf(row) !== undefined && generationFailure(row) === undefined && !isErased(row);
  if (!isMendable || (state === "FAILED" && isPastMending(row))) return "past_mending";
  const known = redeliveryOf(row);
  if (known === undefined || (known.jobId !== jobId && !isOutstanding(row, known))) return undefined;
  if (known.jobId !== jobId) return "taken";
  return isOutstanding(row, known) || known.generation !== generation - 1 ? "marked_before" : undefined;
}

/** Whether its message is still to be handled. @param redelivery of the row */
export function isOutstanding(row: AttributeMap, { reopens, ended }: Redelivery): boolean {
  const { state, release } = rowStateOf(row);
  if (reopens === undefined) return state === "CONFIRMED" && ended === undefined;
  return state === "FAILED" && release === reopens && !isPastMending(row);
}

/** The mark as it is written. @param row as it was read, one that may be marked */
export function markOf(row: AttributeMap, { jobId, generation, markedAt }: RedeliveryMark): Redelivery {
  const { state, release } = rowStateOf(row);
  const mark = { jobId, version: versionOf(row) ?? 0, generation, markedAt };
  return state === "FAILED" ? { ...mark, reopens: release } : mark;
}

/** The message of a row that is marked, or about to be: the same whoever makes it, and however often. */
export function redeliveryMessage(row: AttributeMap, { jobId, generation }: RedeliveryId): ConfirmationMessage {
  const { state, release } = rowStateOf(row);
  const trace = traceHeaderOf(row);
  return {
    transactionId: stringOf(row["transactionId"]) ?? "",
    version: versionOf(row) ?? 0,
    release: state === "FAILED" ? release : REDELIVERY_RELEASE,
    ...(trace !== undefined && { trace }),
    ...(state === "FAILED" && { deadLettered: true }),
    redelivery: { jobId, generation },
  };
}

/**
 * How a row stands to the job that marked it: `owed`, its message is still to be handled; `ended`, with a result;
 * `reopened`, the pipeline owns it and has not come to an end; `delivered` and `failed`, what the pipeline made of it;
 * `void`, another version or another job has it, or nobody. A row that a put has wiped is void for the moment until
 * `stream-transactions` has restored it.
 */
export type RedeliveryStanding =
  | { readonly kind: "owed"; readonly redelivery: Redelivery }
  | { readonly kind: "ended"; readonly redelivery: Redelivery; readonly ended: RedeliveryResult }
  | { readonly kind: "reopened" | "delivered" | "failed" | "void" };

/** @param row as it is now; undefined where it is gone. @param jobId of the job that marked it at this version */
export function redeliveryStanding(row: AttributeMap | undefined, jobId: string, version: number): RedeliveryStanding {
  const redelivery = row === undefined ? undefined : redeliveryOf(row);
  if (row === undefined || redelivery?.jobId !== jobId || redelivery.version !== version) return { kind: "void" };
  if (isOutstanding(row, redelivery)) return { kind: "owed", redelivery };
  const state = stateOf(row);
  if (state === "FAILED") return { kind: "failed" };
  if (redelivery.reopens !== undefined) return { kind: state === "CONFIRMED" ? "delivered" : "reopened" };
  const { ended } = redelivery;
  return ended === undefined ? { kind: "void" } : { kind: "ended", redelivery, ended };
}
