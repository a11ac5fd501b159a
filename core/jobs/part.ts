/**
 * A part of a job, and the batches that it has open. Entries of a job are found page by page; a page that has some is
 * put down as a batch in the same write that moves the part's place on, so that no entry is in two batches and none in
 * no batch, whoever is killed between any two writes. A batch that is over is added to the part's totals in the same
 * write that closes it.
 *
 * Every write names the step before it, and whoever comes second for the same step is refused. To take a part is a step
 * too: what a holder does whose time is over is refused from then on.
 */
import type { Job, Totals } from "./job.ts";

/** A dry run counts; the other one does what the job is for. */
export const PASSES = ["count", "run"] as const;
export type Pass = (typeof PASSES)[number];

export interface PartId {
  readonly jobId: string;
  readonly pass: Pass;
  readonly part: number;
}

export interface Part {
  /** How often it was written. */
  readonly step: number;
  /** Epoch milliseconds until which it is somebody's; 0 for nobody's. */
  readonly heldUntil: number;
  /** Epoch milliseconds at which its message is to come, where nobody has it; missing where nobody has said so. */
  readonly comesAt?: number;
  /** Where to go on finding, as its kind has it; missing at the beginning. */
  readonly cursor?: string;
  /** Whether everything was found. */
  readonly isFound: boolean;
  readonly isDone: boolean;
  /** Of batches that are closed, and of what was found that came into none. */
  readonly totals: Totals;
  readonly sample: readonly string[];
  /** How many batches it has had. */
  readonly batches: number;
  /** Numbers of those that are open. */
  readonly open: readonly number[];
}

export const NEW_PART: Part = {
  step: 0,
  heldUntil: 0,
  isFound: false,
  isDone: false,
  totals: {},
  sample: [],
  batches: 0,
  open: [],
};

export interface Batch {
  readonly step: number;
  /** As its kind writes them; empty once it is closed. */
  readonly entries: string;
  /** Epoch milliseconds before which there is nothing to do about it. */
  readonly wakeAt: number;
  /** Of one that is closed. */
  readonly totals?: Totals;
}

export interface BatchId extends PartId {
  readonly batch: number;
}

const SCHEMA = 1;
/** Longest that SQS holds a message back (`DelaySeconds`, SQS API Reference, "SendMessage"). */
export const MAX_DELAY_SECONDS = 900;

/** Body of the message that says there is work on a part; all else is in the table. */
export function partMessage({ jobId, pass, part }: PartId): string {
  return JSON.stringify({ schema: SCHEMA, jobId, pass, part });
}

/** @returns undefined for what is no such message, or one of a newer program */
export function parsePartMessage(body: string): PartId | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    return undefined;
  }
  if (typeof parsed !== "object" || parsed === null) return undefined;
  const { schema, jobId, pass: word, part } = parsed as Readonly<Record<string, unknown>>;
  const pass = PASSES.find((known) => known === word);
  if (schema !== SCHEMA || typeof jobId !== "string" || pass === undefined) return undefined;
  return Number.isSafeInteger(part) && (part as number) >= 0 ? { jobId, pass, part: part as number } : undefined;
}

/** Which pass of a job there is work on, or was last. */
export function passOf({ state, startedAt }: Pick<Job, "state" | "startedAt">): Pass {
  return state === "running" || startedAt !== undefined ? "run" : "count";
}

export function partsOf(jobId: string, pass: Pass, parts: number): PartId[] {
  return Array.from({ length: parts }, (_, part) => ({ jobId, pass, part }));
}
