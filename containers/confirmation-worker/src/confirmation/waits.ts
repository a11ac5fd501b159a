/**
 * Where a transaction waits that cannot be delivered now: seconds in the queue, else in the table, by time or for its
 * merchant's sake. One with an ordering key waits nowhere but at the head of its group, so that nothing behind it goes
 * before.
 */
import type { Progress } from "../../../../core/aws/statements/progress.ts";
import type { Statement } from "../../../../core/aws/statements/statement.ts";
import { attemptStatement, parkStatement, stayStatement } from "../../../../core/aws/statements/wait.ts";
import { orderedKeyFor, parkKeyFor, waitKeyFor } from "../../../../core/transaction/due-index.ts";
import { gateUrl, OUR_EGRESS, type WaitReason } from "../../../../core/merchant/gate.ts";
import type { Merchant } from "../../../../core/merchant/merchant.ts";
import { METRICS } from "../../../../core/settings/names.ts";
import { type RetryPolicy, spreadMs } from "../../../../core/retry/retry-schedule.ts";
import type { MerchantGate } from "../../../../core/delivery/gate/merchant-gate.ts";
import type { InFlightMessage } from "../../../../core/confirmation/in-flight-message.ts";
import type { MessageMeasures } from "../telemetry/measures.ts";
import { nextLookAt, secondsInPlace } from "../../../../core/confirmation/order/in-place.ts";
import type { InQueueBudget } from "../../../../core/confirmation/in-queue-budget.ts";
import type { Ending, Job } from "../../../../core/confirmation/job.ts";
import { troubleSeconds } from "../../../../core/confirmation/decide/trouble.ts";
import { cannotHold } from "../../../../core/confirmation/decide/reasons.ts";
import type { Settlement } from "./settlement.ts";
import { logError } from "../../../../core/telemetry/log-error.ts";

export interface WaitsParts {
  readonly tableName: string;
  /** Whether the messages are of the ordered queue. */
  readonly isOrderedQueue: boolean;
  readonly gate: Pick<MerchantGate, "markWaiting">;
  readonly inQueueBudget: InQueueBudget;
  /** The same for those that could not be handled for a reason of their own. */
  readonly troubleBudget: InQueueBudget;
  /** Whether the tables that every message needs cannot be read now. */
  readonly isOutage: () => boolean;
  readonly measures: MessageMeasures;
  readonly retry: RetryPolicy;
  readonly dueShards: number;
  readonly merchantShards: number;
  readonly leaseMs: number;
  readonly count: (metric: string) => void;
  readonly warn: (message: string, details: Readonly<Record<string, unknown>>) => void;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Milliseconds since any moment, untouched by steps of the clock. */
  readonly elapsedMs: () => number;
  /** In [0, 1). */
  readonly random: () => number;
}

/** Why most wait, as the metric names it. */
const NEXT_TRY = "next try";

type WaitedFor = WaitReason | typeof OUR_EGRESS;

/**
 * Seconds, in the mean, after which a call is made again that our own network did not let out, for a schedule without
 * waits.
 */
const EGRESS_WAIT_SECONDS = 5;
/** Seconds, in the mean, after which one is tried again for which its merchant's gate could not be written. */
const UNNOTED_WAIT_SECONDS = 30;
/** Milliseconds after which a disabled URL is looked at again that is not its merchant's own but the transaction's. */
const DISABLED_RECHECK_MS = 3_600_000;
/** What lets go of a transaction within moments is not worth a write. */
const PASSING: ReadonlySet<WaitReason> = new Set(["no room", "rate limit"]);

export class Waits {
  readonly #parts: WaitsParts;
  readonly #settlement: Settlement;

  constructor(parts: WaitsParts, settlement: Settlement) {
    this.#parts = parts;
    this.#settlement = settlement;
  }

