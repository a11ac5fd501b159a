/** What a worker has learnt about a transaction by trying it, as its records write it. */
import type { Attempt } from "../../core/attempt.ts";
import { writeAttempts } from "../../core/attempt.ts";
import { number, text, type Update } from "./statement.ts";

export interface Progress {
  readonly attemptCount: number;
  readonly attempts: readonly Attempt[];
  /** Epoch milliseconds. */
  readonly giveUpAt: number;
  /** Epoch milliseconds at which the version was written; kept on the row while it waits, since its message may be gone by then. */
  readonly committedAt?: number | undefined;
}

export function withProgress(update: Update, version: number, progress: Progress, waitingFor?: string): Update {
  update
    .set("stateVersion", number(version))
    .set("attemptCount", number(progress.attemptCount))
    .set("attempts", writeAttempts(progress.attempts))
    .remove("unheardReleases");
  return waitingFor === undefined ? update.remove("waitingFor") : update.set("waitingFor", text(waitingFor));
}

export function withTimes(update: Update, { giveUpAt, committedAt }: Progress): Update {
  update.set("giveUpAt", number(giveUpAt));
  // Of another version it would be of no use.
  return committedAt === undefined ? update.remove("committedAt") : update.set("committedAt", number(committedAt));
}
