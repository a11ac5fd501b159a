/** What senders are made of. */
import type { CallLimits } from "../aws/call-limits.ts";
import type { METRICS } from "../settings/names.ts";
import type { ChannelsEnvironment } from "../settings/channels-environment.ts";
import type { Log } from "../telemetry/log-error.ts";

export interface SenderParts {
  readonly channels: ChannelsEnvironment;
  /** Of each call that sends. What may be sent twice is attempted once, whatever these say. */
  readonly limits: CallLimits;
  /** Has templates. */
  readonly merchantsTable: string;
  /** Has what SMS cost this month. */
  readonly merchantGatesTable: string;
  readonly count: (metric: string, by?: number) => void;
  /** Of a metric that is counted as a whole too. */
  readonly countPart: (metric: typeof METRICS.channelFailed, dimension: "kind", part: string) => void;
  readonly warn: Log;
  /** Epoch milliseconds. */
  readonly now: () => number;
}
