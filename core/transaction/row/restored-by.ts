/**
 * What a restore writes beside the state of a row: which one it was, and where what it wrote is from. A new state would
 * be called by programs that do not know it, so a row that nobody may call before a person decides is `FAILED`, with a
 * failure of its own, in a generation that no message has.
 */
import { ATTRIBUTES } from "./attributes.ts";
import { type AttributeMap, type AttributeValue, numberOf, stringOf } from "../attribute-value.ts";
import type { FailureCode } from "../failure-faults.ts";
import { versionOf } from "../transaction.ts";
import { stateOf } from "./row-state.ts";

/**
 * Where what was written is from: `backup`, the row is as the restored table has it; `sent`, the same, and it is to be
 * sent; `table`, `stream`, `journal`, `manifests`, what became of it since; `unknown`, nobody says; `operator`, a
 * person did.
 */
export const RESTORED_AS = [
  "backup",
  "sent",
  "table",
  "stream",
  "journal",
  "manifests",
  "unknown",
  "operator",
] as const;
export type RestoredAs = (typeof RESTORED_AS)[number];

export interface RestoredBy {
  readonly jobId: string;
  /** Of the row that was written, 0 where that cannot be read; of another one it says nothing. */
  readonly version: number;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly as: RestoredAs;
}

/** For the version that the row has; undefined where no restore wrote it, or somebody else did since. */
export function restoredByOf(row: AttributeMap): RestoredBy | undefined {
  const mark = row[ATTRIBUTES.restoredBy]?.M;
  const jobId = stringOf(mark?.["jobId"]);
  const version = numberOf(mark?.["version"]);
  const word = stringOf(mark?.["as"]);
  const as = RESTORED_AS.find((known) => known === word);
  if (jobId === undefined || version === undefined || version !== (versionOf(row) ?? 0) || as === undefined)
    return undefined;
  return { jobId, version, at: numberOf(mark?.["at"]) ?? 0, as };
}

export function writeRestoredBy({ jobId, version, at, as }: RestoredBy): AttributeValue {
  return { M: { jobId: { S: jobId }, version: { N: String(version) }, at: { N: String(at) }, as: { S: as } } };
}

/** Whether a person is to say what became of it. */
export function isUndecided(row: AttributeMap): boolean {
  const code: FailureCode = "restore_undecided";
  return stateOf(row) === "FAILED" && stringOf(row[ATTRIBUTES.failure]?.M?.["code"]) === code;
}
