/**
 * Names of the journal's files. They say all that is needed to tell what is not in the journal: who wrote one, which of
 * its writer's it is, until when it has everything that was recorded, whether something before that was lost, and
 * whether the writer rested or ended with it. In the order of their names they are in the order of time.
 *
 *   journal/20261130T120000123Z_60_<writer>_000004[_lossy][_rest|_end].jsonl.zst
 */

/** Below it, in the bucket of manifests. */
export const JOURNAL_FOLDER = "journal/";

export interface JournalFileName {
  /** A process that records confirmations: an id of its own, letters, digits and hyphens. */
  readonly writer: string;
  /** From 0, without gaps. */
  readonly number: number;
  /** Epoch milliseconds: what the writer recorded until then is in this file, or in those before it. */
  readonly to: number;
  /** Seconds after `to` within which whatever is recorded next is written. */
  readonly everySeconds: number;
  /** Some of what was recorded since the file before could not be kept until it was written. */
  readonly isLossy: boolean;
  /**
   * Nothing waited, and nothing was recorded for a while: whatever is recorded next is written at once. Of `end`: the
   * writer has ended, and recorded nothing after it.
   */
  readonly closing?: "rest" | "end" | undefined;
}

const DIGITS = 6;
const NAME = /^journal\/(\d{8}T\d{9}Z)_(\d+)_([\w-]+?)_(\d+)(_lossy)?(?:_(rest|end))?\.jsonl\.(?:zst|gz)$/;
const TIME = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z$/;

export function journalKey({ writer, number, to, everySeconds, isLossy, closing }: JournalFileName): string {
  const flags = `${isLossy ? "_lossy" : ""}${closing === undefined ? "" : `_${closing}`}`;
  const count = String(number).padStart(DIGITS, "0");
  return `${JOURNAL_FOLDER}${compactTime(to)}_${everySeconds}_${writer}_${count}${flags}.jsonl.zst`;
}

/** @returns undefined for what is no file of the journal */
export function readJournalKey(key: string): JournalFileName | undefined {
  const [, time = "", every, writer = "", number, lossy, closing] = NAME.exec(key) ?? [];
  const [, year, month, day, hour, minute, second, ms] = TIME.exec(time) ?? [];
  const to = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${ms}Z`);
  if (writer === "" || Number.isNaN(to)) return undefined;
  return {
    writer,
    number: Number(number),
    to,
    everySeconds: Number(every),
    isLossy: lossy !== undefined,
    ...(closing !== undefined && { closing: closing as "rest" | "end" }),
  };
}

/** Before all files whose `to` is at this time or later. @param time epoch milliseconds */
export function journalStart(time: number): string {
  return `${JOURNAL_FOLDER}${compactTime(time)}`;
}

function compactTime(time: number): string {
  return new Date(time).toISOString().replaceAll(/[-:.]/g, "");
}
