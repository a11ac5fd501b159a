/** A restore as a person sees it, and how one is followed until it is planned, or applied. */
import type { components } from "../../api/api-types.ts";
import { EXIT_CODES } from "../../frame/exit-codes.ts";
import type { Session } from "../../frame/session.ts";
import { pairs } from "../../show/output.ts";

export type Restore = components["schemas"]["RestoreJob"];

const LOOK_EVERY_MS = 1000;

export async function restoreOf(session: Session, jobId: string): Promise<Restore> {
  return session.ask((client) => client.GET("/v1/restores/{jobId}", { params: { path: { jobId } } }));
}

/** Until nothing more is counted or written. */
export async function followed(session: Session, restore: Restore): Promise<Restore> {
  const progress = session.progress(restore.state === "counting" ? "compared" : "restored");
  let now = restore;
  try {
    while (isUnderWay(now)) {
      await session.around.sleep(LOOK_EVERY_MS);
      now = await restoreOf(session, now.jobId);
      progress.set(now.counts.transactions, Math.max(now.plan?.transactions ?? 0, now.counts.transactions));
    }
  } finally {
    progress.stop();
  }
  return now;
}

function isUnderWay({ state, doneAt, isApplied }: Restore): boolean {
  if (isApplied || doneAt !== undefined) return false;
  return state === "counting" || state === "running";
}

export function restoreText(restore: Restore): string {
  const { jobId, state, fromTable, restoredTo, damagedAt, sources, decides, decision, timeToLive } = restore;
  const { unknownTimes, isStreamWhole, requestedBy, reason, doneAt } = restore;
  const isPlan = state === "counting" || state === "counted";
  const counts = isPlan ? (restore.plan ?? restore.counts) : restore.counts;
  const head = pairs({
    restore: jobId,
    state,
    from: fromTable,
    "of the time": restoredTo,
    "damaged at": damagedAt,
    sources: sources?.join(", "),
    decides,
    decision,
    why: reason,
    by: requestedBy,
    "stream is whole": isStreamWhole === undefined ? undefined : isStreamWhole ? "yes" : "no",
    "nothing known of": unknownTimes?.map(({ from, to }) => `${from} to ${to}`).join(", ") || undefined,
    "time to live": timeToLive === "off" ? "off until it is over" : timeToLive,
    "over since": doneAt,
  });
  if (decides !== undefined) return `${head}\n\n${pairs({ decided: counts.decided, "left alone": leftAlone(counts) })}`;
  return `${head}\n\n${pairs({
    transactions: counts.transactions,
    "nothing to do": counts.same,
    restored: counts.restored,
    "of them sent": counts.sent,
    "taken from the table": counts.takenFromTable,
    "from its stream": counts.takenFromStream,
    "from the journal": counts.takenFromJournal,
    "from manifests": counts.takenFromManifests,
    unknown: counts.unknown,
    expired: counts.expired || undefined,
    refused: counts.refused || undefined,
    skipped: counts.skipped || undefined,
  })}`;
}

function leftAlone({ same, skipped }: Restore["counts"]): number {
  return same + skipped;
}

/** What comes next, as commands. */
export function nextLine(restore: Restore): string {
  const { jobId, state, plan, counts, isApplied } = restore;
  const apply = `npx confirmations restore apply ${jobId}`;
  const list = `npx confirmations restore unknown ${jobId}`;
  if (state === "counted")
    return (plan?.unknown ?? 0) > 0
      ? `No row is written yet. See what is unknown: ${list}\nIf all of that is right: ${apply}`
      : `No row is written yet. If that is right: ${apply}`;
  if (isApplied && counts.unknown > 0)
    return `Nobody calls what is unknown. See it: ${list}\nDecide: ${apply} --unknown send, or confirmed; or by id`;
  return isApplied ? "The table is restored." : `Follow it: npx confirmations restore watch ${jobId}`;
}

export function exitOf({ state, counts }: Restore): number {
  return state === "canceled" || counts.refused > 0 ? EXIT_CODES.refused.code : EXIT_CODES.done.code;
}
