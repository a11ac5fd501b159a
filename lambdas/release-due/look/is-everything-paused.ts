/** Whether operators have paused everything, as far as can be known in time. */
import type { GatesTable } from "../../../core/aws/gates-table.ts";
import { EVERYONE } from "../../../core/merchant/gate.ts";
import { type Log, logError } from "../../../core/telemetry/log-error.ts";
import { within } from "../within.ts";

export interface PauseParts {
  readonly gates: Pick<GatesTable, "read">;
  readonly warn: Log;
}

/** Workers look for themselves: what is released while this cannot be read waits in the queue. */
export async function isEverythingPaused({ gates, warn }: PauseParts, limitMs: number): Promise<boolean> {
  try {
    const { gates: found } = await within(limitMs, () => gates.read([EVERYONE]));
    return found.get(EVERYONE)?.pausedAt !== undefined;
  } catch (error) {
    logError(warn, "gate of everyone not read", error);
    return false;
  }
}
