/**
 * Every kind of fault that a run injects. A fault begins at its time; one with a duration ends by itself, and all of
 * them end before the run waits for everything to complete.
 */
import type { Turn } from "../../../local/demo/fleet/messages.ts";
import type { QueueFault } from "../proxy/queue-interference.ts";
import type { Caller } from "../../../local/local-stack.ts";
import type { ChannelFault, SendService } from "../proxy/channel-sends.ts";
import type { Dependency, Manner } from "../proxy/dependency.ts";
import type { TableFault } from "../proxy/table-interference.ts";

/** How an invocation of the stream's function fails. */
export type StreamFault =
  /** It never runs. */
  | "before"
  /** It ran, and its response is lost: the batch comes again. */
  | "after"
  /** It ran, and the response names a record in the middle as failed: the batch comes again from there on. */
  | "in part";

/** One of the two that workers receive from. */
export type WorkQueue = "confirmations" | "ordered";

/** What becomes of every question for a name; an authoritative server of one merchant is that merchant's own. */
export type NamesFault = "silent" | "refusing" | "SERVFAIL";
/** What becomes of the questions for one family, while the other one is answered. */
export type FamilyFault = "AAAA silent" | "AAAA SERVFAIL" | "A SERVFAIL";
/**
 * How nothing gets out: connections never come to be, or there is no route. What is open already carries nothing any
 * more.
 */
export type EgressFault = "hanging" | "unreachable";
/** Which items of a table are hot. */
export type HotItem = "gate" | "rows" | "due partition" | "rate limit";

/** What becomes of a job that sends again what is terminal. */
export const COURSES = ["straight", "counted first", "paused", "canceled", "of one that leaves"] as const;
export type Course = (typeof COURSES)[number];

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
    }
  /**
   * A service, or one table, for whoever of the programs is named. One that refuses connections does so for all of its
   * server's callers.
   */
  | {
      readonly kind: "dependency down";
      readonly dependency: Dependency;
      readonly manner: Manner;
      readonly callers: readonly Caller[];
      readonly slowMs: number;
      readonly durationMs: number;
    }
  /** The name server, for all names. */
  | { readonly kind: "names down"; readonly how: NamesFault; readonly durationMs: number }
  | { readonly kind: "family down"; readonly how: FamilyFault; readonly durationMs: number }
  | { readonly kind: "egress down"; readonly how: EgressFault; readonly durationMs: number }
  /** By more than merchants take a signature's time to be off. */
  | {
      readonly kind: "clock off";
      readonly program: Caller;
      readonly bySeconds: number;
      readonly durationMs: number;
    }
  /** In the middle of an invocation, as by the time limit. */
  | { readonly kind: "function killed"; readonly functionName: string; readonly kills: number }
  /** A schedule fires twice, and a run begins before the last one is over. */
  | { readonly kind: "schedule doubled"; readonly functionName: string }
  | { readonly kind: "item throttled"; readonly item: HotItem; readonly shard: number; readonly durationMs: number }
  /** The name servers of one merchant fail: its own trouble. */
  | { readonly kind: "name dead"; readonly how: "SERVFAIL" | "silent"; readonly durationMs: number }
  /** One merchant goes to another address; at the old one nothing listens any more. */
  | { readonly kind: "name moved" }
  /** Somebody has transactions sent again, by filter. */
  | {
      readonly kind: "redelivery";
      readonly course: Course;
      /** All of them, where there is none. */
      readonly merchantId?: string;
      /** Both, where there is none. */
      readonly state?: "CONFIRMED" | "FAILED";
    }
  /** All messages of parts of jobs are gone. */
  | { readonly kind: "parts purged" }
  /** A service by which the worker sends to recipients with channels. */
  | {
      readonly kind: "channel faulty";
      readonly service: SendService;
      readonly how: ChannelFault;
      readonly slowMs: number;
      readonly durationMs: number;
    }
  /** By SIGKILL, as a message by that service is on its way: before it is carried out, or after that. */
  | { readonly kind: "killed around a send"; readonly service: SendService; readonly at: "before" | "after" };

export type FaultKind = Fault["kind"];

export interface PlannedFault {
  /** After the first transaction. */
  readonly atMs: number;
  readonly fault: Fault;
}
