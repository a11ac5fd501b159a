/**
 * The call itself, by a message that has its merchant's room: made where there is time for it, judged for whose fault
 * its end is, and followed by what is decided then.
 */
import { type Entry, HELD } from "../delivery/admission/admission-control.ts";
import type { Credentials } from "../delivery/credentials.ts";
import type { CallConnection } from "../delivery/opened-connection.ts";
import type { PreparedCall } from "../delivery/prepare.ts";
import type { AttemptOutcome } from "../retry/next-step.ts";
import { METRICS } from "../settings/names.ts";
import type { SigningKey } from "../signing/merchant-keys.ts";
import type { Apply } from "./apply/apply.ts";
import { forwardedTraceparent } from "./attempt-trace.ts";
import { copyOfDelivery } from "./copies/offered-copy.ts";
import { decide } from "./decide/decide.ts";
import { redeliveryLine } from "../delivery/webhook.ts";
import { progressAfter } from "./decide/progress-after.ts";
import type { InFlightMessage } from "./in-flight-message.ts";
import { type Ending, isFirstAttempt, isRedelivered, type Job } from "./job.ts";
import { type Ports, telemetryOf } from "./ports.ts";
import type { ConfirmationSettings } from "./settings.ts";
import { Visibility } from "./visibility.ts";

const ACCEPTED = 202;
const UNAUTHORIZED = 401;
/** One for all. */
const PLAIN: CallConnection = {};

export type OpenEntry = Extract<Entry, { kind: "open" }>;

export class MerchantCall {
  readonly #ports: Ports;
  readonly #settings: ConfirmationSettings;
  readonly #apply: Apply;
  readonly #visibility: Visibility;

  constructor(ports: Ports, settings: ConfirmationSettings, apply: Apply) {
    this.#ports = ports;
    this.#settings = settings;
    this.#apply = apply;
    this.#visibility = new Visibility(ports, settings.deadlineMs);
  }

  /**
   * @param entry to the merchant's health row, which is left when the call has ended
   * @param credentials where more than keys had to be fetched. @default the merchant's connection needs no secret
   */
  async make(
    job: Job,
    call: PreparedCall,
    keys: readonly SigningKey[],
    giveUpAt: number,
    { leave }: OpenEntry,
    credentials?: Credentials,
  ): Promise<Ending> {
    const { merchants, clock } = this.#ports;
    const telemetry = telemetryOf(this.#ports, job);
    const { merchant, destination, webhook, deadlineMs } = call;
    let outcome: AttemptOutcome | undefined;
    let isOurs = false;
    let isLate = false;
    let at = clock.now();
    let begunAt = clock.elapsedMs();
    let endedAt: number | undefined;
    let tookMs = 0;
    try {
      if (!this.#visibility.hasTimeFor(job.inFlight, begunAt)) {
        await this.#visibility.extend(job.inFlight);
        // What is called after its time was not to be called, and that took a while.
        at = clock.now();
        begunAt = clock.elapsedMs();
      }
      const mayCall = this.#visibility.hasTimeFor(job.inFlight, begunAt) && !clock.isWrongAt(at, begunAt);
      // What was confirmed in time is sent again whenever somebody asks for it.
      const until = isRedelivered(job) ? undefined : (call.deliverBy ?? job.state.giveUpAt);
      isLate = mayCall && until !== undefined && at > until;
      if (mayCall && !isLate) {
        const traceparent = job.trace?.traceparent ?? forwardedTraceparent(job.message);
        const {
          identity,
          httpVersion,
          secretNames,
          headerLines: own,
        }: CallConnection = credentials?.connection ?? merchant.connection ?? PLAIN;
        const headerLines = job.redelivery === undefined ? own : redeliveryLine(job.redelivery) + (own ?? "");
        const posted = {
          merchant,
          destination,
          webhook,
          keys,
          deadlineMs,
          now: at,
          traceparent,
          headerLines,
          identity,
          httpVersion,
          secretNames,
          // The response to a step is there for those after it.
          keepsResponse: job.plan?.kind === "all",
        };
        outcome = await merchants.call(posted);
        endedAt = clock.elapsedMs();
        tookMs = Math.round(endedAt - begunAt);
        const verdict = job.isSandbox
          ? merchants.isOursInSandbox(destination.origin, begunAt, outcome)
          : merchants.isOurs(destination.origin, begunAt, outcome, endedAt);
        if (typeof verdict === "boolean") isOurs = verdict;
        else {
          isOurs = await this.#hold(job.inFlight, leave, verdict);
          endedAt = undefined;
        }
        if (!isOurs) telemetry.called(job, outcome, tookMs);
        if (merchant.listenedUntil !== undefined && merchants.copies?.isListenedTo(merchant.listenedUntil) === true)
          merchants.copies.offer(merchant.merchantId, copyOfDelivery(job, posted, outcome, tookMs, isOurs));
      }
    } finally {
      if (outcome !== undefined) job.trace?.called(job.state.attemptCount + 1, destination.origin, at, outcome);
      const left = leave(isOurs ? undefined : outcome, endedAt);
      if (left !== undefined) await left;
    }
    const token = credentials?.token;
    if (token !== undefined && outcome?.status === UNAUTHORIZED) merchants.tokenRefused(token);
    if (isLate) return this.#apply.to(job, decide.late(job, giveUpAt));
    if (isOurs) {
      const moment = { now: clock.now(), random: clock.random() };
      return this.#apply.to(job, decide.ourEgress(job, call, giveUpAt, this.#settings, moment));
    }
    if (outcome === undefined) return this.#apply.to(job, decide.noTime());
    telemetry.count(outcome.kind === "delivered" ? METRICS.delivered : METRICS.attemptFailed);
    if (job.campaign !== undefined && isFirstAttempt(job)) telemetry.campaigns?.count(job.campaign, "sent");
    const progress = progressAfter(job, call, outcome, giveUpAt, at, tookMs);
    const { acknowledgement } = merchant;
    const isAccepted = acknowledgement !== undefined && outcome.kind === "delivered" && outcome.status === ACCEPTED;
    if (isAccepted && !isRedelivered(job)) {
      if (outcome.disablesUrl === true) await this.#disableUrl(call, outcome);
      const moment = { now: at + tookMs, random: clock.random() };
      return this.#apply.to(job, decide.accepted(job, progress, acknowledgement, this.#settings, moment));
    }
    if (job.plan !== undefined) {
      const isDisabled = outcome.disablesUrl === true && (await this.#disableUrl(call, outcome));
      const moment = { now: at + Math.round(clock.elapsedMs() - begunAt), random: clock.random() };
      const { plan } = job;
      return this.#apply.to(
        job,
        decide.webhookStep(job, plan, call, outcome, progress, isDisabled, this.#settings, moment),
      );
    }
    // Most ends here.
    if (outcome.kind === "delivered" && outcome.disablesUrl !== true)
      return await this.#apply.to(job, decide.delivered(job, progress, call.content));
    // By the clock as it was when the call began: it may have been put wrong since, and nobody has looked.
    const now = at + Math.round(clock.elapsedMs() - begunAt);
    const isUrlDisabled = outcome.disablesUrl === true && (await this.#disableUrl(call, outcome));
    // What waits in the queue takes up places that live ones have to have.
    const hasRoomInQueue = !job.isReopened && !job.isSandbox && this.#ports.queue.failing.hasRoom;
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
    await this.#visibility.keepForFlush(inFlight);
    return isOurs;
  }
}
