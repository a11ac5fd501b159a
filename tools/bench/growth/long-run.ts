/**
 * One worker at full load for minutes, looked at every ten seconds, with a moment of the bare call in between, so that
 * a machine that changes its speed is not taken for a worker that does. The first third of the looks against the last:
 * what leaks or silts up shows.
 */
import { verified } from "../cost/in-turn.ts";
import { median, sample, WARM_UP_MS, warmUp } from "../cost/variant.ts";
import { SMOKE_WARM_UP_MS } from "./measured-part.ts";
import type { GrowthRun } from "./growth-run.ts";

/** `First` and `Last`: medians of the first and the last third of the looks. */
export interface LongRun {
  readonly minutes: number;
  readonly confirmed: number;
  readonly usFirst: number;
  readonly usLast: number;
  readonly usRatio: number;
  /** Of the bare call in between. */
  readonly rawUsFirst: number;
  readonly rawUsLast: number;
  /** Resident memory, MiB. */
  readonly mbFirst: number;
  readonly mbLast: number;
  readonly mbRatio: number;
}

interface Look {
  readonly us: number;
  readonly rawUs: number;
  readonly mb: number;
}

const MERCHANTS = 10_000;
/** Milliseconds of a look: with what a variant needs to run in and the bare call, about ten seconds in all. */
const WORKER_MS = 8500;
const RAW_MS = 500;

export async function longRun({ options, starter, note }: GrowthRun): Promise<LongRun> {
  const { minutes, smoke, seconds } = options;
  const raw = await starter.raw("raw-long");
  const worker = await starter.worker("long", { merchants: MERCHANTS });
  for (const variant of [raw, worker]) await warmUp(variant, smoke ? SMOKE_WARM_UP_MS : WARM_UP_MS);
  const looks: Look[] = [];
  const startedAt = performance.now();
  const minutesPast = () => (performance.now() - startedAt) / 60_000;
  while (minutesPast() < minutes || looks.length === 0) {
    const { cpuUs: us } = await sample(worker, smoke ? seconds * 1000 : WORKER_MS);
    const mb = worker.process.residentMb();
    const { cpuUs: rawUs } = await sample(raw, smoke ? seconds * 1000 : RAW_MS);
    looks.push({ us, rawUs, mb });
    note(
      `After ${minutesPast().toFixed(1)} minutes: ${us.toFixed(1)} µs, ` +
        `raw ${rawUs.toFixed(1)} µs, ${mb.toFixed(0)} MB`,
    );
  }
  const { counts } = await verified(starter.world, "long");
  const minutesTaken = minutesPast();
  await Promise.all([raw, worker].map(({ process }) => process.stop()));
  const third = Math.ceil(looks.length / 3);
  const first = (what: keyof Look) => median(looks.slice(0, third).map((look) => look[what]));
  const last = (what: keyof Look) => median(looks.slice(-third).map((look) => look[what]));
  return {
    minutes: minutesTaken,
    confirmed: counts.deleted,
    usFirst: first("us"),
    usLast: last("us"),
    usRatio: last("us") / first("us"),
    rawUsFirst: first("rawUs"),
    rawUsLast: last("rawUs"),
    mbFirst: first("mb"),
    mbLast: last("mb"),
    mbRatio: last("mb") / first("mb"),
  };
}
