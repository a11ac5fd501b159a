/**
 * A transaction that its merchant answered with 202 and is to acknowledge. A new state would be called by programs that
 * do not know it, so what it waits for is told beside the state:
 *
 *   SCHEDULED  `waitingFor: acknowledgement`, parked until its merchant's time is over; no message of it is accepted
 *   PENDING    the same with an ordering key: its message stays at the head of its group until then
 *   CONFIRMED  acknowledged, when and by what way in `acknowledged`
 *
 * Whoever takes it up once that time is over counts an attempt that was not acknowledged, and calls nobody for that.
 * What its merchant acknowledges later confirms it all the same, whatever has become of it meanwhile.
 */
import { acceptedOf, changedFields, hasContentChanged } from "../accepted.ts";
import type { Attempt } from "../attempt.ts";
import { type AttributeMap, type AttributeValue, numberOf, stringOf } from "../attribute-value.ts";
import { versionOf } from "../transaction.ts";
import { ATTRIBUTES } from "./attributes.ts";
import { stateOf } from "./row-state.ts";

/** What it waits for, in `waitingFor`. */
export const ACKNOWLEDGEMENT = "acknowledgement";

/** Outcomes of the attempt that was answered with 202: while it waits, and once its time was over. */
export const TO_BE_ACKNOWLEDGED = "accepted";
export const UNACKNOWLEDGED = "unacknowledged";

/** Epoch milliseconds from which on the newest attempt counts as not acknowledged; 0 where that was not answered so. */
export function acknowledgeBy(attempts: readonly Attempt[], withinSeconds: number): number {
  const { at = 0, durationMs = 0, outcome } = attempts.at(-1) ?? {};
  return outcome === TO_BE_ACKNOWLEDGED ? at + durationMs + withinSeconds * 1000 : 0;
}

/** The same attempts, with another word for what came of the newest. */
export function withNewest(attempts: readonly Attempt[], changes: Pick<Attempt, "outcome" | "error">): Attempt[] {
  const newest = attempts.at(-1);
  return newest === undefined ? [] : [...attempts.slice(0, -1), { ...newest, ...changes }];
}

export interface Acknowledgement {
  readonly version: number;
  /** When it was recorded, epoch milliseconds. */
  readonly at: number;
  /** `callback`, or whose token it was. */
  readonly by: string;
}

/** Of the version that the row has; undefined where it was not acknowledged. */
export function acknowledgementOf(row: AttributeMap): Acknowledgement | undefined {
  const given = row[ATTRIBUTES.acknowledged]?.M;
  const [version, at] = [numberOf(given?.["version"]), numberOf(given?.["at"])];
  if (version === undefined || at === undefined || version !== versionOf(row)) return undefined;
  return { version, at, by: stringOf(given?.["by"]) ?? "" };
}

export function writeAcknowledgement({ version, at, by }: Acknowledgement): AttributeValue {
  return { M: { version: { N: String(version) }, at: { N: String(at) }, by: { S: by } } };
}

/**
 * What an acknowledgement may do to a row: `take` it as confirmed; `confirmed` already, which is the same to whoever
 * says so twice. Or it is of no effect: `unknown`, not there or another merchant's; `superseded` by a higher version;
 * `not sent`, as nothing was recorded of a call yet; `changed`, the row says something else than its merchant got.
 */
export type AcknowledgementVerdict = "take" | "confirmed" | "unknown" | "superseded" | "not sent" | "changed";

/** The merchant that it was sent to, whatever the row says by now. */
export function ownerOf(row: AttributeMap): string | undefined {
  return acceptedOf(row)?.merchantId ?? stringOf(row["merchantId"]);
}

/** @param merchantId of whoever acknowledges. @default whoever may for all */
export function judgeAcknowledgement(
  row: AttributeMap | undefined,
  version: number,
  merchantId?: string,
): AcknowledgementVerdict {
  const there = row === undefined ? undefined : versionOf(row);
  if (row === undefined || there === undefined) return "unknown";
  const accepted = acceptedOf(row);
  if (merchantId !== undefined && merchantId !== ownerOf(row)) return "unknown";
  if (there !== version) return version < there ? "superseded" : "unknown";
  const state = stateOf(row);
  if (state === "CONFIRMED") return "confirmed";
  if (accepted === undefined) return "not sent";
  const isChanged = hasContentChanged(row) && state === "FAILED";
  return isChanged || changedFields(row, accepted, state === "FAILED").length > 0 ? "changed" : "take";
}
