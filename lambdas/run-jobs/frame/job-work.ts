/** What a kind of job is made of; the frame does the rest, the same for all. */
import type { Job, Totals } from "../../../core/jobs/job.ts";

/** A page of what a job is about. */
export interface Found<Entry> {
  /** At most as many as were asked for; a page may have none and go on. */
  readonly entries: readonly Entry[];
  /** Rows that were read for it. @default as many as there are entries */
  readonly looked?: number;
  /** Where to go on; missing at the end. */
  readonly cursor?: string;
  /** Milliseconds after which to look again, where a dry run waits for other parts. @default at once */
  readonly afterMs?: number;
}

export interface Advanced<Entry> {
  readonly entries: readonly Entry[];
  /** Epoch milliseconds before which there is nothing more to do; missing once all entries are over. */
  readonly wakeAt?: number;
  /** Whether some could not be begun yet, so that finding more is of no use. */
  readonly isBehind: boolean;
  /** Entries that are begun, or about to be, and not over. */
  readonly open: number;
}

export interface JobWork<Entry> {
  /** Why a job of this kind cannot be done as things are: it is canceled. Missing where it can. */
  readonly offReason?: string;
  /** @param cursor where the page before ended. @param limit most entries */
  find(job: Job, part: number, cursor: string | undefined, limit: number): Promise<Found<Entry>>;
  /** What a dry run says of entries that were found: how many there are, and which of them are a sample. */
  count(job: Job, entries: readonly Entry[]): Promise<{ readonly totals: Totals; readonly sample: readonly string[] }>;
  /**
   * Goes on with entries as far as that is possible now. Whoever does it may be killed anywhere inside, and what it
   * returned be lost: done again from the same entries, it must come to the same.
   * @param mayBegin false where nothing new may be begun, as the job was canceled
   */
  advance(job: Job, entries: readonly Entry[], mayBegin: boolean): Promise<Advanced<Entry>>;
  totalsOf(entries: readonly Entry[]): Totals;
  /**
   * Tells of the end of the whole job, before it is written down; done again where that was not written. Of a dry run
   * that was canceled too, unless whoever did that has written its end.
   *
   * @returns milliseconds after which to ask again, where it cannot end yet
   * @default nothing is told
   */
  concluding?(job: Job, totals: Totals): Promise<number | undefined>;
  /** Of the whole job, once it is over. */
  conclude(job: Job, totals: Totals): Totals;
  write(entries: readonly Entry[]): string;
  read(text: string): readonly Entry[];
}
