/**
 * What becomes of the cost of a confirmation as everything grows: merchants, what is queued, origins whose connections
 * cannot be reused, and time. Each part is measured beside the bare call of the same minutes, and its processes are
 * ended before the next part.
 */
import { twoCores } from "../cost/cores.ts";
import type { BenchOptions } from "../cost/options.ts";
import { productionPrograms } from "../cost/production-programs.ts";
import { VariantStarter } from "../cost/variant-starter.ts";
import { World } from "../cost/world/world-process.ts";
import { byMerchants, type ByMerchants } from "./by-merchants.ts";
import { byQueued, type ByQueued } from "./by-queued.ts";
import { freshConnections, type FreshConnections } from "./fresh-connections.ts";
import { longRun, type LongRun } from "./long-run.ts";

/** Microseconds of CPU time a confirmation, unless the name says otherwise. What was not asked for is left out. */
export interface GrowthReport extends Partial<ByMerchants>, Partial<ByQueued> {
  readonly freshConnections?: FreshConnections;
  readonly longRun?: LongRun;
}

export async function runGrowth(
  options: BenchOptions,
  stateDirectory: string,
  note: (line: string) => void,
): Promise<GrowthReport> {
  const { parts } = options;
  const cores = twoCores();
  const programs = await productionPrograms(stateDirectory);
  await using started = new AsyncDisposableStack();
  const world = await World.start(cores.world);
  started.defer(() => world.stop());
  const run = { options, starter: new VariantStarter(world, cores.measured, programs, started), note };
  return {
    ...(parts.includes("merchants") && (await byMerchants(run))),
    ...(parts.includes("queue") && (await byQueued(run))),
    ...(parts.includes("fresh") && { freshConnections: await freshConnections(run) }),
    ...(parts.includes("long") && { longRun: await longRun(run) }),
  };
}
