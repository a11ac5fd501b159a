/**
 * An audit as a run: one kind of work, cut into parts that are worked on side by side, each from where it was left.
 * There is one run of a kind at a time.
 *
 * States: none → under way (start) → finished (the last part concludes it) → under way (the next one starts).
 */

/** `index` and `table` are the sweeps over the due index and the whole table; `manifests` writes those of one day. */
export const KINDS = ["index", "table", "manifests"] as const;
export type Kind = (typeof KINDS)[number];

export type Totals = Readonly<Record<string, number>>;

export interface Run {
  readonly kind: Kind;
  readonly runId: string;
  /** How many there are; they are numbered from 0. */
  readonly parts: number;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly finishedAt?: number;
  /** Of a finished run. */
  readonly totals?: Totals;
  /** The finished run of this kind before this one. */
  readonly before?: { readonly finishedAt: number; readonly totals: Totals };
  /** Of manifests: the UTC day they are for, `2026-11-22`, and which look at it this is. */
  readonly day?: string;
  readonly look?: number;
  /** Of manifests: looks that were taken, by day. */
  readonly looks?: Readonly<Record<string, number>>;
}

export interface Progress {
  /** How often it was saved; whoever saves second for the same number is refused. */
  readonly step: number;
  readonly isDone: boolean;
  /** Epoch milliseconds. */
  readonly savedAt: number;
  /** Of its kind of work, as JSON. */
  readonly state: string;
}

/** What is remembered between invocations. Reads are consistent. */
export interface RunStore {
  current(kind: Kind): Promise<Run | undefined>;
  /** @returns false when another one was started meanwhile. @param before the run that is replaced */
  start(run: Run, before: Run | undefined): Promise<boolean>;
  /** @returns false when it was finished by another one */
  finish(run: Run): Promise<boolean>;
  progress(runId: string, part: number): Promise<Progress | undefined>;
  /** @returns false when this step was saved by another one */
  save(runId: string, part: number, progress: Progress): Promise<boolean>;
}

/** What travels through the queue of parts: only a hint that there is work, all else is in the store. */
export interface PartMessage {
  readonly kind: Kind;
  readonly runId: string;
  readonly part: number;
}
