/** What a worker has learnt about a transaction by trying it, as its records write it. */
import { ATTRIBUTES } from "../../transaction/row/attributes.ts";
import { type Accepted, writeAccepted } from "../../transaction/accepted.ts";
import type { Steps } from "../../channels/steps.ts";
import type { Attempt } from "../../transaction/attempt.ts";
import { writeAttempts } from "../../transaction/attempt.ts";
import { pinnedLive } from "../../transaction/row/confirmed-by.ts";
import { writeSteps } from "../../transaction/row/steps.ts";
import { number, text, type Update } from "./statement.ts";

export interface Progress {
  readonly attemptCount: number;
  readonly attempts: readonly Attempt[];
  /** Epoch milliseconds. */
  readonly giveUpAt: number;
  /**
   * Epoch milliseconds at which the version was written; kept on the row while it waits, since its message may be gone
   * by then.
   */
  readonly committedAt?: number | undefined;
  /** What was offered; missing where nothing was attempted. */
  readonly accepted?: Accepted;
  /** What was done by channels; missing where nothing is new of it. */
  readonly steps?: Steps;
  /** The same as they were read, where nothing is new: taken only while they still are. */
  readonly seenSteps?: Steps;
  /** Whether this pipeline confirms it whatever becomes of its merchant's switches. @default its merchant has none */
  readonly isPinned?: boolean;
}

const { steps: STEPS } = ATTRIBUTES;
/** None of the version. Its parameter is the version. */
const NO_STEPS = `(${STEPS} IS MISSING OR ${STEPS}."version"<>?)`;
/** Nobody wrote them since they were read. Its parameters are version and revision. */
const STEPS_AS_READ = `${STEPS}."version"=? AND ${STEPS}."revision"=?`;

export function withProgress(update: Update, version: number, progress: Progress, waitingFor?: string): Update {
  update
    .set(ATTRIBUTES.stateVersion, number(version))
    .set(ATTRIBUTES.attemptCount, number(progress.attemptCount))
    .set(ATTRIBUTES.attempts, writeAttempts(progress.attempts))
    .remove(ATTRIBUTES.unheardReleases);
  withAccepted(update, version, progress);
  if (progress.isPinned === true) update.set(ATTRIBUTES.pinnedMode, pinnedLive(version));
  if (progress.steps !== undefined) withSteps(update, progress.steps);
  else if (progress.seenSteps !== undefined) whereSteps(update, progress.seenSteps);
  return waitingFor === undefined
    ? update.remove(ATTRIBUTES.waitingFor)
    : update.set(ATTRIBUTES.waitingFor, text(waitingFor));
}

/** Whatever came of an attempt, its merchant may have accepted it. */
export function withAccepted(update: Update, version: number, { accepted }: Pick<Progress, "accepted">): Update {
  return accepted === undefined ? update : update.set(ATTRIBUTES.accepted, writeAccepted(version, accepted));
}

/** Taken only where nobody wrote steps since they were read: what is recorded of one must not be forgotten. */
export function withSteps(update: Update, steps: Steps): Update {
  return whereSteps(update.set(STEPS, writeSteps(steps)), steps);
}

function whereSteps(update: Update, { version, revision }: Steps): Update {
  return revision === 0
    ? update.where(NO_STEPS, number(version))
    : update.where(STEPS_AS_READ, number(version), number(revision));
}

export function withTimes(update: Update, { giveUpAt, committedAt }: Progress): Update {
  update.set(ATTRIBUTES.giveUpAt, number(giveUpAt));
  // Of another version it would be of no use.
  return committedAt === undefined
    ? update.remove(ATTRIBUTES.committedAt)
    : update.set(ATTRIBUTES.committedAt, number(committedAt));
}
