/**
 * What becomes of an entry of a redelivery, given its row as it was read just now: the one place that decides. Nothing
 * is written or sent here.
 */
import type { Job } from "../../../core/jobs/job.ts";
import { type Skipped, specOf } from "../../../core/jobs/redelivery/spec.ts";
import { PASSING_WAITS } from "../../../core/merchant/merchant-health.ts";
import { CLASS_POLICIES, type FailureClass } from "../../../core/retry/retry-policy.ts";
import type { AttributeMap } from "../../../core/transaction/attribute-value.ts";
import { confirmedByOf } from "../../../core/transaction/row/confirmed-by.ts";
import {
  type RedeliveryResult,
  redeliveryOf,
  redeliveryStanding,
  TURNED_AWAY,
  whyNotMarkable,
} from "../../../core/transaction/row/redelivery.ts";
import { isUndecided } from "../../../core/transaction/row/restored-by.ts";
import { stateOf } from "../../../core/transaction/row/row-state.ts";
import { orderedGroupIdOf } from "../../../core/transaction/ordering.ts";
import { versionOf } from "../../../core/transaction/transaction.ts";
import type { Entry, Status } from "../../../core/jobs/redelivery/entry.ts";
import { isMatching, isOfMerchant } from "./matches.ts";

export type Decision =
  /** As it is, or ended. */
  | { readonly kind: "keep"; readonly entry: Entry }
  /** To be marked with this generation, and then sent. */
  | { readonly kind: "mark"; readonly entry: Entry; readonly generation: number }
  /** It is marked with this generation: its message is sent, or sent once more. */
  | {
      readonly kind: "send";
      readonly entry: Entry;
      readonly generation: number;
      /** Of a message that counts as lost: SQS is not to take it for the one before. */
      readonly repetition?: number;
    };

export interface DecideOptions {
  readonly job: Job;
  /** Epoch milliseconds. */
  readonly now: number;
  /** False for a job that was canceled. */
  readonly mayBegin: boolean;
  /** Whether another job may still send what it has marked. */
  readonly isAtWork: (jobId: string) => boolean;
  /** Why a row's merchant gets nothing; undefined for one that does. */
  readonly merchantFault: (row: AttributeMap) => "merchant_unknown" | "merchant_deleted" | undefined;
}

/** Waits before a failed attempt at a confirmed one is made again; after the last it has failed. */
const WAITS_MS = [5000, 30_000, 120_000];
/** Waits after it was turned away, doubled each time: until a person does something, or for a moment. */
const TURN_MS = { first: 2000, longest: 60_000 } as const;
const MOMENT_MS = { first: 500, longest: 4000 } as const;
const MOST_IN_VAIN = 1500;
/** After this its message counts as lost: there was no backlog. One that comes twice does no harm. */
const RESEND_MS = 90_000;
/** The same in order, where the head of its group may wait for its merchant for days, and messages behind it do. */
const RESEND_IN_ORDER_MS = 3_600_000;
/** Then it is over: longer than what is before it in its group is attempted. */
const OWED_MS = 7 * 86_400_000;
/** How long one that was opened again is followed before it counts as waiting. */
const FOLLOWED_MS = 20_000;
/** Within which `stream-transactions` restores what a producer's put has wiped. */
const RESTORED_MS = 30_000;

export function decide(entry: Entry, row: AttributeMap | undefined, options: DecideOptions): Decision {
  switch (entry.status) {
    case "new":
      return onNew(entry, row, options);
    case "sent":
      return onSent(entry, row, options);
    case "again":
      return onAgain(entry, row, options);
    default:
      return { kind: "keep", entry };
  }
}

function onNew(entry: Entry, row: AttributeMap | undefined, options: DecideOptions): Decision {
  const { job, mayBegin } = options;
  const isById = specOf(job).transactionIds !== undefined;
  if (row === undefined || (isById && !isOfMerchant(row, job))) return ended(entry, isById ? "not_found" : "changed");
  const mark = redeliveryOf(row);
  // Marked, and whoever did it ended before it was kept that its message was sent.
  if (mark?.jobId === job.jobId) {
    const { kind } = redeliveryStanding(row, job.jobId, mark.version);
    const marked = { ...entry, version: mark.version, generation: mark.generation };
    if (kind === "owed") return { kind: "send", entry: marked, generation: mark.generation };
    return onSent({ ...marked, status: "sent", at: mark.markedAt }, row, options);
  }
  if (!mayBegin) return ended(entry, "canceled");
  const skipped = whySkipped(entry, row, options);
  return skipped === undefined ? { kind: "mark", entry: readAt(entry, row), generation: 1 } : ended(entry, skipped);
}

/** By id the version is only known once the row was read. */
function readAt(entry: Entry, row: AttributeMap): Entry {
  return entry.version > 0 ? entry : { ...entry, version: versionOf(row) ?? 0 };
}

