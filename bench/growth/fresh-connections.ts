/**
 * A thousand merchants, each on an origin of its own that closes the connection after every answer: nothing can be reused, and what a
 * connection costs is paid for each call. Bare undici pays it too, at the same kind of origins.
 */
import { measuredPart } from "./measured-part.ts";
import type { GrowthRun } from "./run-growth.ts";

export interface FreshConnections {
  readonly rawUs: number;
  readonly workerUs: number;
  readonly ratio: number;
}

const OWN_ORIGINS = { merchants: 1000, ownOrigins: true } as const;

export async function freshConnections(run: GrowthRun): Promise<FreshConnections> {
  const { starter } = run;
  const { cpuUs } = await measuredPart(
    [
      { variant: await starter.raw("raw-fresh", OWN_ORIGINS) },
      { variant: await starter.worker("worker-fresh", OWN_ORIGINS) },
    ],
    run,
  );
  const [rawUs, workerUs] = [cpuUs("raw-fresh"), cpuUs("worker-fresh")];
  return { rawUs, workerUs, ratio: workerUs / rawUs };
}
