/**
 * One try of what is owed: prepare the call, enter its merchant's gate, call, and take the next step from what came of
 * it.
 */
import type { Progress } from "../../../../core/aws/statements/progress.ts";
import { type Accepted, changedFields, contentChanged } from "../../../../core/transaction/accepted.ts";
import { type Attempt, withAttempt } from "../../../../core/transaction/attempt.ts";
import type { AttributeMap } from "../../../../core/transaction/attribute-value.ts";
import { stringOf } from "../../../../core/transaction/attribute-value.ts";
import type { Failure } from "../../../../core/transaction/failure.ts";
import type { WaitReason } from "../../../../core/merchant/gate.ts";
import type { SigningKey } from "../../../../core/signing/merchant-keys.ts";
import { METRICS } from "../../../../core/settings/names.ts";
import { type AttemptOutcome, nextStep } from "../../../../core/retry/next-step.ts";
import { usesUpTry } from "../../../../core/retry/retry-policy.ts";
import type { RetryPolicy } from "../../../../core/retry/retry-schedule.ts";
import { highestVersionOf, loweredFailure } from "../../../../core/transaction/state.ts";
import type { Call } from "../../../../core/delivery/attempt.ts";
import type { EgressMonitor } from "../../../../core/delivery/egress-monitor.ts";
import { type Entry, HELD, type MerchantGate } from "../../../../core/delivery/gate/merchant-gate.ts";
import type { KeyRing } from "../../../../core/delivery/key-ring.ts";
import { MerchantUnreadError } from "../../../../core/delivery/merchant-directory.ts";
import type { PreparedCall } from "../../../../core/delivery/prepare.ts";
import type { Acknowledger } from "../record/acknowledger.ts";
import type { InFlightMessage } from "../../../../core/confirmation/in-flight-message.ts";
import type { MessageMeasures } from "../telemetry/measures.ts";
import { forwardedTraceparent } from "../../../../core/confirmation/attempt-trace.ts";
import { committedAtOf, type Ending, type Job } from "../../../../core/confirmation/job.ts";
import { expired } from "../../../../core/confirmation/decide/reasons.ts";
import type { Settlement } from "./settlement.ts";
import type { Waits } from "./waits.ts";

export interface TrialParts {
  readonly prepare: (row: AttributeMap) => PreparedCall | Failure | Promise<PreparedCall | Failure>;
  readonly call: (call: Call) => Promise<AttemptOutcome>;
  readonly acknowledger: Pick<Acknowledger, "extend">;
  readonly gate: Pick<MerchantGate, "enter" | "disable">;
  /** For merchants whose secret is to be opened first. */
  readonly keyRing: Pick<KeyRing, "isResting" | "keysOf">;
  readonly egress: Pick<EgressMonitor, "isOurs">;
  readonly measures: MessageMeasures;
  readonly retry: RetryPolicy;
  /** The longest deadline of any call, in milliseconds. */
  readonly deadlineMs: number;
  readonly deliverWithinMs: number;
  readonly count: (metric: string) => void;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Milliseconds since any moment, untouched by steps of the clock. */
  readonly elapsedMs: () => number;
  /**
   * Whether nothing may be signed with what the clock says.
   * @param now what it says
   * @param elapsedMs the other one at that time
   */
  readonly isClockWrong: (now: number, elapsedMs: number) => boolean;
  /** In [0, 1). */
  readonly random: () => number;
  /**
   * True once the task is ending, while everything is paused or the clock is wrong: what was not started is given back.
   */
  readonly isStopping: () => boolean;
}

type OpenEntry = Extract<Entry, { kind: "open" }>;

/** Visibility that must be left after the deadline, for recording and deleting. */
const FLUSH_MARGIN_MS = 5000;

export class Trial {
  readonly #parts: TrialParts;
  readonly #waits: Waits;
  readonly #settlement: Settlement;

