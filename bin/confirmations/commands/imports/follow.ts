/** An import as a person sees it, how one is followed to its end, and the file with its rejected rows. */
import { createWriteStream, renameSync } from "node:fs";
import { pipeline } from "node:stream/promises";
import type { components } from "../../api/api-types.ts";
import { downloaded } from "../../connection/download.ts";
import { CommandFailure } from "../../frame/command-failure.ts";
import { EXIT_CODES } from "../../frame/exit-codes.ts";
import type { Session } from "../../frame/session.ts";
import { pairs } from "../../show/output.ts";

export type Import = components["schemas"]["ImportJob"];

const LOOK_EVERY_MS = 500;
/** Looks at which the API had no answer, of all of them: an import goes on whether or not somebody looks. */
const MOST_MISSES = 100;

export function importNow(session: Session, jobId: string): Promise<Import> {
  return session.ask((client) => client.GET("/v1/imports/{jobId}", { params: { path: { jobId } } }));
}

/** Until it is over or paused. */
export async function followedImport(session: Session, begun: Import): Promise<Import> {
  const progress = session.progress("imported");
  let now = begun;
  let misses = 0;
  try {
    while (isUnderWay(now)) {
      await session.around.sleep(LOOK_EVERY_MS);
      now = await importNow(session, now.jobId).catch((error: unknown) => {
        misses += 1;
        if (!(error instanceof CommandFailure) || !error.isPassing || misses > MOST_MISSES) throw error;
        return now;
      });
      const { rows, accepted, rejected, skipped } = now.counts;
      progress.set(accepted + rejected + skipped, rows);
    }
  } finally {
    progress.stop();
  }
  return now;
}

function isUnderWay({ state, doneAt }: Import): boolean {
  return state === "waiting" || state === "running" || (state === "canceled" && doneAt === undefined);
}

/** Whole or not at all. */
export async function saveRejected(session: Session, jobId: string, file: string): Promise<void> {
  const params = { path: { jobId } };
  const address = async () =>
    (await session.ask((client) => client.GET("/v1/imports/{jobId}/rejected", { params }))).url;
  const pieces = downloaded({ address, what: "The file with the rejected rows", around: session.around });
  const unfinished = `${file}.unfinished`;
  await pipeline(pieces, createWriteStream(unfinished));
  renameSync(unfinished, file);
}

export function importText({ counts, refusal, ...one }: Import): string {
  const { jobId, state, fileName, of, merchantId, reason, requestedBy, ratePerSecond, bytes, doneAt } = one;
  return pairs({
    import: jobId,
    state,
    refused: refusal === undefined ? undefined : `${refusal.code}: ${refusal.reason}`,
    file: fileName,
    bytes,
    has: of === "confirmations" ? "what the old system confirmed" : undefined,
    of: merchantId,
    why: reason,
    by: requestedBy,
    rate: `${ratePerSecond} rows a second`,
    rows: counts.rows,
    accepted: counts.accepted,
    rejected: counts.rejected,
    skipped: counts.skipped || undefined,
    "over since": doneAt,
  });
}

export function exitOfImport({ counts, state }: Import): number {
  const isWhole = counts.rejected === 0 && state === "done";
  return isWhole ? EXIT_CODES.done.code : EXIT_CODES.refused.code;
}
