/**
 * What a transaction costs that comes by the API, in CPU time of `confirmations-api` as it is deployed: in batches of
 * 500, and one by one. DynamoDB is canned, so that what is measured is the function: reading the request, checking,
 * writing, answering.
 */
import { twoCores } from "./cores.ts";
import { inTurn } from "./in-turn.ts";
import type { BenchOptions } from "./options.ts";
import { productionPrograms } from "./production-programs.ts";
import { VariantStarter } from "./variant-starter.ts";
import { SMOKE_MS, WARM_UP_MS, warmUp } from "./variant.ts";
import { World } from "./world/world-process.ts";

export interface ApiReport {
  /** Microseconds of CPU time a transaction. */
  readonly batchUs: number;
  readonly singleUs: number;
  readonly batchPerSecondOneCore: number;
  readonly singlePerSecondOneCore: number;
  /** How many times as much one by one takes. */
  readonly ratioToBatch: number;
}

const BATCH = 500;

export async function runApi(
  { rounds, seconds, smoke }: BenchOptions,
  stateDirectory: string,
  note: (line: string) => void,
): Promise<ApiReport> {
  const cores = twoCores();
  const programs = await productionPrograms(stateDirectory);
  await using started = new AsyncDisposableStack();
  const world = await World.start(cores.world);
  started.defer(() => world.stop());
  const starter = new VariantStarter(world, cores.measured, programs, started);
  const variants = [await starter.api("batch", BATCH), await starter.api("single", 1)];
  for (const variant of variants) await warmUp(variant, smoke ? SMOKE_MS : WARM_UP_MS);
  const { cpuUs, perSecond, ratio } = await inTurn(variants, { rounds, ms: seconds * 1000, note });
  return {
    batchUs: cpuUs("batch"),
    singleUs: cpuUs("single"),
    batchPerSecondOneCore: perSecond("batch"),
    singlePerSecondOneCore: perSecond("single"),
    ratioToBatch: ratio("single", "batch"),
  };
}
