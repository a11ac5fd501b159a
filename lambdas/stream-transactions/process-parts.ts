/** What the handling of a batch of stream records works with. */
import type { TraceStart } from "./trace-start.ts";
import type { DebugStep } from "../../core/aws/logger.ts";
import type { PlacingOptions } from "./put-in-place.ts";
import type { DeadLetterParts, GivenUpCounts } from "../../core/aws/send-dead-letters.ts";
import type { TransactionsTable } from "../../core/aws/transactions-table.ts";
import type { ConfirmationSenders } from "../../core/aws/send-confirmations.ts";
import type { Log } from "../../core/telemetry/log-error.ts";

export interface ProcessParts extends ConfirmationSenders, DeadLetterParts, GivenUpCounts {
  readonly table: Pick<TransactionsTable, "read" | "write" | "name">;
  readonly settledDays: number;
  readonly decide: Omit<PlacingOptions, "table" | "now">;
  /** Steps of transactions that are followed. */
  readonly debug: DebugStep;
  readonly warn: Log;
  readonly now: () => number;
  readonly traces: Pick<TraceStart, "begin">;
}