  /** Whether a failed try of it may wait in the queue. */
  hasRoomInQueue({ isReopened }: Job): boolean {
    return !isReopened && !this.#parts.isOrderedQueue && this.#parts.inQueueBudget.hasRoom;
  }

  /** For its next try, by the schedule, in the queue. */
  async inQueue(job: Job, progress: Progress, delaySeconds: number): Promise<Ending> {
    this.#parts.inQueueBudget.add(delaySeconds);
    const statement = attemptStatement(this.#parts.tableName, job.target, progress);
    return this.#write(job, progress, statement, () => {
      this.#parts.measures.step(job, "waits in the queue", () => ({ delaySeconds }));
      return this.#settlement.giveBack(job.held, delaySeconds);
    });
  }

  /** For its next try, by the schedule. @param dueAt epoch milliseconds */
  until(job: Job, progress: Progress, dueAt: number): Promise<Ending> {
    return job.orderedGroupId === undefined
      ? this.#parkByTime(job, progress, dueAt)
      : this.#stayUntil(job, job.orderedGroupId, progress, dueAt);
  }

  /**
   * For its merchant's sake, or for what is needed for this merchant alone: no try is used up, and `release-due` lets
   * it go when the merchant can take it; by time, if that cannot be noted.
   *
   * @param url that is to be called, where that is known
   */
  async forMerchant(
    job: Job,
    { merchantId, confirmationUrl = "" }: Pick<Merchant, "merchantId" | "confirmationUrl">,
    progress: Progress,
    reason: WaitReason,
    url?: string,
  ): Promise<Ending> {
    if (job.orderedGroupId !== undefined) return this.#inPlace(job, job.orderedGroupId, progress, reason);
    const { tableName, merchantShards, now, random, count } = this.#parts;
    // Which URLs are the transactions' own `release-due` cannot know.
    const isOwnUrl = reason === "url disabled" && gateUrl(confirmationUrl) !== url;
    if (isOwnUrl)
      return this.#parkByTime(job, progress, Math.min(now() + DISABLED_RECHECK_MS, progress.giveUpAt), reason);
    count(METRICS.waiting);
    if (!(await this.#isNoted(merchantId, reason))) {
      const dueAt = now() + spreadMs(UNNOTED_WAIT_SECONDS, random());
      return this.#parkByTime(job, progress, Math.min(dueAt, progress.giveUpAt), reason);
    }
    const dueKey = waitKeyFor(merchantId, job.target.transactionId, merchantShards);
    const { giveUpAt } = progress;
    return this.#park(
      job,
      progress,
      parkStatement(tableName, job.target, progress, dueKey, giveUpAt, reason, job.trace?.header),
      reason,
    );
  }

  /** Our own network let the call not out: for a moment, without a try used up. */
  forOurEgress(job: Job, progress: Progress): Promise<Ending> {
    const { retry, now, random, count } = this.#parts;
    count(METRICS.spared);
    job.trace?.becomes(OUR_EGRESS);
    const dueAt = now() + spreadMs(retry.scheduleSeconds[0] ?? EGRESS_WAIT_SECONDS, random());
    const until = Math.min(dueAt, progress.giveUpAt);
    return job.orderedGroupId === undefined
      ? this.#parkByTime(job, progress, until, OUR_EGRESS)
      : this.#stayUntil(job, job.orderedGroupId, progress, until, OUR_EGRESS);
  }

  /** At the head of its group, as written down already. @param until epoch milliseconds */
  stay({ held }: Job, until: number): Promise<Ending> {
    this.#parts.count(METRICS.stayedInOrder);
    return this.#settlement.giveBack(held, this.#secondsUntil(held, until));
  }

  /** Nothing could be learnt, or done; whatever it was may last. */
  lookAgain(held: InFlightMessage): Promise<Ending> {
    if (!this.#parts.isOrderedQueue) return this.#settlement.giveBack(held, this.#secondsOfTrouble(held));
    return this.#settlement.giveBack(held, this.#secondsUntil(held, this.#nextLookAt(held, "error")));
  }

  #secondsOfTrouble({ received }: InFlightMessage): number {
    const { troubleBudget, isOutage } = this.#parts;
    const trouble = { receiveCount: received.receiveCount, isOutage: isOutage(), hasRoom: troubleBudget.hasRoom };
    const seconds = troubleSeconds(trouble);
    if (trouble.hasRoom && !trouble.isOutage) troubleBudget.add(seconds);
    return seconds;
  }

  /** The item of one merchant's gate may be throttled; the row can be parked all the same. */
  async #isNoted(merchantId: string, reason: WaitReason): Promise<boolean> {
    const { gate, warn } = this.#parts;
    try {
      await gate.markWaiting(merchantId, reason);
      return true;
    } catch (error) {
      logError(warn, "not noted at its gate that something waits", error, { merchantId, reason });
      return false;
    }
  }

  #parkByTime(job: Job, progress: Progress, dueAt: number, waitingFor?: WaitedFor): Promise<Ending> {
    const { tableName, dueShards } = this.#parts;
    const dueKey = parkKeyFor(job.target.transactionId, dueShards);
    const header = job.trace?.header;
    const statement = parkStatement(tableName, job.target, progress, dueKey, dueAt, waitingFor, header);
    return this.#park(job, progress, statement, waitingFor);
  }

  #park(job: Job, progress: Progress, statement: Statement, waitingFor?: WaitedFor): Promise<Ending> {
    return this.#write(job, progress, statement, () => {
      this.#parts.count(METRICS.parked);
      this.#parts.measures.parked(job, waitingFor ?? NEXT_TRY);
      return this.#settlement.done(job);
    });
  }

  /**
   * Not tried for its merchant's sake. Written down once for each reason that lasts, so that the row says what it waits
   * for.
   */
  #inPlace(job: Job, groupId: string, progress: Progress, reason: WaitReason): Promise<Ending> {
    const { state, held } = job;
    this.#parts.count(METRICS.waiting);
    const lookAt = this.#nextLookAt(held, reason);
    const isWritten = PASSING.has(reason) || state.waitedFor === reason;
    if (isWritten && progress.attempts === state.attempts) return this.stay(job, lookAt);
    return this.#stayUntil(job, groupId, progress, lookAt, reason);
  }

  /** Tried again from where it is, and what is behind it waits with it. */
  #stayUntil(
    job: Job,
    groupId: string,
    progress: Progress,
    nextTryAt: number,
    waitingFor?: WaitedFor,
  ): Promise<Ending> {
    const { tableName, dueShards, leaseMs } = this.#parts;
    const due = { dueKey: orderedKeyFor(groupId, dueShards), dueAt: nextTryAt + leaseMs };
    const stay = { ...due, nextTryAt, ...(waitingFor !== undefined && { waitingFor }) };
    const statement = stayStatement(tableName, job.target, progress, stay);
    return this.#write(job, progress, statement, () => this.stay(job, nextTryAt));
  }

  /** A row that cannot take one more record could be tried for ever: it is given up. */
  async #write(
    job: Job,
    progress: Progress,
    statement: Statement,
    written: () => Promise<Ending> | Ending,
  ): Promise<Ending> {
    const result = await this.#settlement.record(job, statement);
    if (result.kind === "written") return written();
    if (result.kind === "condition failed") return this.#settlement.pinned(job, progress);
    return this.#settlement.fail({ ...job, state: { ...job.state, ...progress } }, cannotHold(result.error));
  }

  #secondsUntil(held: InFlightMessage, until: number): number {
    return secondsInPlace(held, until - this.#parts.now(), this.#parts.elapsedMs());
  }

  #nextLookAt(held: InFlightMessage, reason: WaitReason | "error"): number {
    const { now, random } = this.#parts;
    return nextLookAt(held, reason, now(), random());
  }
}
