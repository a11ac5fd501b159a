/**
 * What a receipt or an acknowledgement says of one step of a row: pure, and the same whoever is told. It counts
 * whatever has become of the row meanwhile, as long as the row has the version that was sent:
 *
 *   delivered, plan `fallback`          the transaction is confirmed, also where another channel is on, or none is left
 *   delivered, plan `all`               noted, be it of an older message of the channel that is on: whoever takes the
 *                                       row up next goes on with the channel after it
 *   delivered late, plan `all`          its failed step counts as delivered; a redrive goes on after it
 *   failed, of what is on its way       noted: whoever takes the row up next attempts again, or goes on
 *   failed, of anything else            nothing: that step has ended already
 */
import { type IntentTarget, readIntentId } from "../../channels/intent-id.ts";
import type { StepRecord, StepResult, Steps } from "../../channels/steps.ts";
import { changedFields, hasContentChanged } from "../accepted.ts";
import { type Attempt, withAttempt } from "../attempt.ts";
import type { AttributeMap } from "../attribute-value.ts";
import { versionOf } from "../transaction.ts";
import { TO_BE_ACKNOWLEDGED, UNACKNOWLEDGED } from "./acknowledgement.ts";
import { type RowState, rowStateOf } from "./row-state.ts";

/** Outcome of the attempt that was sent, while its receipt is to come. */
export const TO_BE_RECEIPTED = "sent";

/** Of one message that was sent. */
export interface Receipt {
  /** As the service brings it back. */
  readonly intentId: string;
  readonly result: StepResult;
  /** When it was recorded, epoch milliseconds. */
  readonly at: number;
}

/** What is recorded. */
export interface ToldStep {
  /** `confirm`: the transaction is. `note`: its steps alone, and it is due now. */
  readonly kind: "confirm" | "note";
  readonly steps: Steps;
  readonly attempts: readonly Attempt[];
  readonly attemptCount: number;
}

/**
 * `take`: record what it says. Or it is of no effect: `unknown`, no row, or none that says it was sent; `superseded` by
 * a higher version; `known` already, or of a step that has ended; `changed`, the row says something else than was sent.
 */
export type ReceiptVerdict =
  | { readonly kind: "take"; readonly told: ToldStep }
  | { readonly kind: "unknown" | "superseded" | "known" | "changed" };

/** Which row a receipt is of; undefined for one that is none of ours, or names nobody. */
export function targetOf({ intentId }: Pick<Receipt, "intentId">): IntentTarget | undefined {
  return readIntentId(intentId);
}

/** @param row as it was read consistently, of the transaction that the receipt names */
export function judgeReceipt(row: AttributeMap | undefined, receipt: Receipt): ReceiptVerdict {
  const sent = targetOf(receipt);
  const version = row === undefined ? undefined : versionOf(row);
  if (row === undefined || sent === undefined || version === undefined) return { kind: "unknown" };
  if (version !== sent.version) return { kind: version > sent.version ? "superseded" : "unknown" };
  const state = rowStateOf(row);
  const { steps, attempts } = state;
  if (steps === undefined) return { kind: "unknown" };
  if (state.state === "CONFIRMED") return { kind: "known" };
  const { intentId, result, at } = receipt;
  const isOn = steps.current?.intent?.id === intentId;
  const index = attempts.findLastIndex((attempt) => attempt.intentId === intentId);
  const channel = isOn ? steps.current?.channel : attempts[index]?.channel;
  if (channel === undefined) return { kind: "unknown" };
  if (isChanged(row, state)) return { kind: "changed" };
  const told = reportedOf({ state, steps, channel, index, isOn, intentId, at }, result);
  return told === undefined ? { kind: "known" } : { kind: "take", told };
}

/**
 * The webhook of a row with steps was acknowledged, which may be (`judgeAcknowledgement`).
 * @returns undefined where it is known already
 */