  constructor(parts: TrialParts, waits: Waits, settlement: Settlement) {
    this.#parts = parts;
    this.#waits = waits;
    this.#settlement = settlement;
  }

  /**
   * What is there at once is not waited for: a turn through the queue of promises for each step costs as much as the
   * step. And what is not needed any more, such as the row, is let go of before the merchant is called, since thousands
   * may be slow.
   *
   * @param row as it was read for this message
   */
  make(job: Job, row: AttributeMap): Promise<Ending> {
    const highest = highestVersionOf(row);
    if (job.target.version < highest) return this.#settlement.fail(job, loweredFailure(job.target.version, highest));
    const { accepted } = job.state;
    if (accepted !== undefined) {
      const changed = changedFields(row, accepted, false);
      if (changed.length > 0) return this.#settlement.fail(job, contentChanged(job.target.version, changed));
    }
    const prepared = this.#parts.prepare(row);
    return prepared instanceof Promise ? this.#makeOnceRead(job, row, prepared) : this.#enter(job, prepared);
  }

  /** What one merchant's row suffers is that merchant's alone. @throws when the table could not be read */
  async #makeOnceRead(job: Job, row: AttributeMap, preparing: Promise<PreparedCall | Failure>): Promise<Ending> {
    let prepared: PreparedCall | Failure;
    try {
      prepared = await preparing;
    } catch (error) {
      if (!(error instanceof MerchantUnreadError)) throw error;
      const deliverBy = Date.parse(stringOf(row["deliverBy"]) ?? "");
      const own = job.state.giveUpAt ?? this.#giveUpAt(job, this.#parts.now());
      const giveUpAt = Number.isNaN(deliverBy) ? own : deliverBy;
      return this.#waits.forMerchant(job, { merchantId: error.merchantId }, untried(job, giveUpAt), "merchant unread");
    }
    return this.#enter(job, prepared);
  }

  #enter(job: Job, call: PreparedCall | Failure): Promise<Ending> {
    if ("code" in call) return this.#settlement.fail(job, call);
    const { gate, isStopping, now } = this.#parts;
    const judgedAt = now();
    const giveUpAt = call.deliverBy ?? job.state.giveUpAt ?? this.#giveUpAt(job, judgedAt);
    // First of all: a wrong clock must not say that its time is over.
    if (isStopping()) {
      job.trace?.becomes("given back");
      return this.#settlement.giveBack(job.held, 0);
    }
    if (judgedAt > giveUpAt) return this.#settlement.fail(job, expired(giveUpAt, job));
    const { nextTryAt = 0 } = job.state;
    // Later than it is given up is no time of ours.
    if (job.orderedGroupId !== undefined && nextTryAt > judgedAt && nextTryAt <= giveUpAt) {
      job.trace?.becomes("not due yet");
      return this.#waits.stay(job, nextTryAt);
    }
    if (call.keys === undefined && this.#parts.keyRing.isResting(call.merchant))
      return this.#keepBack(job, call, giveUpAt, "key unavailable");
    const entering = gate.enter(call.merchant, call.destination);
    return entering instanceof Promise
      ? entering.then((entry) => this.#entered(job, call, giveUpAt, entry))
      : this.#entered(job, call, giveUpAt, entering);
  }

  #entered(job: Job, call: PreparedCall, giveUpAt: number, entry: Entry): Promise<Ending> {
    if (entry.kind !== "open") return this.#keepBack(job, call, giveUpAt, entry.reason);
    return call.keys === undefined
      ? this.#openKeys(job, call, giveUpAt, entry)
      : this.#callMerchant(job, call, call.keys, giveUpAt, entry);
  }

  #keepBack(job: Job, call: PreparedCall, giveUpAt: number, reason: WaitReason): Promise<Ending> {
    job.trace?.becomes(reason);
    return this.#waits.forMerchant(job, call.merchant, untried(job, giveUpAt), reason, urlOf(call));
  }

  /** There is room already: what waits for KMS takes up its own merchant's place and nobody else's. */
  async #openKeys(job: Job, call: PreparedCall, giveUpAt: number, entry: OpenEntry): Promise<Ending> {
    let keys: readonly SigningKey[] | Failure | undefined;
    try {
      keys = await this.#parts.keyRing.keysOf(call.merchant);
    } finally {
      if (keys === undefined || "code" in keys) await entry.leave(undefined);
    }
    if (keys === undefined) return this.#keepBack(job, call, giveUpAt, "key unavailable");
    if ("code" in keys) return this.#settlement.fail(job, keys);
    return this.#callMerchant(job, call, keys, giveUpAt, entry);
  }

  async #callMerchant(
    job: Job,
    call: PreparedCall,
    keys: readonly SigningKey[],
    giveUpAt: number,
    { leave }: OpenEntry,
  ): Promise<Ending> {
    const { egress, now, elapsedMs, isClockWrong, count } = this.#parts;
    const { merchant, destination, webhook, deadlineMs } = call;
    let outcome: AttemptOutcome | undefined;
    let isOurs = false;
    let isLate = false;
    let at = now();
    let begunAt = elapsedMs();
    let tookMs = 0;
    try {
      if (!this.#hasTimeFor(job.held, begunAt)) {
        await this.#extend(job.held);
        // What is called after its time was not to be called, and that took a while.
        at = now();
        begunAt = elapsedMs();
      }
      const mayCall = this.#hasTimeFor(job.held, begunAt) && !isClockWrong(at, begunAt);
      const until = call.deliverBy ?? job.state.giveUpAt;
      isLate = mayCall && until !== undefined && at > until;
      if (mayCall && !isLate) {
        const traceparent = job.trace?.traceparent ?? forwardedTraceparent(job.message);
        outcome = await this.#parts.call({ merchant, destination, webhook, keys, deadlineMs, now: at, traceparent });
        tookMs = Math.round(elapsedMs() - begunAt);
        const verdict = egress.isOurs(destination.origin, begunAt, outcome);
        isOurs = typeof verdict === "boolean" ? verdict : await this.#hold(job.held, leave, verdict);
        if (!isOurs) this.#parts.measures.called(job, outcome, tookMs);
      }
    } finally {
      if (outcome !== undefined) job.trace?.called(job.state.attemptCount + 1, destination.origin, at, outcome);
      const left = leave(isOurs ? undefined : outcome);
      if (left !== undefined) await left;
    }
    if (isLate) return this.#settlement.fail(job, expired(giveUpAt, job));
    if (isOurs) return this.#waits.forOurEgress(job, { ...untried(job, giveUpAt), accepted: acceptedBy(job, call) });
    if (outcome !== undefined) {
      count(outcome.kind === "delivered" ? METRICS.delivered : METRICS.attemptFailed);
      const progress = progressAfter(job, call, outcome, giveUpAt, at, tookMs);
      // Most ends here.
      if (outcome.kind === "delivered" && outcome.disablesUrl !== true)
        return this.#settlement.confirm(job, progress, call.content);
      // By the clock as it was when the call began: it may have been put wrong since, and nobody has looked.
      return this.#takeStep(job, call, progress, outcome, at + Math.round(elapsedMs() - begunAt));
    }
    count(METRICS.leftInQueue);
    job.trace?.becomes("left in the queue");
    return "left";
  }

  /**
   * Until it shows whose fault the silence was. Others have its room meanwhile; afterwards there is time to write down
   * what came of it.
   */
  async #hold(held: InFlightMessage, leave: OpenEntry["leave"], verdict: Promise<boolean>): Promise<boolean> {
    void leave(HELD);
    const isOurs = await verdict;
    if (held.remainingMs(this.#parts.elapsedMs()) < FLUSH_MARGIN_MS) await this.#extend(held);
    return isOurs;
  }

  async #takeStep(
    job: Job,
    call: PreparedCall,
    progress: Progress,
    outcome: AttemptOutcome,
    now: number,
  ): Promise<Ending> {
    const { random, gate } = this.#parts;
    const { retryScheduleSeconds: scheduleSeconds = this.#parts.retry.scheduleSeconds } = call.merchant;
    const retry = { ...this.#parts.retry, scheduleSeconds };
    if (outcome.disablesUrl === true) {
      const why = (outcome.kind === "failed" ? outcome.error : undefined) ?? "asked for no more";
      const isDisabled = await gate.disable(call.merchant.merchantId, call.destination, why);
      if (isDisabled && outcome.kind === "failed" && outcome.abortsMessage !== true)
        return this.#waits.forMerchant(job, call.merchant, progress, "url disabled", urlOf(call));
    }
    const hasRoomInQueue = this.#waits.hasRoomInQueue(job);
    const step = nextStep(retry, { outcome, ...progress, now, hasRoomInQueue, random: random() });
    if (step.kind === "confirm") return this.#settlement.confirm(job, progress, call.content);
    if (step.kind === "retry in queue") return this.#waits.inQueue(job, progress, step.delaySeconds);
    if (step.kind === "park") return this.#waits.until(job, progress, step.dueAt);
    return this.#settlement.fail({ ...job, state: { ...job.state, ...progress } }, step.failure);
  }

  /**
   * In order, the time counts from when it was sent: a row that waits behind others must not wait as long again once
   * its turn comes.
   */
  #giveUpAt({ held, orderedGroupId }: Job, now: number): number {
    const { sentAt } = held.received;
    const isOrdered = orderedGroupId !== undefined && sentAt > 0;
    // It is tried once all the same.
    return Math.max(now, (isOrdered ? sentAt : now) + this.#parts.deliverWithinMs);
  }

  /**
   * AWS refuses an expired FIFO handle, and someone else may have the message by then; so there must be time for all of
   * it.
   */
  #hasTimeFor(held: InFlightMessage, elapsedMs: number): boolean {
    return held.remainingMs(elapsedMs) >= this.#parts.deadlineMs + FLUSH_MARGIN_MS;
  }

  async #extend(held: InFlightMessage): Promise<boolean> {
    return held.remainingMs(this.#parts.elapsedMs()) > 0 && this.#parts.acknowledger.extend(held);
  }
}

