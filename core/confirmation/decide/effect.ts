/**
 * What was decided about a message, as data: what is noted, sent and recorded, and what becomes of the message itself.
 * `apply` carries it out in the order of its members. All are of one shape, so that the path of every confirmation
 * meets one kind of object.
 *
 *   let go              delete it as stale, give it back, or leave it
 *   confirm             record CONFIRMED, delete
 *   shadow              record CONFIRMED by the old system, delete
 *   give up             dead letter, record FAILED, delete
 *   dead letter again   dead letter, delete
 *   retry in queue      record the attempt, give back until the next
 *   park                record SCHEDULED, delete
 *   stay                record the wait or not, give back: it keeps its place at the head of its group
 *   reopen              record PENDING at the next generation, go on
 *   intend              record what is about to be sent, go on
 *   move in order       send to its ordered group, delete
 *   quarantine          dead letter of what cannot be used, record FAILED where there is a row
 *   pin                 record what was offered, delete
 *   redeliver           record what came of it beside the mark of its job, delete
 */
import type { WaitReason } from "../../merchant/merchant-health.ts";
import type { AttributeMap } from "../../transaction/attribute-value.ts";
import type { Failure } from "../../transaction/failure.ts";
import type { ConfirmationMessage } from "../../transaction/message.ts";
import type { RowState } from "../../transaction/row/row-state.ts";
import type { Job } from "../job.ts";
import type {
  BarelyRecord,
  DeliveryRecord,
  FailedRecord,
  RedeliveryRecord,
  RowRecord,
  ShadowRecord,
  WaitRecord,
} from "./row-record.ts";

/** What becomes of the message. */
export type Fate =
  | { readonly kind: "delete" }
  /** `isInShare`: it takes up room of the share of messages that wait for a reason of their own. */
  | { readonly kind: "give back"; readonly seconds: number; readonly isInShare: boolean }
  /** @param until epoch milliseconds */
  | { readonly kind: "give back until"; readonly until: number }
  /** Not touched: it comes again when its visibility ends. */
  | { readonly kind: "leave" }
  /** Not touched: it is of one behind this one, which goes on with it. */
  | { readonly kind: "keep" };

export const DELETE = { kind: "delete" } as const satisfies Fate;
export const KEEP = { kind: "keep" } as const satisfies Fate;
export const LEAVE = { kind: "leave" } as const satisfies Fate;
export const giveBack = (seconds: number, isInShare = false): Fate => ({ kind: "give back", seconds, isInShare });
export const giveBackUntil = (until: number): Fate => ({ kind: "give back until", until });

/** Of one that is done: one that goes before another has its own message still in the queue. */
export function doneWith({ isPredecessor }: Pick<Job, "isPredecessor">): Fate {
  return isPredecessor ? KEEP : DELETE;
}

/** What is sent before anything is recorded. */
export type Send =
  | {
      readonly kind: "dead letter";
      readonly message: ConfirmationMessage;
      /** Undefined where the row names none. */
      readonly merchantId: string | undefined;
      readonly failure: Failure;
      readonly attemptCount: number;
      /** @default that of the message */
      readonly deduplicationId: string | undefined;
    }
  /** A message that names no transaction, as it came. */
  | { readonly kind: "unreadable"; readonly failure: Failure }
  /** A row on which nothing can be recorded, as it is. */
  | { readonly kind: "unusable row"; readonly row: AttributeMap; readonly failure: Failure }
  | { readonly kind: "to ordered group"; readonly groupId: string; readonly message: ConfirmationMessage };

export interface EffectOf<Kind extends string, What extends RowRecord | undefined = undefined> {
  readonly kind: Kind;
  /** As what it counts, whatever comes of it. */
  readonly counts: readonly string[];
  /** What its trace says of it. @default what it said before */
  readonly traced: string | undefined;
  /** Noted at the merchant's health row first, so that the row is requeued when its merchant is admitted. */
  readonly note: { readonly merchantId: string; readonly reason: WaitReason } | undefined;
  /** Sent second. */
  readonly send: Send | undefined;
  /** Recorded third. */
  readonly record: What;
  /** Why it is given up, and what is then known of it. */
  readonly givenUp: { readonly failure: Failure; readonly state: RowState } | undefined;
  /** Of the message, last of all. */
  readonly fate: Fate;
}

export type LetGo = EffectOf<"let go", RowRecord | undefined>;
export type Confirm = EffectOf<"confirm", DeliveryRecord | BarelyRecord>;
export type Shadow = EffectOf<"shadow", ShadowRecord | BarelyRecord>;
export type GiveUp = EffectOf<"give up", FailedRecord | DeliveryRecord | BarelyRecord | undefined>;
export type DeadLetterAgain = EffectOf<"dead letter again">;
export type RetryInQueue = EffectOf<"retry in queue", WaitRecord>;
export type Park = EffectOf<"park", WaitRecord>;
export type Stay = EffectOf<"stay", WaitRecord | undefined>;
export type Reopen = EffectOf<"reopen", RowRecord>;
export type Intend = EffectOf<"intend", RowRecord>;
export type MoveInOrder = EffectOf<"move in order">;
export type Quarantine = EffectOf<"quarantine", RowRecord | undefined>;
export type Pin = EffectOf<"pin", RowRecord>;
export type Redeliver = EffectOf<"redeliver", RedeliveryRecord>;

/** Of a confirmation whose row is known. */
export type Effect =
  | LetGo
  | Confirm
  | Shadow
  | GiveUp
  | DeadLetterAgain
  | RetryInQueue
  | Park
  | Stay
  | Reopen
  | Intend
  | MoveInOrder
  | Pin
  | Redeliver;
/** After which its message is done with, or waits. */
export type EndEffect = Exclude<Effect, Reopen | Intend>;
/** Of a message about whose row nothing is known, or nothing can be. */
export type MessageEffect = LetGo | Quarantine;

const NOTHING: readonly string[] = [];
type Rest = Partial<Pick<EffectOf<string>, "counts" | "traced" | "note" | "send" | "givenUp">>;
const NO_REST: Rest = Object.freeze({});

/** An effect with what it has; the rest is not there. */
export function effect<Kind extends string, What extends RowRecord | undefined>(
  kind: Kind,
  record: What,
  fate: Fate,
  { counts = NOTHING, traced, note, send, givenUp }: Rest = NO_REST,
): EffectOf<Kind, What> {
  return { kind, counts, traced, note, send, record, givenUp, fate };
}

export function letGo(fate: Fate, rest?: Rest): LetGo {
  return effect("let go", undefined, fate, rest);
}
