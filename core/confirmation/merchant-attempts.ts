/**
 * One attempt of what is pending: prepare the call, enter its merchant's gate, call, and apply what is decided then.
 *
 * What is there at once is not waited for: a turn through the queue of promises for each step costs as much as the
 * step. And what is not needed any more, such as the row, is let go of before the merchant is called, since thousands
 * may be slow.
 */
import { type Entry, HELD } from "../delivery/gate/merchant-gate.ts";
import { MerchantUnreadError } from "../delivery/merchant-directory.ts";
import type { PreparedCall } from "../delivery/prepare.ts";
import type { AttemptOutcome } from "../retry/next-step.ts";
import { METRICS } from "../settings/names.ts";
import type { SigningKey } from "../signing/merchant-keys.ts";
import type { AttributeMap } from "../transaction/attribute-value.ts";
import { stringOf } from "../transaction/attribute-value.ts";
import type { Failure } from "../transaction/failure.ts";
import type { Apply } from "./apply/apply.ts";
import { forwardedTraceparent } from "./attempt-trace.ts";
import { giveUpAtOf, urlOf } from "./decide/before-call.ts";
import { decide } from "./decide/decide.ts";
import { progressAfter } from "./decide/progress-after.ts";
import type { InFlightMessage } from "./in-flight-message.ts";
import type { Ending, Job } from "./job.ts";
import type { MerchantWait, Moment } from "./order/strategy.ts";
import type { Ports } from "./ports.ts";
import type { ConfirmationSettings } from "./settings.ts";

type OpenEntry = Extract<Entry, { kind: "open" }>;

/** Visibility that must be left after the deadline, for recording and deleting. */
const FLUSH_MARGIN_MS = 5000;

export class MerchantAttempts {
  readonly #ports: Ports;
  readonly #settings: ConfirmationSettings;
  readonly #apply: Apply;

  constructor(ports: Ports, settings: ConfirmationSettings, apply: Apply) {
    this.#ports = ports;
    this.#settings = settings;
    this.#apply = apply;
  }

