/** A job as its pages show it, whatever its kind: how far it is, who asked for it and why, and counts that add up. */
import type { Api, Schemas, Scope } from "../api/api.ts";
import type { Page } from "../api/pages.ts";
import type { JobKind } from "../routing/routes.ts";

export type JobState =
  | Schemas["RedeliveryJob"]["state"]
  | Schemas["ImportJob"]["state"]
  | Schemas["ExportJob"]["state"];

export type Act = "start" | "apply" | "pause" | "resume" | "cancel";

export type TotalName = "found" | "rows" | "transactions";
export type PartName =
  | "delivered"
  | "failed"
  | "waiting"
  | "superseded"
  | "inFlight"
  | "accepted"
  | "rejected"
  | "written"
  | "same"
  | "restored"
  | "takenFromTable"
  | "takenFromStream"
  | "takenFromJournal"
  | "takenFromManifests"
  | "unknown"
  | "decided"
  | "expired"
  | "refused"
  | "published"
  | "skipped"
  | "toCome";

/** A total, and the parts that add up to it; those that are none are left out, but for what is asked for first. */
export interface Account {
  readonly name: TotalName;
  readonly total: number;
  readonly parts: readonly (readonly [PartName, number])[];
  /** Why some were skipped, in the API's words. */
  readonly skippedBy?: Readonly<Record<string, number>>;
}

/** UTC; `to` is not included. */
export interface TimeSpan {
  readonly from: string;
  readonly to: string;
}

/** What was asked for, beside reason and rate: a name of the API, and what it says. */
export type Fact = readonly [name: string, value: string | readonly TimeSpan[]];

/** Why a file was refused, in the API's words, and where in the file, where it is known. */
export interface FileRefusal {
  readonly code: string;
  readonly reason: string;
  readonly line?: number | undefined;
  /** From 0. */
  readonly byte?: number | undefined;
}

export interface ShownJob {
  readonly kind: JobKind;
  readonly jobId: string;
  readonly state: JobState;
  readonly isUnderWay: boolean;
  /** What a person may ask of it now; the API decides. */
  readonly acts: readonly Act[];
  readonly reason: string;
  readonly requestedBy: string;
  readonly createdAt: string;
  readonly startedAt?: string | undefined;
  readonly doneAt?: string | undefined;
  readonly ratePerSecond: number;
  readonly facts: readonly Fact[];
  readonly account: Account;
  /** How many an act is about. */
  readonly actsOn: number;
  /** Percent; undefined where nobody knows how much there is. */
  readonly progress?: number | undefined;
  /** Why it came to nothing. */
  readonly refusal?: FileRefusal;
  /** Its file of rejected rows, or of what it exported. */
  readonly file?: "rejected" | "exported";
  /** It has some that a person decides about. */
  readonly hasUndecided?: true;
}

/** What can be asked of the jobs of a kind. */
export interface JobSource {
  /** For what may be done with them. */
  readonly writes: Scope;
  /** @param cursor of the page before; undefined for the first one */
  readonly list: (api: Api, cursor: string | undefined, signal: AbortSignal) => Promise<Page<ShownJob>>;
  readonly read: (api: Api, jobId: string, signal: AbortSignal) => Promise<ShownJob>;
  readonly act: (api: Api, jobId: string, act: Act) => Promise<ShownJob>;
}

type AskedFor = Pick<
  ShownJob,
  "jobId" | "reason" | "requestedBy" | "createdAt" | "startedAt" | "doneAt" | "ratePerSecond"
>;

/** Which one it is, who asked for it, why and when: the same of all kinds. */
export function askedOf(job: AskedFor): AskedFor {
  const { jobId, reason, requestedBy, createdAt, startedAt, doneAt, ratePerSecond } = job;
  return { jobId, reason, requestedBy, createdAt, startedAt, doneAt, ratePerSecond };
}

/** With what is to come still. @param always parts that are shown though there are none */
export function accountOf(
  name: TotalName,
  total: number,
  parts: readonly (readonly [PartName, number])[],
  always: readonly PartName[] = [],
): Account {
  const counted = parts.reduce((sum, [, many]) => sum + many, 0);
  const toCome = Math.max(0, total - counted);
  const all = [...parts, ["toCome", toCome] as const];
  // What is being counted may be ahead of its total by a moment.
  return {
    name,
    total: Math.max(total, counted),
    parts: all.filter(([part, many]) => many > 0 || always.includes(part)),
  };
}

/** @returns percent of what is over, rounded down; undefined where there is nothing yet */
export function percentOf(over: number, total: number): number | undefined {
  return total <= 0 ? undefined : Math.min(100, Math.floor((over / total) * 100));
}

/** Names and values of what was asked for; what was not said is left out. */
export function factsOf(given: Readonly<Record<string, unknown>>): Fact[] {
  return Object.entries(given).flatMap(([name, value]): Fact[] =>
    value === undefined || (Array.isArray(value) && value.length === 0)
      ? []
      : [[name, [value].flat().map(String).join(", ")]],
  );
}
