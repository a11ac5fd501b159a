/**
 * A queue that is always empty, as messages trickle in and are taken at once, against one with a million behind every message that is given
 * out. All of the million are real messages of the canned queue, and as old as in a queue of that length; how SQS itself does with a million
 * is no part of it.
 */
import { measuredPart } from "./measured-part.ts";
import type { GrowthRun } from "./run-growth.ts";

export interface ByQueued {
  readonly rawUsBesideQueue: number;
  /** `0`: a trickle, whose batches are as small as it is slow. */
  readonly usByQueued: Readonly<Record<string, number>>;
  /** A million behind, at full speed, divided by the trickle. */
  readonly queuedMillionRatio: number;
}

const MILLION = 1_000_000;
/** About a tenth of what a core can take. */
const TRICKLE_PER_SECOND = 1000;

export async function byQueued(run: GrowthRun): Promise<ByQueued> {
  const { starter } = run;
  const { cpuUs } = await measuredPart(
    [
      { variant: await starter.raw("raw-beside-queue") },
      { variant: await starter.worker("trickle", {}, TRICKLE_PER_SECOND) },
      { variant: await starter.worker("million", { queued: MILLION }) },
    ],
    run,
  );
  const [trickleUs, millionUs] = [cpuUs("trickle"), cpuUs("million")];
  return {
    rawUsBesideQueue: cpuUs("raw-beside-queue"),
    usByQueued: { 0: trickleUs, [MILLION]: millionUs },
    queuedMillionRatio: millionUs / trickleUs,
  };
}
