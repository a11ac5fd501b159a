/**
 * A job: what somebody asked for that takes long, cut into parts that are worked on side by side, whatever its kind. It
 * knows nothing of what a kind does; that is in `spec`, as the kind writes and reads it.
 *
 *   counting -> counted    a dry run: nothing is done but counted
 *   counted  -> running    started by a person, pinned to what the dry run was for
 *   running  -> paused -> running
 *   running  -> done       the last part concludes it
 *   any of these but done -> canceled; what is under way still ends
 */
import { TIME_TO_LIVE } from "../settings/names.ts";
import { type AttributeMap, type AttributeValue, numberOf, stringOf } from "../transaction/attribute-value.ts";

export const JOB_KINDS = ["redelivery", "resync", "import", "export", "restore"] as const;
export type JobKind = (typeof JOB_KINDS)[number];

export const JOB_STATES = ["counting", "counted", "running", "paused", "canceled", "done"] as const;
export type JobState = (typeof JOB_STATES)[number];

/** Counts by name; they are only ever added up. */
export type Totals = Readonly<Record<string, number>>;

/** What was asked for; it never changes. */
export interface Asked {
  /** What it is about, as its kind reads it. */
  readonly spec: unknown;
  /** Whose alone it is, where it is one merchant's. */
  readonly merchantId?: string;
  /** Why, in the words of whoever asked. */
  readonly reason: string;
  readonly requestedBy: string;
  /** Most entries that are begun in a second, by all parts together. */
  readonly ratePerSecond: number;
  /** Epoch milliseconds: what came to be after it is none of the job's. */
  readonly asOf: number;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  /** How many there are; they are numbered from 0. */
  readonly parts: number;
}

export interface Counted {
  readonly totals: Totals;
  /** Some ids of what was counted. */
  readonly sample: readonly string[];
}

export interface Job {
  readonly jobId: string;
  readonly kind: JobKind;
  readonly state: JobState;
  readonly asked: Asked;
  /** Of a dry run that is over. */
  readonly counted?: Counted;
  /** Of a job that is over, or whose parts are. */
  readonly totals?: Totals;
  /** Epoch milliseconds. */
  readonly startedAt?: number;
  readonly doneAt?: number;
}

export const JOB_ROW = {
  jobId: "jobId",
  /** Keys of the index of jobs; other rows of the table have none. */
  listedAs: "listedAs",
  listedAt: "listedAt",
  state: "state",
  asked: "asked",
  counted: "counted",
  totals: "totals",
  startedAt: "startedAt",
  doneAt: "doneAt",
} as const;

/** A job's row after it was asked for; its parts, and what it found, after they were written. */
export const JOB_KEPT_SECONDS = 90 * 86_400;

/** Whether it may still begin something. */
export function isOpen({ state }: Pick<Job, "state">): boolean {
  return state === "counting" || state === "counted" || state === "running" || state === "paused";
}

/** Whether there is work on it now. */
export function isAtWork({ state, doneAt }: Pick<Job, "state" | "doneAt">): boolean {
  return state === "counting" || state === "running" || (state === "canceled" && doneAt === undefined);
}

/** Whether nothing becomes of it any more. */
export function isOver({ doneAt }: Pick<Job, "doneAt">): boolean {
  return doneAt !== undefined;
}

/** To be put on the condition that there is none of its id. */
export function jobRow({ jobId, kind, asked, ...job }: Job): AttributeMap {
  return {
    [JOB_ROW.jobId]: { S: jobId },
    [JOB_ROW.listedAs]: { S: kind },
    [JOB_ROW.listedAt]: { S: `${new Date(asked.createdAt).toISOString()}#${jobId}` },
    [JOB_ROW.asked]: { S: JSON.stringify(asked) },
    [TIME_TO_LIVE]: { N: String(Math.floor(asked.createdAt / 1000) + JOB_KEPT_SECONDS) },
    ...changedAttributes(job),
  };
}

/** Attributes of what may change. */
export function changedAttributes(change: Partial<Omit<Job, "jobId" | "kind" | "asked">>): AttributeMap {
  const { state, counted, totals, startedAt, doneAt } = change;
  return {
    ...(state !== undefined && { [JOB_ROW.state]: { S: state } }),
    ...(counted !== undefined && { [JOB_ROW.counted]: { S: JSON.stringify(counted) } }),
    ...(totals !== undefined && { [JOB_ROW.totals]: { S: JSON.stringify(totals) } }),
    ...(startedAt !== undefined && { [JOB_ROW.startedAt]: { N: String(startedAt) } }),
    ...(doneAt !== undefined && { [JOB_ROW.doneAt]: { N: String(doneAt) } }),
  };
}

/** @returns undefined for another row of the table, or a job of a kind that a newer program has */
export function readJobRow(row: AttributeMap): Job | undefined {
  const jobId = stringOf(row[JOB_ROW.jobId]);
  const kind = JOB_KINDS.find((known) => known === stringOf(row[JOB_ROW.listedAs]));
  const state = JOB_STATES.find((known) => known === stringOf(row[JOB_ROW.state]));
  const asked = jsonIn(row[JOB_ROW.asked]) as Asked | undefined;
  if (jobId === undefined || kind === undefined || state === undefined || asked === undefined) return undefined;
  const counted = jsonIn(row[JOB_ROW.counted]) as Counted | undefined;
  const totals = jsonIn(row[JOB_ROW.totals]) as Totals | undefined;
  const startedAt = numberOf(row[JOB_ROW.startedAt]);
  const doneAt = numberOf(row[JOB_ROW.doneAt]);
  return {
    jobId,
    kind,
    state,
    asked,
    ...(counted !== undefined && { counted }),
    ...(totals !== undefined && { totals }),
    ...(startedAt !== undefined && { startedAt }),
    ...(doneAt !== undefined && { doneAt }),
  };
}

function jsonIn(attribute: AttributeValue | undefined): unknown {
  const text = stringOf(attribute);
  return text === undefined ? undefined : JSON.parse(text);
}

export function added(one: Totals, other: Totals): Totals {
  const sum: Record<string, number> = { ...one };
  for (const [name, count] of Object.entries(other)) if (count !== 0) sum[name] = (sum[name] ?? 0) + count;
  return sum;
}