function urlOf({ destination }: PreparedCall): string {
  return destination.origin + destination.path;
}

/** Nothing has come of it yet. */
function untried(job: Job, giveUpAt: number): Progress {
  const { attemptCount, attempts } = job.state;
  return { attemptCount, attempts, giveUpAt, committedAt: committedAtOf(job) };
}

/** Of several attempts the first one pins it; the others say the same, in other words at most. */
function acceptedBy({ state }: Job, { content }: PreparedCall): Accepted {
  return state.accepted ?? content;
}

function progressAfter(
  job: Job,
  call: PreparedCall,
  outcome: AttemptOutcome,
  giveUpAt: number,
  at: number,
  tookMs: number,
): Progress {
  const { state } = job;
  const attempt = attemptOf(outcome, at, tookMs);
  return {
    attemptCount: state.attemptCount + (usesUpTry(attempt) ? 1 : 0),
    attempts: withAttempt(state.attempts, attempt),
    giveUpAt,
    committedAt: committedAtOf(job),
    accepted: acceptedBy(job, call),
  };
}

/** What of an outcome is kept on the row. */
function attemptOf(outcome: AttemptOutcome, at: number, durationMs: number): Attempt {
  const { status, answer } = outcome;
  const resends = outcome.isResent === true ? 1 : undefined;
  if (outcome.kind === "delivered") return { at, durationMs, outcome: outcome.kind, status, answer, resends };
  const { error, retryAfterSeconds } = outcome;
  return { at, durationMs, outcome: outcome.class, status, error, retryAfterSeconds, answer, resends };
}
