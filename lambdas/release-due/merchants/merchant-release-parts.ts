/** What releasing to merchants is handed, and what is the same for all of them in one look. */
import type { GatesTable } from "../../../core/aws/gates-table.ts";
import type { MerchantsTable } from "../../../core/aws/merchants-table.ts";
import type { Gate } from "../../../core/merchant/gate.ts";
import type { MerchantShardsParts } from "./merchant-shards.ts";
import type { RateLimits } from "./release-rate.ts";
import type { Log } from "../../../core/telemetry/log-error.ts";

export interface MerchantReleaseParts extends RateLimits, MerchantShardsParts {
  readonly gates: Pick<GatesTable, "read" | "noteRelease" | "unmarkWaiting">;
  readonly waitingGates: () => Promise<ReadonlyMap<string, Gate>>;
  readonly merchants: Pick<MerchantsTable, "read">;
  /** @param isLastFirst what is due last comes first. @default what is due the longest does */
  readonly dueIds: (dueKey: string, dueUntil: number, limit: number, isLastFirst?: boolean) => Promise<string[]>;
  readonly warn: Log;
  /** In [0, 1). @default Math.random */
  readonly random?: () => number;
}

export interface MerchantsLook {
  readonly now: number;
  readonly isFirstLook: boolean;
  /** Most that any merchant gets a second, so that all of them get no more than there is. */
  readonly level: number;
}
