/**
 * Every kind of fault that a run injects. A fault begins at its time; one with a duration ends by itself, and all of them end before the
 * run waits for everything to settle.
 */
import type { Turn } from "../../demo/fleet/messages.ts";
import type { QueueFault } from "../proxy/queue-interference.ts";
import type { TableFault } from "../proxy/table-interference.ts";

/** How an invocation of the stream's function fails. */
export type StreamFault =
  /** It never runs. */
  | "before"
  /** It ran, and its answer is lost: the batch comes again. */
  | "after"
  /** It ran, and the answer names a record in the middle as failed: the batch comes again from there on. */
  | "in part";

/** One of the two that workers receive from. */
export type WorkQueue = "confirmations" | "ordered";

export type Fault =
  | { readonly kind: "worker killed" }
  /** While the table is slow and deliveries wait for their records. */
  | { readonly kind: "worker stopped" }
  | { readonly kind: "stream failing"; readonly how: StreamFault; readonly share: number; readonly durationMs: number }
  /** Batches that were handled before are handed to the function again, older than the deduplication window. */
  | { readonly kind: "stream replayed"; readonly batches: number }
  | {
      readonly kind: "table faulty";
      readonly how: TableFault;
      /** Of calls that are hit. */
      readonly share: number;
      readonly durationMs: number;
    }
  | { readonly kind: "queue faulty"; readonly how: QueueFault; readonly share: number; readonly durationMs: number }
  | { readonly kind: "queue purged"; readonly queues: readonly WorkQueue[] }
  | {
      readonly kind: "clock stepped";
      readonly program: "worker" | "functions";
      readonly bySeconds: number;
      readonly durationMs: number;
    }
  | { readonly kind: "poison messages"; readonly queue: WorkQueue }
  | { readonly kind: "dead letters put back"; readonly letters: number; readonly queue: WorkQueue }
  | {
      readonly kind: "merchant turned";
      /** Which of the good merchants. */
      readonly merchant: number;
      readonly into: Turn;
      readonly durationMs: number;
    };

export type FaultKind = Fault["kind"];

export interface PlannedFault {
  /** After the first transaction. */
  readonly atMs: number;
  readonly fault: Fault;
}
