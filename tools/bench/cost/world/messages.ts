/** What the benchmark and its world say to each other over the IPC channel of the world's process. */
import type { LaneCounts, LaneOptions } from "./lane.ts";
import type { Percentiles } from "./lane-times.ts";

/**
 * A lane to be added: in front of the origins that all lanes share, or with one for each merchant, which closes after
 * each response.
 */
export interface LaneOrder extends Omit<LaneOptions, "origins"> {
  readonly ownOrigins?: boolean;
}

export type ToWorld = { readonly id: number } & (
  | { readonly kind: "add lane"; readonly lane: LaneOrder }
  | { readonly kind: "open"; readonly lane: string; readonly ratePerSecond?: number; readonly merchantMs?: number }
  | { readonly kind: "close"; readonly lane: string }
  | { readonly kind: "look"; readonly lane: string }
  | { readonly kind: "forget times"; readonly lane: string }
);

export interface LaneReport {
  /** Of the lane's SQS and DynamoDB, `http://127.0.0.1:<port>`. */
  readonly aws: string;
  /** Of its merchants; told when the lane is added. */
  readonly origins: readonly string[];
  readonly counts: LaneCounts;
  /** Milliseconds from a merchant's answer to its record. */
  readonly flushMs: Percentiles;
  /** Milliseconds from when a message was given out to its record, without the merchant's own time. */
  readonly handlingMs: Percentiles;
  /** Webhooks that merchants had before them at once, at most. */
  readonly mostInFlight: number;
  /** Webhooks whose signature was looked at and found wrong. */
  readonly unverified: number;
}

export interface FromWorld {
  readonly id: number;
  readonly report?: LaneReport;
  readonly error?: string;
}
