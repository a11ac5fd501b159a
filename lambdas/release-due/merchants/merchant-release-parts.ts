/** What releasing to merchants is handed, and what is the same for all of them in one look. */
import type { MerchantHealthTable } from "../../../core/aws/merchant-health-table.ts";
import type { SandboxMerchants } from "../../../core/aws/sandbox-merchants.ts";
import type { MerchantsTable } from "../../../core/aws/merchants-table.ts";
import type { MerchantHealth } from "../../../core/merchant/merchant-health.ts";
import type { MerchantShardsParts } from "./merchant-shards.ts";
import type { RateLimits } from "./release-rate.ts";
import type { Log } from "../../../core/telemetry/log-error.ts";

export interface MerchantReleaseParts extends RateLimits, MerchantShardsParts {
  readonly healthTable: Pick<MerchantHealthTable, "read" | "noteRequeueRate" | "unmarkWaiting">;
  readonly waitingMerchants: () => Promise<ReadonlyMap<string, MerchantHealth>>;
  readonly merchants: Pick<MerchantsTable, "read">;
  readonly sandboxMerchants: Pick<SandboxMerchants, "among">;
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
  /** The same in the sandbox. */
  readonly sandboxLevel: number;
  readonly sandboxIds: ReadonlySet<string>;
}