  /** @param row as it was read for this message */
  make(job: Job, row: AttributeMap): Promise<Ending> {
    const effect = decide.content(job, row);
    if (effect !== undefined) return this.#apply.to(job, effect);
    const prepared = this.#ports.merchants.prepare(row);
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
      const own = job.state.giveUpAt ?? giveUpAtOf(job, this.#ports.clock.now(), this.#settings);
      const { merchantId } = error;
      return this.#turnAway(job, Number.isNaN(deliverBy) ? own : deliverBy, {
        merchant: { merchantId },
        reason: "merchant unread",
      });
    }
    return this.#enter(job, prepared);
  }

  #enter(job: Job, call: PreparedCall | Failure): Promise<Ending> {
    if ("code" in call) return this.#apply.to(job, decide.unusable(job, call));
    const { merchants, queue, clock } = this.#ports;
    const now = clock.now();
    const giveUpAt = call.deliverBy ?? job.state.giveUpAt ?? giveUpAtOf(job, now, this.#settings);
    const effect = decide.beforeCall(job, giveUpAt, now, queue.isStopping());
    if (effect !== undefined) return this.#apply.to(job, effect);
    if (call.keys === undefined && merchants.isResting(call.merchant))
      return this.#keepBack(job, call, giveUpAt, "key unavailable");
    const entering = merchants.enter(call.merchant, call.destination);
    return entering instanceof Promise
      ? entering.then((entry) => this.#entered(job, call, giveUpAt, entry))
      : this.#entered(job, call, giveUpAt, entering);
  }

  #entered(job: Job, call: PreparedCall, giveUpAt: number, entry: Entry): Promise<Ending> {
    if (entry.kind !== "open") return this.#keepBack(job, call, giveUpAt, entry.reason);
    return call.keys === undefined
      ? this.#openKeys(job, call, giveUpAt, entry)
      : this.#call(job, call, call.keys, giveUpAt, entry);
  }

  #keepBack(job: Job, call: PreparedCall, giveUpAt: number, reason: MerchantWait["reason"]): Promise<Ending> {
    return this.#turnAway(job, giveUpAt, { merchant: call.merchant, reason, url: urlOf(call), traced: reason });
  }

  #turnAway(job: Job, giveUpAt: number, wait: Omit<MerchantWait, "progress">): Promise<Ending> {
    return this.#apply.to(job, decide.turnedAway(job, giveUpAt, wait, this.#settings, this.#moment()));
  }

  /** There is room already: what waits for KMS takes up its own merchant's place and nobody else's. */
  async #openKeys(job: Job, call: PreparedCall, giveUpAt: number, entry: OpenEntry): Promise<Ending> {
    let keys: readonly SigningKey[] | Failure | undefined;
    try {
      keys = await this.#ports.merchants.keysOf(call.merchant);
    } finally {
      if (keys === undefined || "code" in keys) await entry.leave(undefined);
    }
    if (keys === undefined) return this.#keepBack(job, call, giveUpAt, "key unavailable");
    if ("code" in keys) return this.#apply.to(job, decide.unusable(job, keys));
    return this.#call(job, call, keys, giveUpAt, entry);
  }

  async #call(
    job: Job,
    call: PreparedCall,
    keys: readonly SigningKey[],
    giveUpAt: number,
    { leave }: OpenEntry,
  ): Promise<Ending> {
    const { merchants, telemetry, clock } = this.#ports;
    const { merchant, destination, webhook, deadlineMs } = call;
    let outcome: AttemptOutcome | undefined;
    let isOurs = false;
    let isLate = false;
    let at = clock.now();
    let begunAt = clock.elapsedMs();
    let tookMs = 0;
    try {
      if (!this.#hasTimeFor(job.inFlight, begunAt)) {
        await this.#extend(job.inFlight);
        // What is called after its time was not to be called, and that took a while.
        at = clock.now();
        begunAt = clock.elapsedMs();
      }
      const mayCall = this.#hasTimeFor(job.inFlight, begunAt) && !clock.isWrongAt(at, begunAt);
      const until = call.deliverBy ?? job.state.giveUpAt;
      isLate = mayCall && until !== undefined && at > until;
      if (mayCall && !isLate) {
        const traceparent = job.trace?.traceparent ?? forwardedTraceparent(job.message);
        outcome = await merchants.call({ merchant, destination, webhook, keys, deadlineMs, now: at, traceparent });
        tookMs = Math.round(clock.elapsedMs() - begunAt);
        const verdict = merchants.isOurs(destination.origin, begunAt, outcome);
        isOurs = typeof verdict === "boolean" ? verdict : await this.#hold(job.inFlight, leave, verdict);
        if (!isOurs) telemetry.called(job, outcome, tookMs);
      }
    } finally {
      if (outcome !== undefined) job.trace?.called(job.state.attemptCount + 1, destination.origin, at, outcome);
      const left = leave(isOurs ? undefined : outcome);
      if (left !== undefined) await left;
    }
    if (isLate) return this.#apply.to(job, decide.late(job, giveUpAt));
    if (isOurs) return this.#apply.to(job, decide.ourEgress(job, call, giveUpAt, this.#settings, this.#moment()));
    if (outcome === undefined) return this.#apply.to(job, decide.noTime());
    telemetry.count(outcome.kind === "delivered" ? METRICS.delivered : METRICS.attemptFailed);
    const progress = progressAfter(job, call, outcome, giveUpAt, at, tookMs);
    // Most ends here.
    if (outcome.kind === "delivered" && outcome.disablesUrl !== true)
      return this.#apply.to(job, decide.delivered(job, progress, call.content));
    // By the clock as it was when the call began: it may have been put wrong since, and nobody has looked.
    const now = at + Math.round(clock.elapsedMs() - begunAt);
    const isUrlDisabled = outcome.disablesUrl === true && (await this.#disableUrl(call, outcome));
    const hasRoomInQueue = !job.isReopened && this.#ports.queue.failing.hasRoom;
    const after = { isUrlDisabled, hasRoomInQueue, now, random: clock.random() };
    return this.#apply.to(job, decide.afterCall(job, call, outcome, progress, after, this.#settings));
  }

  #disableUrl({ merchant, destination }: PreparedCall, outcome: AttemptOutcome): Promise<boolean> {
    const why = outcome.kind === "failed" ? outcome.error : "asked for no more";
    return this.#ports.merchants.disable(merchant.merchantId, destination, why);
  }

  /**
   * Until it shows whose fault the silence was. Others have its room meanwhile; afterwards there is time to record what
   * came of it.
   */
  async #hold(inFlight: InFlightMessage, leave: OpenEntry["leave"], verdict: Promise<boolean>): Promise<boolean> {
    void leave(HELD);
    const isOurs = await verdict;
    if (inFlight.remainingMs(this.#ports.clock.elapsedMs()) < FLUSH_MARGIN_MS) await this.#extend(inFlight);
    return isOurs;
  }

  /**
   * AWS refuses an expired FIFO handle, and someone else may have the message by then; so there must be time for all of
   * it.
   */
  #hasTimeFor(inFlight: InFlightMessage, elapsedMs: number): boolean {
    return inFlight.remainingMs(elapsedMs) >= this.#settings.deadlineMs + FLUSH_MARGIN_MS;
  }

  async #extend(inFlight: InFlightMessage): Promise<boolean> {
    const { queue, clock } = this.#ports;
    return inFlight.remainingMs(clock.elapsedMs()) > 0 && queue.extend(inFlight);
  }

  #moment(): Moment {
    const { clock } = this.#ports;
    return { now: clock.now(), random: clock.random() };
  }
}
