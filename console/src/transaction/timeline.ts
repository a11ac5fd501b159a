/**
 * A transaction's path as steps in the order of time: what was, then what is, then what is to come. It says what the
 * API says and decides nothing: states, results and reasons are the API's own.
 */
import type { Schemas } from "../api/api.ts";

export type Transaction = Schemas["Transaction"];
export type Attempt = Transaction["attempts"][number];
export type Hop = Schemas["TraceHop"];

export type TimelineStep =
  | { readonly kind: "occurred"; readonly at: string }
  | { readonly kind: "submitted"; readonly at: string; readonly by?: string }
  /** As its trace has it. */
  | { readonly kind: "written"; readonly at: string }
  | { readonly kind: "queued"; readonly at: string }
  /** Attempts that count, and of which the row keeps no more than the number. */
  | { readonly kind: "earlier attempts"; readonly count: number }
  | { readonly kind: "attempt"; readonly number: number; readonly attempt: Attempt }
  | {
      readonly kind: "channel";
      readonly at: string;
      readonly channel: string;
      readonly result: string;
      readonly why?: string;
    }
  | { readonly kind: "elsewhere"; readonly at: string; readonly by: string }
  | { readonly kind: "acknowledged"; readonly at: string }
  | { readonly kind: "confirmed"; readonly at?: string; readonly by?: string }
  | { readonly kind: "failed"; readonly at?: string; readonly failure?: NonNullable<Transaction["failure"]> }
  | { readonly kind: "redelivery"; readonly at?: string; readonly redelivery: NonNullable<Transaction["redelivery"]> }
  | { readonly kind: "erased"; readonly at: string }
  /** What it waits for, now. */
  | { readonly kind: "waits"; readonly for?: string }
  | { readonly kind: "next attempt"; readonly at: string }
  | { readonly kind: "give up"; readonly at: string };

/** An attempt whose outcome is one of these was no failure. */
const GOOD_OUTCOMES: ReadonlySet<string> = new Set(["delivered", "accepted", "sent"]);

export function isGood(outcome: string): boolean {
  return GOOD_OUTCOMES.has(outcome);
}

/** @param hops of its trace. @default it is not known when it was written and queued */
export function timelineOf(transaction: Transaction, hops: readonly Hop[] = []): TimelineStep[] {
  return [...pastOf(transaction, hops), ...nowOf(transaction), ...toComeOf(transaction)];
}

/** Attempts that asked for time do not count, so that what is kept may be more than what counts. */
function pastOf(transaction: Transaction, hops: readonly Hop[]): TimelineStep[] {
  const { occurredAt, submittedAt, submittedBy, attempts, attemptCount, steps, elsewhere, acknowledgedAt } =
    transaction;
  const earlier = Math.max(0, attemptCount - attempts.length);
  const past: TimelineStep[] = [
    ...(occurredAt === undefined ? [] : [{ kind: "occurred" as const, at: occurredAt }]),
    ...(submittedAt === undefined
      ? []
      : [{ kind: "submitted" as const, at: submittedAt, ...(submittedBy !== undefined && { by: submittedBy }) }]),
    ...hops.flatMap(stepOf),
    ...attempts.map((attempt, index) => ({ kind: "attempt" as const, number: earlier + index + 1, attempt })),
    ...(steps?.done ?? []).map(({ at, channel, result, error }) => ({
      kind: "channel" as const,
      at,
      channel,
      result,
      ...(error !== undefined && { why: error }),
    })),
    ...(elsewhere === undefined ? [] : [{ kind: "elsewhere" as const, at: elsewhere.confirmedAt, by: elsewhere.by }]),
    ...(acknowledgedAt === undefined ? [] : [{ kind: "acknowledged" as const, at: acknowledgedAt }]),
    ...endOf(transaction),
    ...redeliveryOf(transaction),
    ...(transaction.erasedAt === undefined ? [] : [{ kind: "erased" as const, at: transaction.erasedAt }]),
  ];
  const sorted = past.toSorted((one, other) => timeOf(one) - timeOf(other));
  if (earlier === 0) return sorted;
  const first = sorted.findIndex(({ kind }) => kind === "attempt");
  return sorted.toSpliced(first === -1 ? sorted.length : first, 0, { kind: "earlier attempts", count: earlier });
}

/** The step `stream` begins when the row was written, and a message is in the queue when its sending has ended. */
function stepOf({ name, operation, beganAt, durationMs, isOpen, flags = [] }: Hop): TimelineStep[] {
  if (name === "stream") return [{ kind: "written", at: beganAt }];
  if (operation !== "SendMessageBatch" || isOpen === true || flags.length > 0) return [];
  return [{ kind: "queued", at: new Date(Date.parse(beganAt) + durationMs).toISOString() }];
}

function endOf({ state, recordedAt, confirmedBy, failure }: Transaction): TimelineStep[] {
  const at = recordedAt === undefined ? {} : { at: recordedAt };
  if (state === "CONFIRMED")
    return [{ kind: "confirmed", ...at, ...(confirmedBy !== undefined && { by: confirmedBy }) }];
  return state === "FAILED" ? [{ kind: "failed", ...at, ...(failure !== undefined && { failure }) }] : [];
}

function redeliveryOf({ redelivery }: Transaction): TimelineStep[] {
  if (redelivery === undefined) return [];
  const at = redelivery.at ?? redelivery.markedAt;
  return [{ kind: "redelivery", ...(at !== undefined && { at }), redelivery }];
}

function nowOf({ state, waitingFor }: Transaction): TimelineStep[] {
  if (state !== "PENDING" && state !== "SCHEDULED") return [];
  return [{ kind: "waits", ...(waitingFor !== undefined && { for: waitingFor }) }];
}

function toComeOf({ nextAttemptAt, giveUpAt }: Transaction): TimelineStep[] {
  return [
    ...(nextAttemptAt === undefined ? [] : [{ kind: "next attempt" as const, at: nextAttemptAt }]),
    ...(giveUpAt === undefined ? [] : [{ kind: "give up" as const, at: giveUpAt }]),
  ];
}

/** What has no time of its own was last. */
function timeOf(step: TimelineStep): number {
  const at = step.kind === "attempt" ? step.attempt.at : "at" in step ? step.at : undefined;
  const time = at === undefined ? Number.NaN : Date.parse(at);
  return Number.isNaN(time) ? Number.MAX_SAFE_INTEGER : time;
}
