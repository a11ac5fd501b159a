/**
 * Who counts what is confirmed, each transaction once: what calls merchants, and the functions that take what comes
 * after a call. Callback and API count acknowledgements as one metric. In small-account mode, which pays for each
 * metric, all of them count as `Confirmed` of the function that calls.
 */
import { hasReceipts } from "./groups/channels.ts";
import type { Settings } from "./settings.ts";
import { callerOf } from "./mode-programs.ts";
import { FUNCTION_NAMES, METRICS } from "./names.ts";

export interface ConfirmingMetric {
  /** Of the term in an expression: lower case first. */
  readonly id: "confirmed" | "acknowledged" | "byReceipt";
  readonly metric: typeof METRICS.confirmed | typeof METRICS.acknowledged;
  /** Name that it is published under. */
  readonly service: string;
}

export interface ConfirmingSettings {
  readonly delivery: Pick<Settings["delivery"], "mode">;
  readonly channels: Pick<Settings["channels"], "kinds">;
}

const { receiveAcknowledgements, receiveReceipts } = FUNCTION_NAMES;

/** That of what calls merchants first; the others are not published while nothing comes. */
export function confirmingMetrics(settings: ConfirmingSettings): readonly [ConfirmingMetric, ...ConfirmingMetric[]] {
  const { mode } = settings.delivery;
  const called = { id: "confirmed", metric: METRICS.confirmed, service: callerOf(mode) } as const;
  if (mode === "lambda") return [called];
  const acknowledged = { id: "acknowledged", metric: METRICS.acknowledged, service: receiveAcknowledgements } as const;
  const byReceipt = { id: "byReceipt", metric: METRICS.confirmed, service: receiveReceipts } as const;
  return [called, acknowledged, ...(hasReceipts(settings) ? [byReceipt] : [])];
}
