/** An export as a person sees it, how one is followed to its end, and its file. */
import { createWriteStream, renameSync } from "node:fs";
import { pipeline } from "node:stream/promises";
import type { components } from "../../api/api-types.ts";
import { downloaded } from "../../connection/download.ts";
import { CommandFailure } from "../../frame/command-failure.ts";
import { EXIT_CODES } from "../../frame/exit-codes.ts";
import type { Session } from "../../frame/session.ts";
import { pairs } from "../../show/output.ts";

export type Export = components["schemas"]["ExportJob"];

const LOOK_EVERY_MS = 500;
/** Looks at which the API had no answer, of all of them: an export goes on whether or not somebody looks. */
const MOST_MISSES = 100;

export function exportNow(session: Session, jobId: string): Promise<Export> {
  return session.ask((client) => client.GET("/v1/exports/{jobId}", { params: { path: { jobId } } }));
}

/** Until it is over or paused. */
export async function followedExport(session: Session, begun: Export): Promise<Export> {
  const progress = session.progress("exported");
  let now = begun;
  let misses = 0;
  try {
    while (isUnderWay(now)) {
      await session.around.sleep(LOOK_EVERY_MS);
      now = await exportNow(session, now.jobId).catch((error: unknown) => {
        misses += 1;
        if (!(error instanceof CommandFailure) || !error.isPassing || misses > MOST_MISSES) throw error;
        return now;
      });
      progress.set(now.counts.rows, now.counts.rows);
    }
  } finally {
    progress.stop();
  }
  return now;
}

function isUnderWay({ state, doneAt }: Export): boolean {
  return state === "running" || (state === "canceled" && doneAt === undefined);
}

/** Into a file, whole or not at all; to standard output without one. */
export async function saveExport(session: Session, jobId: string, file: string | undefined): Promise<void> {
  const params = { path: { jobId } };
  const address = async () => (await session.ask((client) => client.GET("/v1/exports/{jobId}/file", { params }))).url;
  const pieces = downloaded({ address, what: "The file of the export", around: session.around });
  if (file === undefined) {
    for await (const piece of pieces) await session.around.writeBytes(piece);
    return;
  }
  const unfinished = `${file}.unfinished`;
  await pipeline(pieces, createWriteStream(unfinished));
  renameSync(unfinished, file);
}

export function exportText({ counts, ...one }: Export): string {
  const { jobId, state, merchantId, from, to, format, transactionState, reason, requestedBy, ratePerSecond } = one;
  return pairs({
    export: jobId,
    state,
    of: merchantId,
    from,
    to,
    "in state": transactionState,
    format,
    why: reason,
    by: requestedBy,
    rate: `${ratePerSecond} transactions a second`,
    transactions: counts.rows,
    bytes: counts.bytes,
    "over since": one.doneAt,
    "kept until": one.fileUntil,
  });
}

export function exitOfExport({ state }: Export): number {
  return state === "canceled" || state === "too_large" ? EXIT_CODES.refused.code : EXIT_CODES.done.code;
}
