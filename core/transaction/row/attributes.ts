/**
 * Names of the attributes that the pipeline writes to a row of the Transactions table, each written once: readers,
 * statements, keys of indexes and filters take them from here. What a producer writes is named in `transaction.ts`.
 */
import { TIME_TO_LIVE } from "../../settings/names.ts";

export const ATTRIBUTES = {
  /** One of `STATES`, and the version that it was written for. */
  confirmationState: "confirmationState",
  stateVersion: "stateVersion",
  /** Kept once a version was lowered. */
  highestVersion: "highestVersion",
  /** How often the row was put back on the queue, and how often in a row without a record since. */
  releaseNumber: "releaseNumber",
  unheardReleases: "unheardReleases",
  /** The version for which an audit put the row back. */
  auditedVersion: "auditedVersion",
  /** Keys of the due index; only what is not terminal has them. */
  dueKey: "dueKey",
  dueAt: "dueAt",
  /** Key of the merchant index. */
  merchantKey: "merchantKey",
  /** Keys of the failed index; only what is `FAILED` has them. */
  failedKey: "failedKey",
  failedAt: "failedAt",
  /** By whom and when the API took it in, and a digest of what it took. */
  intake: "intake",
  attemptCount: "attemptCount",
  attempts: "attempts",
  accepted: "accepted",
  giveUpAt: "giveUpAt",
  nextTryAt: "nextTryAt",
  committedAt: "committedAt",
  waitingFor: "waitingFor",
  sampledTrace: "sampledTrace",
  settledAt: "settledAt",
  /** The job that sends it again, and what came of that. */
  redelivery: "redelivery",
  /** That its merchant acknowledged it: which version, when, and by what way. */
  acknowledged: "acknowledged",
  /** What was done by channels, of a recipient that has some. */
  steps: "steps",
  /** Of one that is confirmed without a 2xx to this pipeline: who confirmed it, and what would have been sent. */
  confirmedBy: "confirmedBy",
  /** The word of the old system that it confirmed a version: when, who said so, and when. */
  saidElsewhere: "saidElsewhere",
  /** That this pipeline confirms it, whatever becomes of its merchant's switches. */
  pinnedMode: "pinnedMode",
  /** The restore that wrote it, and where that is from. */
  restoredBy: "restoredBy",
  failure: "failure",
  purgeAt: TIME_TO_LIVE,
} as const;

export type AttributeName = (typeof ATTRIBUTES)[keyof typeof ATTRIBUTES];

/** What only a terminal row has: whatever puts it on its way takes it away. */
export const TERMINAL_ONLY = [ATTRIBUTES.purgeAt, ATTRIBUTES.failedKey, ATTRIBUTES.failedAt] as const;

export const ATTRIBUTE_NAMES: readonly AttributeName[] = Object.values(ATTRIBUTES);