export function acknowledgedStep(row: AttributeMap, at: number): ToldStep | undefined {
  const state = rowStateOf(row);
  const { steps, attempts } = state;
  if (steps === undefined) return undefined;
  const index = attempts.findLastIndex(
    ({ outcome, channel }) => channel !== undefined && (outcome === TO_BE_ACKNOWLEDGED || outcome === UNACKNOWLEDGED),
  );
  // Of what a merchant acknowledges without having responded with 202, the channel that is on is the one meant.
  const channel = attempts[index]?.channel ?? steps.current?.channel ?? steps.done.at(-1)?.channel;
  if (channel === undefined) return undefined;
  const isOn = steps.current?.channel === channel;
  return reportedOf({ state, steps, channel, index, isOn, intentId: undefined, at }, { kind: "delivered" });
}

interface Told {
  readonly state: RowState;
  readonly steps: Steps;
  readonly channel: string;
  /** Of its attempt; -1 where none was recorded. */
  readonly index: number;
  /** It is the one that is on. */
  readonly isOn: boolean;
  readonly intentId: string | undefined;
  readonly at: number;
}

function reportedOf(told: Told, result: StepResult): ToldStep | undefined {
  const { steps, channel, isOn } = told;
  if (steps.done.some((record) => record.channel === channel && record.result === "delivered")) return undefined;
  // Of several messages of the channel that is on, an older one counts for it too.
  const current = steps.current?.channel === channel ? steps.current : undefined;
  if (current?.result !== undefined && (isOn || current.result.kind === "delivered")) return undefined;
  if (result.kind === "failed" && !isOn) return undefined;
  const known = withResult(told, result);
  if (result.kind === "delivered" && steps.plan === "fallback")
    return { kind: "confirm", ...known, steps: withoutCurrent(steps, delivered(told, result, known.attemptCount)) };
  if (current !== undefined) return { kind: "note", ...known, steps: { ...steps, current: { ...current, result } } };
  return {
    kind: "note",
    ...known,
    steps: { ...steps, done: replaced(steps, delivered(told, result, known.attemptCount)) },
  };
}

function delivered({ steps, channel, at }: Told, result: StepResult, attemptCount: number): StepRecord {
  const { current } = steps;
  const before = steps.done.findLast((record) => record.channel === channel);
  const isCurrent = current?.channel === channel;
  const why = isCurrent ? current.why : before?.why;
  return {
    channel,
    result: "delivered",
    at,
    attempts: isCurrent ? attemptCount - current.from : (before?.attempts ?? 1),
    ...(why !== undefined && { why }),
    ...("messageId" in result && { messageId: result.messageId }),
  };
}

function withoutCurrent(steps: Steps, record: StepRecord): Steps {
  const { version, plan, revision } = steps;
  return { version, plan, revision, done: replaced(steps, record) };
}

/** In the place of the one of its channel, where there is one. */
function replaced({ done }: Pick<Steps, "done">, record: StepRecord): StepRecord[] {
  const index = done.findLastIndex(({ channel }) => channel === record.channel);
  return index < 0 ? [...done, record] : done.with(index, record);
}

/** What came of the attempt. Its call may not have been recorded yet: it counts all the same. */
function withResult({ state, steps, channel, index, isOn, intentId, at }: Told, result: StepResult) {
  const { attempts, attemptCount } = state;
  const outcome = result.kind === "delivered" ? result.kind : result.class;
  const error = result.kind === "failed" ? result.error : undefined;
  const attempt = attempts[index];
  if (attempt !== undefined) {
    const { error: _, ...rest } = attempt;
    const told = { ...rest, outcome, ...(error !== undefined && { error }) };
    return { attempts: attempts.with(index, told), attemptCount };
  }
  if (!isOn || intentId === undefined) return { attempts, attemptCount };
  const sentAt = steps.current?.intent?.at ?? at;
  const unrecorded = { at: sentAt, durationMs: 0, outcome, ...(error !== undefined && { error }), channel, intentId };
  return { attempts: withAttempt(attempts, unrecorded), attemptCount: attemptCount + 1 };
}

/** Whether the row says something else by now than was sent. */
function isChanged(row: AttributeMap, { state, accepted }: RowState): boolean {
  if (hasContentChanged(row) && state === "FAILED") return true;
  return accepted !== undefined && changedFields(row, accepted, state === "FAILED").length > 0;
}
