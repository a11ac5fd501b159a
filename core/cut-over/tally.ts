/**
 * What two systems confirmed of a merchant's transactions, counted: by rows as they are, and so by what the old system
 * has said so far. Pure; counts of several pages add up.
 */
import { ownerOf } from "../merchant/cut-over-rule.ts";
import type { Switches } from "../merchant/modes.ts";
import { type AttributeMap, numberOf, stringOf } from "../transaction/attribute-value.ts";
import { Histogram } from "../telemetry/histogram.ts";
import { ATTRIBUTES } from "../transaction/row/attributes.ts";
import { confirmedByOf } from "../transaction/row/confirmed-by.ts";
import { elsewhereOf } from "../transaction/row/elsewhere.ts";
import { redeliveryOf } from "../transaction/row/redelivery.ts";
import { stateOf } from "../transaction/row/row-state.ts";

export const TALLIED = [
  /** Rows that were looked at, each with the version that it has. */
  "transactions",
  /** Delivered from here. */
  "confirmedByPipeline",
  /** As the old system has said. */
  "confirmedByOldSystem",
  /** Both of these: confirmed twice. */
  "both",
  /** Neither, and nothing is on its way from here: given up here, or left to the old system, which has said nothing. */
  "neither",
  /** On its way from here, and not said to be confirmed. */
  "underway",
  /** The old system confirmed it, and from here it would not have been sent, or was given up. */
  "oldSystemAlone",
  /** It would have been sent from here, and the old system has not said that it confirmed it. */
  "pipelineAlone",
  /** Said to be confirmed by the old system, though by the switches it is this pipeline's. */
  "againstTheRule",
] as const;
export type Tallied = (typeof TALLIED)[number];

/** Of which some are named. */
export const EXAMPLES = ["both", "neither", "oldSystemAlone", "pipelineAlone", "againstTheRule"] as const;
type Example = (typeof EXAMPLES)[number];
const MOST_EXAMPLES = 5;

/** Milliseconds, in the middle of a bucket, and how many of them. */
export type Buckets = readonly (readonly [ms: number, count: number])[];

export interface Tally {
  readonly counts: Readonly<Record<Tallied, number>>;
  /** From `occurredAt`: until it was recorded here, delivered or left; and until the old system confirmed it. */
  readonly latencies: { readonly pipeline: Buckets; readonly oldSystem: Buckets };
  readonly examples: Readonly<Record<Example, readonly string[]>>;
}

/** @param switches of their merchant, as they are now */
export function tallyOf(rows: readonly AttributeMap[], switches: Switches | undefined): Tally {
  const counts = noCounts();
  const examples = noExamples();
  const [pipeline, oldSystem] = [new Histogram(), new Histogram()];
  for (const row of rows) {
    const transactionId = stringOf(row["transactionId"]) ?? "";
    const occurredAt = Date.parse(stringOf(row["occurredAt"]) ?? "");
    for (const name of countedAs(row, switches)) {
      counts[name] += 1;
      if (isExample(name) && examples[name].length < MOST_EXAMPLES) examples[name].push(transactionId);
    }
    const recordedAt = recordedHereAt(row);
    const saidAt = elsewhereOf(row)?.at;
    if (recordedAt !== undefined) pipeline.add(recordedAt - occurredAt);
    if (saidAt !== undefined) oldSystem.add(saidAt - occurredAt);
  }
  return { counts, latencies: { pipeline: bucketsOf(pipeline), oldSystem: bucketsOf(oldSystem) }, examples };
}

export function addTallies(tallies: readonly Tally[]): Tally {
  const counts = noCounts();
  const examples = noExamples();
  for (const tally of tallies) {
    for (const name of TALLIED) counts[name] += tally.counts[name];
    for (const name of EXAMPLES) examples[name] = [...examples[name], ...tally.examples[name]].slice(0, MOST_EXAMPLES);
  }
  const together = (name: "pipeline" | "oldSystem") => tallies.flatMap(({ latencies }) => latencies[name]);
  return { counts, latencies: { pipeline: together("pipeline"), oldSystem: together("oldSystem") }, examples };
}

function countedAs(row: AttributeMap, switches: Switches | undefined): Tallied[] {
  const state = stateOf(row);
  const confirmedBy = confirmedByOf(row);
  const isSaid = elsewhereOf(row) !== undefined;
  const isLeft = confirmedBy?.by === "shadow" || confirmedBy?.by === "mirror";
  // What was left to the old system and sent from here by a job after all was delivered too.
  const isSentAgain = redeliveryOf(row)?.ended?.result === "delivered";
  const isDelivered = state === "CONFIRMED" && (confirmedBy === undefined || isSentAgain);
  const isTerminal = state === "CONFIRMED" || state === "FAILED";
  const wouldFail = confirmedBy?.unsent !== undefined || state === "FAILED" || hasFailedHere(row, confirmedBy?.by);
  const counted: Tallied[] = ["transactions"];
  if (isDelivered) counted.push("confirmedByPipeline");
  if (isSaid) counted.push("confirmedByOldSystem");
  if (isDelivered && isSaid) counted.push("both");
  if (!isDelivered && !isSaid) counted.push(isTerminal ? "neither" : "underway");
  if (isSaid && !isDelivered && wouldFail) counted.push("oldSystemAlone");
  if (isLeft && !isSaid && !isDelivered && confirmedBy.unsent === undefined) counted.push("pipelineAlone");
  if (isSaid && ownerIn(row, switches) === "pipeline") counted.push("againstTheRule");
  return counted;
}

/** Attempts were made of it before the old system's word came, and none was delivered. */
function hasFailedHere(row: AttributeMap, by: string | undefined): boolean {
  return by === "elsewhere" && (numberOf(row[ATTRIBUTES.attemptCount]) ?? 0) > 0;
}

function ownerIn(row: AttributeMap, switches: Switches | undefined): string | undefined {
  const occurredAt = stringOf(row["occurredAt"]) ?? "";
  return Number.isNaN(Date.parse(occurredAt)) ? undefined : ownerOf(occurredAt, switches);
}

/** When it was delivered from here, or left to the old system where it would have been. */
function recordedHereAt(row: AttributeMap): number | undefined {
  if (stateOf(row) !== "CONFIRMED" || confirmedByOf(row)?.by === "elsewhere") return undefined;
  return numberOf(row[ATTRIBUTES.settledAt]);
}

function noCounts(): Record<Tallied, number> {
  return Object.fromEntries(TALLIED.map((name) => [name, 0])) as Record<Tallied, number>;
}

function noExamples(): Record<Example, string[]> {
  return { both: [], neither: [], oldSystemAlone: [], pipelineAlone: [], againstTheRule: [] };
}

function isExample(name: Tallied): name is Example {
  return EXAMPLES.some((one) => one === name);
}

function bucketsOf(histogram: Histogram): Buckets {
  return histogram.buckets().map(({ value, count }) => [value, count] as const);
}
