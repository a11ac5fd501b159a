/** Whether operators have paused everything, as far as can be known in time. */
import type { MerchantHealthTable } from "../../../core/aws/merchant-health-table.ts";
import { EVERYONE } from "../../../core/merchant/merchant-health.ts";
import { type Log, logError } from "../../../core/telemetry/log-error.ts";
import { within } from "../within.ts";

export interface PauseParts {
  readonly healthTable: Pick<MerchantHealthTable, "read">;
  readonly warn: Log;
}

/** Workers look for themselves: what is requeued while this cannot be read waits in the queue. */
export async function isEverythingPaused({ healthTable, warn }: PauseParts, limitMs: number): Promise<boolean> {
  try {
    const { healthRows: found } = await within(limitMs, () => healthTable.read([EVERYONE]));
    return found.get(EVERYONE)?.pausedAt !== undefined;
  } catch (error) {
    logError(warn, "gate of everyone not read", error);
    return false;
  }
}
