/** What a scenario of the fault suite is given, and what comes of it. */
import type { DeliveryMode } from "../../../core/settings/groups/delivery.ts";
import type { TransportName } from "../../../core/http/transport.ts";

export interface ScenarioOptions {
  readonly seed: number;
  readonly delivery: DeliveryMode;
  /** @default the pipeline's own client */
  readonly transport?: TransportName;
  readonly interruption: AbortSignal;
  readonly note: (line: string) => void;
}

export interface ScenarioReport {
  readonly totals: Readonly<Record<string, number>>;
  readonly faults: readonly string[];
}
