/** For tests in which nothing is traced: a hop that is sent all the same is a fault. */
import type { HopSender, TraceHop } from "../../core/telemetry/trace-hop.ts";
import { TraceStart } from "../../lambdas/stream-transactions/trace-start.ts";

export const UNTRACED: HopSender = {
  send: (hop: TraceHop) => {
    throw new Error(`${hop.name} sent a hop of ${hop.trace.root}, though nothing is traced here`);
  },
};

export const UNTRACED_STREAM = new TraceStart({
  sampler: { isSampled: () => false },
  sender: UNTRACED,
  invocation: () => undefined,
  now: Date.now,
});
