/** What a worker has learnt about a transaction by trying it, as its records write it. */
import { type Accepted, writeAccepted } from "../../transaction/accepted.ts";
import type { Attempt } from "../../transaction/attempt.ts";
import { writeAttempts } from "../../transaction/attempt.ts";
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
}

export function withProgress(update: Update, version: number, progress: Progress, waitingFor?: string): Update {
  update
    .set("stateVersion", number(version))
    .set("attemptCount", number(progress.attemptCount))
    .set("attempts", writeAttempts(progress.attempts))
    .remove("unheardReleases");
  withAccepted(update, version, progress);
  return waitingFor === undefined ? update.remove("waitingFor") : update.set("waitingFor", text(waitingFor));
}

/** Whatever came of an attempt, its merchant may have accepted it. */
export function withAccepted(update: Update, version: number, { accepted }: Pick<Progress, "accepted">): Update {
  return accepted === undefined ? update : update.set("accepted", writeAccepted(version, accepted));
}

export function withTimes(update: Update, { giveUpAt, committedAt }: Progress): Update {
  update.set("giveUpAt", number(giveUpAt));
  // Of another version it would be of no use.
  return committedAt === undefined ? update.remove("committedAt") : update.set("committedAt", number(committedAt));
}
