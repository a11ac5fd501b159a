/**
 * What a confirmation costs this worker and that of another checkout: both in one run and in turn, as the same minute
 * costs twice as much on a shared machine as the next one.
 */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { twoCores } from "./cores.ts";
import { inTurn, verified } from "./in-turn.ts";
import type { BenchOptions } from "./options.ts";
import { LocalError } from "../../../local/local-error.ts";
import { productionPrograms } from "./production-programs.ts";
import { VariantStarter } from "./variant-starter.ts";
import { SMOKE_MS, WARM_UP_MS, warmUp } from "./variant.ts";
import { World } from "./world/world-process.ts";

/** Microseconds of CPU time a confirmation. */
export interface AgainstReport {
  readonly rawUs: number;
  readonly workerUs: number;
  readonly againstUs: number;
  readonly ratioToRaw: number;
  /** The worker's divided by that of the other, in each round; the median. Under 1 where this worker is the cheaper. */
  readonly ratioToAgainst: number;
}

export async function runAgainst(
  { rounds, seconds, smoke, against = "" }: BenchOptions,
  stateDirectory: string,
  note: (line: string) => void,
): Promise<AgainstReport> {
  const root = resolve(against);
  if (!existsSync(join(root, "bin/confirmation-pipeline.ts")))
    throw new LocalError(
      "BENCH_OPTIONS_INVALID",
      `--against takes the root of another checkout of this repository, got ${root}.`,
    );
  const cores = twoCores();
  const programs = await productionPrograms(stateDirectory);
  const others = await productionPrograms(join(stateDirectory, "against"), { root });
  await using started = new AsyncDisposableStack();
  const world = await World.start(cores.world);
  started.defer(() => world.stop());

  const starter = new VariantStarter(world, cores.measured, programs, started);
  const variants = [
    await starter.raw(),
    await starter.worker("worker"),
    await new VariantStarter(world, cores.measured, others, started).worker("against"),
  ];
  for (const variant of variants) await warmUp(variant, smoke ? SMOKE_MS : WARM_UP_MS);
  const { cpuUs, ratio } = await inTurn(variants, { rounds, ms: seconds * 1000, note });
  await verified(world, "worker");
  await verified(world, "against");

  return {
    rawUs: cpuUs("raw"),
    workerUs: cpuUs("worker"),
    againstUs: cpuUs("against"),
    ratioToRaw: ratio("worker", "raw"),
    ratioToAgainst: ratio("worker", "against"),
  };
}
