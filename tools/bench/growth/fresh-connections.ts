/**
 * A thousand merchants, each on an origin of its own that closes the connection after every response: nothing can be
 * reused, and what a connection costs is paid for each call. Bare undici pays it too, at the same kind of origins.
 */
import { measuredPart } from "./measured-part.ts";
import type { GrowthRun } from "./growth-run.ts";

export interface FreshConnections {
  readonly rawUs: number;
  readonly workerUs: number;
  readonly ratio: number;
}

const MERCHANTS = 1000;
/** Each takes a port of this machine. */
const SMOKE_MERCHANTS = 8;

export async function freshConnections(run: GrowthRun): Promise<FreshConnections> {
  const { starter, options } = run;
  const shape = { merchants: options.smoke ? SMOKE_MERCHANTS : MERCHANTS, ownOrigins: true };
  const { cpuUs } = await measuredPart(
    [{ variant: await starter.raw("raw-fresh", shape) }, { variant: await starter.worker("worker-fresh", shape) }],
    run,
  );
  const [rawUs, workerUs] = [cpuUs("raw-fresh"), cpuUs("worker-fresh")];
  return { rawUs, workerUs, ratio: workerUs / rawUs };
}
