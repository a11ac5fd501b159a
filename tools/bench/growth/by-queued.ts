/**
 * A queue that never holds more than what is asked for against one with a million behind every message that is given
 * out, both at full speed; and one that is always empty, as messages trickle in and are taken at once, few to a call.
 * All of the million are real messages of the canned queue, and as old as in a queue of that length; how SQS itself
 * does with a million is no part of it.
 */
import { measuredPart } from "./measured-part.ts";
import type { GrowthRun } from "./growth-run.ts";

export interface ByQueued {
  /** Of the bare call in the same rounds. */
  readonly rawUsBesideQueue: number;
  /** By what waits behind. */
  readonly usByQueued: Readonly<Record<string, number>>;
  /** A million divided by nothing. */
  readonly queuedMillionRatio: number;
  /** At a thousand a second. */
  readonly trickleUs: number;
}

const MILLION = 1_000_000;
/** About a tenth of what a core can take. */
const TRICKLE_PER_SECOND = 1000;

export async function byQueued(run: GrowthRun): Promise<ByQueued> {
  const { starter } = run;
  const { cpuUs } = await measuredPart(
    [
      { variant: await starter.raw("raw-beside-queue") },
      { variant: await starter.worker("none-behind") },
      { variant: await starter.worker("million-behind", { queued: MILLION }) },
      { variant: await starter.worker("trickle", {}, TRICKLE_PER_SECOND) },
    ],
    run,
  );
  const [noneUs, millionUs] = [cpuUs("none-behind"), cpuUs("million-behind")];
  return {
    rawUsBesideQueue: cpuUs("raw-beside-queue"),
    usByQueued: { 0: noneUs, [MILLION]: millionUs },
    queuedMillionRatio: millionUs / noneUs,
    trickleUs: cpuUs("trickle"),
  };
}
