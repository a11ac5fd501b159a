/**
 * Transactions without an ordering key: one that cannot be delivered now waits seconds in the queue, else parks in the
 * table, by time or for its merchant's sake, and its message goes.
 */
import type { ChannelWait } from "../../channels/channel-waits.ts";
import type { Progress } from "../../aws/statements/progress.ts";
import { originOf } from "../../merchant/ownership.ts";
import { urlKey, type OUR_EGRESS, type WaitReason } from "../../merchant/merchant-health.ts";
import { spreadMs } from "../../retry/retry-schedule.ts";
import { METRICS } from "../../settings/names.ts";
import { ACKNOWLEDGEMENT } from "../../transaction/row/acknowledgement.ts";
import { dueKeyFor, parkKeyFor, waitKeyFor } from "../../transaction/row/index-keys.ts";
import { doneWith, effect, giveBack, type Park } from "../decide/effect.ts";
import { troubleSeconds } from "../decide/trouble.ts";
import { committedAtOf, type Job } from "../job.ts";
import type { ConfirmationSettings } from "../settings.ts";
import type { MerchantWait, Moment, QueueStrategy, RowStrategy } from "./strategy.ts";

/** Receives after which there is no newer task: ten minutes, longer than a deployment keeps old and new together. */
const NEWER_SCHEMA_RECEIVES = 20;
/** Milliseconds after which a disabled URL is looked at again that is not its merchant's own but the transaction's. */
const DISABLED_RECHECK_MS = 3_600_000;
/**
 * The same of one that is not verified: soon at first, as it may be verified just now, then after half of the time for
 * which the transaction has waited.
 */
const UNVERIFIED_RECHECK_MS = { first: 20_000, longest: 900_000 } as const;
/**
 * Seconds, in the mean, after which one is attempted again for which its merchant's health row could not be written.
 */
const UNNOTED_WAIT_SECONDS = 30;

const WAITING: readonly string[] = [METRICS.waiting];

export const unordered: QueueStrategy & RowStrategy = {
  name: "unordered",
  newerSchemaReceives: NEWER_SCHEMA_RECEIVES,
  isPredecessorFirst: false,
  expiredNote: "",
  groupOf: () => undefined,
  lookAgain({ receiveCount }, { isOutage, hasRoom }) {
    return giveBack(troubleSeconds({ receiveCount, isOutage, hasRoom }), hasRoom && !isOutage);
  },
  deliverFrom: (_received, now) => now,
  notBefore: () => 0,
  pendingKey: ({ target }, { dueShards }) => dueKeyFor(target.transactionId, dueShards),
  until: parkUntil,
  untilAcknowledged: (job, progress, until, settings, _moment, waitingFor = ACKNOWLEDGEMENT) =>
    parkUntil(job, progress, until, settings, waitingFor),
  /** `release-due` lets it go when the merchant can take it; by time, if that cannot be noted. */
  forMerchant(job, { merchant, progress, reason, url, traced, lookAt = progress.giveUpAt }, settings, { now }) {
    const { merchantId, confirmationUrl = "" } = merchant;
    const recheckMs = ownUrlRecheckMs(job, confirmationUrl, reason, url, now);
    const until = Math.min(lookAt, progress.giveUpAt);
    if (recheckMs !== undefined) {
      const dueAt = Math.min(now + recheckMs, until);
      return { ...parkUntil(job, progress, dueAt, settings, reason), traced };
    }
    const dueKey = waitKeyFor(merchantId, job.target.transactionId, settings.merchantShards);
    const parked = { kind: "parked", progress, dueKey, dueAt: until, waitingFor: reason } as const;
    return effect("park", parked, doneWith(job), { counts: WAITING, traced, note: { merchantId, reason } });
  },
};

/** Which URLs are the transactions' own `release-due` cannot know. @returns undefined for its merchant's own */
function ownUrlRecheckMs(
  job: Job,
  confirmationUrl: string,
  reason: WaitReason,
  url: string | undefined,
  now: number,
): number | undefined {
  if (reason === "url disabled" && urlKey(confirmationUrl) !== url) return DISABLED_RECHECK_MS;
  if (reason !== "url unverified" || originOf(confirmationUrl) === originOf(url)) return undefined;
  const waitedMs = now - (committedAtOf(job) ?? now);
  return Math.min(UNVERIFIED_RECHECK_MS.longest, Math.max(UNVERIFIED_RECHECK_MS.first, waitedMs / 2));
}

/** For its merchant's sake, though that could not be noted at the merchant's health row. */
export function parkUnnoted(
  job: Job,
  { progress, reason }: Pick<MerchantWait, "progress" | "reason">,
  settings: ConfirmationSettings,
  { now, random }: Moment,
): Park {
  const dueAt = now + spreadMs(UNNOTED_WAIT_SECONDS, random);
  return parkUntil(job, progress, Math.min(dueAt, progress.giveUpAt), settings, reason);
}

function parkUntil(
  job: Job,
  progress: Progress,
  dueAt: number,
  { dueShards }: ConfirmationSettings,
  waitingFor?: WaitReason | typeof OUR_EGRESS | typeof ACKNOWLEDGEMENT | ChannelWait,
): Park {
  const dueKey = parkKeyFor(job.target.transactionId, dueShards);
  return effect("park", { kind: "parked", progress, dueKey, dueAt, waitingFor }, doneWith(job));
}
