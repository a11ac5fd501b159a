/**
 * Live traffic alone and beside a redelivery, in turn: the job is paused and resumed, so that what else the machine
 * does falls on both alike. Transactions of the moments after a change count for neither.
 */
import type { LiveTimes, LiveTraffic } from "./live-traffic.ts";
import type { RedeliveryClient, ShownRedelivery } from "./redelivery-client.ts";

export interface AlternateOptions {
  readonly api: Pick<RedeliveryClient, "ask">;
  readonly jobId: string;
  readonly traffic: Pick<LiveTraffic, "for">;
  /** Of each window. */
  readonly windowMs: number;
  readonly windows: number;
  /** Whether there is little left of the job, so that no further window fits. */
  readonly isEnough: (shown: ShownRedelivery) => boolean;
}

export interface Alternated {
  readonly alone: readonly LiveTimes[];
  readonly beside: readonly LiveTimes[];
}

/** Until a job has noticed that it is paused or resumed, and what was sent has ended. */
const SETTLES_PART = 1 / 5;

/** The job runs before and after. */
export async function alternate(options: AlternateOptions): Promise<Alternated> {
  const { api, jobId, traffic, windowMs, windows, isEnough } = options;
  const alone: LiveTimes[] = [];
  const beside: LiveTimes[] = [];
  for (let window = 0; window < windows; window += 1) {
    await traffic.for(windowMs * SETTLES_PART);
    beside.push(await traffic.for(windowMs));
    if (isEnough(await api.ask("POST", `/${jobId}/pause`))) break;
    await traffic.for(windowMs * SETTLES_PART);
    alone.push(await traffic.for(windowMs));
    await api.ask("POST", `/${jobId}/resume`);
  }
  await api.ask("POST", `/${jobId}/resume`);
  return { alone, beside };
}
