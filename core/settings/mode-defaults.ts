/**
 * Defaults that differ between the two modes: in small-account mode whatever is done again and again while nothing
 * happens is done less often.
 */
import type { DeliveryMode } from "./groups/delivery.ts";

export interface ModeDefaults {
  readonly targetRatePerSecond: number;
  readonly dueShards: number;
  readonly canaryEveryMinutes: number;
}

const DEFAULTS: Readonly<Record<DeliveryMode, ModeDefaults>> = {
  fargate: { targetRatePerSecond: 2000, dueShards: 64, canaryEveryMinutes: 1 },
  lambda: { targetRatePerSecond: 50, dueShards: 4, canaryEveryMinutes: 5 },
};

export function defaultsOf(mode: DeliveryMode): ModeDefaults {
  return DEFAULTS[mode];
}