export function whySkipped(
  entry: Pick<Entry, "version">,
  row: AttributeMap,
  { job, isAtWork, merchantFault }: Pick<DecideOptions, "job" | "isAtWork" | "merchantFault">,
): Skipped | undefined {
  if (entry.version > 0 && versionOf(row) !== entry.version) return "changed";
  const why = whyNotMarkable(row, { jobId: job.jobId, generation: 1 });
  const isFree = why === undefined || (why === "taken" && !isAtWork(redeliveryOf(row)?.jobId ?? ""));
  if (!isFree) return why === "marked_before" ? "changed" : why;
  if (!isMatching(row, job)) return "changed";
  if (specOf(job).includeElsewhere !== true && confirmedByOf(row) !== undefined) return "confirmed_elsewhere";
  if (isUndecided(row)) return "undecided";
  return merchantFault(row);
}

function onSent(entry: Entry, row: AttributeMap | undefined, options: DecideOptions): Decision {
  const { job, now } = options;
  const standing = redeliveryStanding(row, job.jobId, entry.version);
  switch (standing.kind) {
    case "owed":
      return onOwed(entry, row, standing.redelivery.generation, options);
    case "ended":
      return onEnded({ ...entry, generation: standing.redelivery.generation }, standing.ended, options);
    case "reopened": {
      const isFollowed = row !== undefined && stateOf(row) === "PENDING" && now - entry.at < FOLLOWED_MS;
      return isFollowed ? { kind: "keep", entry } : ended(entry, "waiting");
    }
    case "void": {
      const mayBeRestored = row !== undefined && versionOf(row) === entry.version && now - entry.at < RESTORED_MS;
      return mayBeRestored ? { kind: "keep", entry } : ended(entry, "superseded");
    }
    default:
      return ended(entry, standing.kind);
  }
}

/** A message that nobody has handled for long was lost, or discarded by a program that does not know redeliveries. */
function onOwed(
  entry: Entry,
  row: AttributeMap | undefined,
  generation: number,
  { now }: Pick<DecideOptions, "now">,
): Decision {
  const known = entry.generation === generation ? entry : { ...entry, generation };
  const isInOrder = row !== undefined && orderedGroupIdOf(row) !== undefined;
  const resendMs = isInOrder ? RESEND_IN_ORDER_MS : RESEND_MS;
  if (now - entry.at < resendMs) return { kind: "keep", entry: known };
  if (entry.inVain >= Math.max(MOST_IN_VAIN, OWED_MS / resendMs)) return ended(known, "failed");
  const repetition = entry.inVain + 1;
  return { kind: "send", entry: { ...known, inVain: repetition }, generation, repetition };
}

function onEnded(entry: Entry, { result, error = "" }: RedeliveryResult, { now, mayBegin }: DecideOptions): Decision {
  if (result === "delivered") return ended(entry, "delivered");
  if (!mayBegin) return ended(entry, "failed");
  if (result === TURNED_AWAY) {
    if (entry.inVain >= MOST_IN_VAIN) return ended(entry, "failed");
    const { first, longest } = PASSING_WAITS.has(error) ? MOMENT_MS : TURN_MS;
    const waitMs = Math.min(longest, first * 2 ** Math.min(entry.inVain, 10));
    return { kind: "keep", entry: { ...entry, status: "again", inVain: entry.inVain + 1, at: now + waitMs } };
  }
  const waitMs = mayPass(result) ? WAITS_MS[entry.failures] : undefined;
  if (waitMs === undefined) return ended(entry, "failed");
  return { kind: "keep", entry: { ...entry, status: "again", failures: entry.failures + 1, at: now + waitMs } };
}

/** What mends itself; what a person has to mend is not mended within minutes. */
function mayPass(result: string): boolean {
  return Object.hasOwn(CLASS_POLICIES, result) && CLASS_POLICIES[result as FailureClass].waits === "each";
}

function onAgain(entry: Entry, row: AttributeMap | undefined, options: DecideOptions): Decision {
  const { job, now, mayBegin } = options;
  if (!mayBegin) return ended(entry, "failed");
  if (now < entry.at) return { kind: "keep", entry };
  const standing = redeliveryStanding(row, job.jobId, entry.version);
  // Marked again, and whoever did it ended before that was kept.
  if (standing.kind === "owed")
    return {
      kind: "send",
      entry: { ...entry, generation: standing.redelivery.generation },
      generation: standing.redelivery.generation,
    };
  if (standing.kind !== "ended") return onSent({ ...entry, status: "sent", at: entry.at }, row, options);
  const { generation } = standing.redelivery;
  if (generation > entry.generation) return onEnded({ ...entry, generation }, standing.ended, options);
  return { kind: "mark", entry, generation: generation + 1 };
}

function ended(entry: Entry, status: Status): Decision {
  return { kind: "keep", entry: { ...entry, status } };
}
