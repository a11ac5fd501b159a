/** What a scenario of the fault suite is given, and what comes of it. */
import type { DeliveryMode } from "../../../core/settings/groups/delivery.ts";

export interface ScenarioOptions {
  readonly seed: number;
  readonly delivery: DeliveryMode;
  readonly interruption: AbortSignal;
  readonly note: (line: string) => void;
}

export interface ScenarioReport {
  readonly totals: Readonly<Record<string, number>>;
  readonly faults: readonly string[];
}
