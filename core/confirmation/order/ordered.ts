/**
 * Transactions with an ordering key: one that cannot be delivered now waits nowhere but at the head of its group, so
 * that nothing behind it goes before. It is recorded as pending, and its message is out of sight for an hour at most.
 */
import type { ChannelWait } from "../../channels/channel-waits.ts";
import type { Progress } from "../../aws/statements/progress.ts";
import { type OUR_EGRESS, PASSING_WAITS, type WaitReason } from "../../merchant/merchant-health.ts";
import { METRICS } from "../../settings/names.ts";
import { ACKNOWLEDGEMENT } from "../../transaction/row/acknowledgement.ts";
import { orderedKeyFor } from "../../transaction/row/index-keys.ts";
import { effect, giveBackUntil, type Stay } from "../decide/effect.ts";
import type { Job } from "../job.ts";
import type { ConfirmationSettings } from "../settings.ts";
import { nextLookAt } from "./in-place.ts";
import type { QueueStrategy, RowStrategy } from "./strategy.ts";

/** More than elsewhere: a message is received again and again while it is behind one that is not done. */
const NEWER_SCHEMA_RECEIVES = 400;
const WAITING: readonly string[] = [METRICS.waiting];

export const ordered: QueueStrategy & RowStrategy = {
  name: "ordered",
  newerSchemaReceives: NEWER_SCHEMA_RECEIVES,
  isPredecessorFirst: true,
  expiredNote: " It may have waited behind earlier ones of its ordering key.",
  groupOf: ({ groupId }) => groupId,
  lookAgain(received, _trouble, { now, random }) {
    return giveBackUntil(nextLookAt(received, "error", now, random));
  },
  /** When it was sent: a row that waits behind others must not wait as long again once its turn comes. */
  deliverFrom: ({ sentAt }, now) => (sentAt > 0 ? sentAt : now),
  notBefore: ({ state }) => state.nextTryAt ?? 0,
  pendingKey: ({ orderedGroupId = "" }, { dueShards }) => orderedKeyFor(orderedGroupId, dueShards),
  until: stayUntil,
  /** Looked at meanwhile: what is acknowledged frees its group, and nobody can say so to its message. */
  untilAcknowledged(job, progress, until, settings, { now, random }, waitingFor = ACKNOWLEDGEMENT) {
    const { state, inFlight } = job;
    const isRecorded = state.waitedFor === waitingFor && state.nextTryAt === until;
    const { record } = stayUntil(job, progress, until, settings, waitingFor);
    const lookAt = Math.min(until, nextLookAt(inFlight.received, ACKNOWLEDGEMENT, now, random));
    return effect("stay", isRecorded ? undefined : record, giveBackUntil(lookAt));
  },
  /** Recorded once for each reason that lasts, so that the row tells it. What passes is not worth a write. */
  forMerchant(job, { progress, reason, traced, lookAt = Number.POSITIVE_INFINITY }, settings, { now, random }) {
    const { state, inFlight } = job;
    const until = Math.min(nextLookAt(inFlight.received, reason, now, random), lookAt);
    const isRecorded = PASSING_WAITS.has(reason) || state.waitedFor === reason;
    const hasNews = progress.attempts !== state.attempts || progress.steps !== undefined;
    const { record, fate } = stayUntil(job, progress, until, settings, reason);
    return effect("stay", isRecorded && !hasNews ? undefined : record, fate, { counts: WAITING, traced });
  },
};

function stayUntil(
  { orderedGroupId = "" }: Job,
  progress: Progress,
  nextTryAt: number,
  { dueShards, leaseMs }: ConfirmationSettings,
  waitingFor?: WaitReason | typeof OUR_EGRESS | typeof ACKNOWLEDGEMENT | ChannelWait,
): Stay {
  const due = { dueKey: orderedKeyFor(orderedGroupId, dueShards), dueAt: nextTryAt + leaseMs };
  const record = { kind: "stays", progress, nextTryAt, ...due, waitingFor } as const;
  return effect("stay", record, giveBackUntil(nextTryAt));
}
