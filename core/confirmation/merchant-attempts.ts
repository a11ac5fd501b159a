/**
 * One attempt of what is pending: prepare the call, pass its merchant's admission control, have its keys, and call.
 *
 * What is there at once is not waited for: a turn through the queue of promises for each step costs as much as the
 * step. And what is not needed any more, such as the row, is let go of before the merchant is called, since thousands
 * may be slow.
 */
import { ONLY_WEBHOOK } from "../channels/explain-channels.ts";
import type { Steps } from "../channels/steps.ts";
import type { Entry } from "../delivery/admission/admission-control.ts";
import type { Credentials, CredentialsAway } from "../delivery/credentials.ts";
import { MerchantUnreadError } from "../delivery/merchant-directory.ts";
import type { Prepared, PreparedCall, PreparedPlan, PreparedShadow, PrepareFailure } from "../delivery/prepare.ts";
import type { AttemptOutcome } from "../retry/next-step.ts";
import type { AttributeMap } from "../transaction/attribute-value.ts";
import { stringOf } from "../transaction/attribute-value.ts";
import { type Failure, failure } from "../transaction/failure.ts";
import type { Apply } from "./apply/apply.ts";
import { PlanAttempts } from "./channels/plan-attempts.ts";
import { giveUpAtOf, urlOf } from "./decide/before-call.ts";
import { copyOfUnsent } from "./copies/offered-copy.ts";
import { decide } from "./decide/decide.ts";
import { isAwaited } from "./decide/on-acknowledgement.ts";
import { untried } from "./decide/progress-after.ts";
import { type Ending, isRedelivered, type Job } from "./job.ts";
import { MerchantCall, type OpenEntry } from "./merchant-call.ts";
import { MirrorCall } from "./mirror-call.ts";
import type { MerchantWait } from "./order/strategy.ts";
import type { Ports } from "./ports.ts";
import type { ConfirmationSettings } from "./settings.ts";

const NO_WEBHOOK = failure(
  "url_missing",
  "channels: got none that is a webhook, which is where a transaction that is confirmed is sent again.",
);

const WANTS_NO_MORE = {
  kind: "failed",
  class: "recipient",
  error: "its merchant wants no more at this URL",
} as const satisfies AttemptOutcome;

/** Whether a channel has sent something, or may have, of which the plan has still to learn. */
function isUnderway({ current }: Steps): boolean {
  return current?.intent !== undefined || current?.result !== undefined;
}

/** Its channels were all taken away while one of them was on: its webhook is left, once that one is over. */
function planOfWebhook({ target }: Job, call: PreparedCall): PreparedPlan {
  const { transactionId, version } = target;
  const transaction = { ...call.content, transactionId, version };
  return { ...call, transaction, channels: ONLY_WEBHOOK, plan: "fallback", webhookTo: () => call };
}

export class MerchantAttempts {
  readonly #ports: Ports;
  readonly #settings: ConfirmationSettings;
  readonly #apply: Apply;
  readonly #call: MerchantCall;
  readonly #plans: PlanAttempts;
  readonly #mirror: MirrorCall;

  constructor(ports: Ports, settings: ConfirmationSettings, apply: Apply) {
    this.#ports = ports;
    this.#settings = settings;
    this.#apply = apply;
    this.#call = new MerchantCall(ports, settings, apply);
    this.#mirror = new MirrorCall(ports, settings);
    this.#plans = new PlanAttempts(ports, settings, apply, (job, call, giveUpAt) =>
      this.#attempt(job, call, giveUpAt, ports.clock.now()),
    );
  }

  /** @param row as it was read for this message */
  make(job: Job, row: AttributeMap): Promise<Ending> {
    const effect = decide.content(job, row);
    if (effect !== undefined) return this.#apply.to(job, effect);
    const prepared = this.#ports.merchants.prepare(row);
    return prepared instanceof Promise ? this.#makeOnceRead(job, row, prepared) : this.#enter(job, prepared);
  }

  /** What one merchant's row suffers is that merchant's alone. @throws when the table could not be read */
  async #makeOnceRead(job: Job, row: AttributeMap, preparing: Promise<Prepared>): Promise<Ending> {
    let prepared: Prepared;
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

  #enter(job: Job, call: Prepared): Promise<Ending> {
    if ("code" in call) return this.#unusable(job, call);
    const { merchant } = call;
    if (merchant.environment !== undefined) job.isSandbox = true;
    if (call.transaction !== undefined)
      return call.mode === undefined ? this.#enterPlan(job, call) : this.#shadow(job, call);
    if (merchant.switches !== undefined) job.isPinned = true;
    if (job.state.steps !== undefined && isUnderway(job.state.steps) && !isRedelivered(job))
      return this.#plans.make(job, planOfWebhook(job, call));
    if (isAwaited(job)) return this.#awaited(job, call);
    const now = this.#ports.clock.now();
    return this.#attempt(job, call, this.#giveUpAt(job, call, now), now);
  }

  /** The old system confirms it: it is recorded as that, and nobody is called but its merchant's mirror. */
  async #shadow(job: Job, prepared: PreparedShadow): Promise<Ending> {
    const isStopping = this.#ports.queue.isStopping();
    if (isStopping || prepared.mirror === undefined)
      return this.#apply.to(job, decide.shadow(job, prepared, isStopping));
    const mirrored = await this.#mirror.make(job, prepared.merchant.merchantId, prepared.mirror);
    if (mirrored === "no time") return this.#apply.to(job, decide.noTime());
    return this.#apply.to(job, decide.shadow(job, prepared, isStopping, mirrored));
  }

  /** Of a recipient with channels. What is sent again, confirmed as it is, goes to its webhook. */
  #enterPlan(job: Job, prepared: PreparedPlan): Promise<Ending> {
    if (prepared.merchant.switches !== undefined) job.isPinned = true;
    if (!isRedelivered(job)) {
      // What a webhook without steps was told 202 for is still awaited, whatever channels there are since.
      if (job.state.steps === undefined && isAwaited(job)) return this.#awaited(job, prepared);
      return this.#plans.make(job, prepared);
    }
    const channel = prepared.channels.find(({ kind }) => kind === "webhook");
    const call = channel?.kind === "webhook" ? prepared.webhookTo(channel.url) : NO_WEBHOOK;
    return "code" in call ? this.#unusable(job, call) : this.#enter(job, call);
  }

  #attempt(job: Job, call: PreparedCall, giveUpAt: number, now: number): Promise<Ending> {
    const { merchants, queue } = this.#ports;
    const effect = decide.beforeCall(job, giveUpAt, now, queue.isStopping());
    if (effect !== undefined) return this.#apply.to(job, effect);
    if (call.isUnverified) return this.#keepBack(job, call, giveUpAt, "url unverified");
    const resting = call.keys === undefined ? merchants.whyResting(call.merchant) : undefined;
    if (resting !== undefined) return this.#keepBack(job, call, giveUpAt, resting);
    const entering = isRedelivered(job)
      ? merchants.enterBehind(call.merchant, call.destination)
      : merchants.enter(call.merchant, call.destination);
    return entering instanceof Promise
      ? entering.then((entry) => this.#entered(job, call, giveUpAt, entry))
      : this.#entered(job, call, giveUpAt, entering);
  }

  #awaited(job: Job, call: Pick<PreparedCall, "merchant" | "deliverBy">): Promise<Ending> {
    const { queue, clock } = this.#ports;
    const moment = { now: clock.now(), random: clock.random() };
    const giveUpAt = this.#giveUpAt(job, call, moment.now);
    const effect = decide.awaited(job, call.merchant, giveUpAt, queue.isStopping(), this.#settings, moment);
    return this.#apply.to(job, effect);
  }

  #giveUpAt(job: Job, { deliverBy }: Pick<PreparedCall, "deliverBy">, now: number): number {
    return deliverBy ?? job.state.giveUpAt ?? giveUpAtOf(job, now, this.#settings);
  }

  #entered(job: Job, call: PreparedCall, giveUpAt: number, entry: Entry): Promise<Ending> {
    if (entry.kind !== "open") return this.#closed(job, call, giveUpAt, entry.reason);
    return call.keys === undefined
      ? this.#fetchCredentials(job, call, giveUpAt, entry)
      : this.#call.make(job, call, call.keys, giveUpAt, entry);
  }

  /** Whoever wants no more at a URL is told by another channel, where there is one. */
  #closed(job: Job, call: PreparedCall, giveUpAt: number, reason: MerchantWait["reason"]): Promise<Ending> {
    const { plan } = job;
    if (reason !== "url disabled" || plan === undefined) return this.#keepBack(job, call, giveUpAt, reason);
    const moment = { now: this.#ports.clock.now(), random: this.#ports.clock.random() };
    const known = untried(job, giveUpAt);
    return this.#apply.to(job, decide.webhookStep(job, plan, call, WANTS_NO_MORE, known, true, this.#settings, moment));
  }

  #unusable(job: Job, { unsent, ...why }: PrepareFailure): Promise<Ending> {
    const { merchants, clock } = this.#ports;
    const { copies, credentialsOf } = merchants;
    if (unsent !== undefined && copies?.isListenedTo(unsent.merchant.listenedUntil) === true) {
      const { transactionId, version } = job.target;
      const copy = copyOfUnsent({ transactionId, version }, unsent, why, clock.now(), credentialsOf);
      copies.offer(unsent.merchant.merchantId, copy);
    }
    return this.#apply.to(job, decide.unusable(job, why));
  }

  #keepBack(job: Job, call: PreparedCall, giveUpAt: number, reason: MerchantWait["reason"]): Promise<Ending> {
    const { plan } = job;
    if (plan !== undefined && reason !== "paused") {
      const wait = { merchant: call.merchant, reason, url: urlOf(call), traced: reason };
      const moment = { now: this.#ports.clock.now(), random: this.#ports.clock.random() };
      const step = { ...job, plan };
      return this.#apply.to(step, decide.channelClosed(step, giveUpAt, wait, call.content, this.#settings, moment));
    }
    return this.#turnAway(job, giveUpAt, { merchant: call.merchant, reason, url: urlOf(call), traced: reason });
  }

  #turnAway(job: Job, giveUpAt: number, wait: Omit<MerchantWait, "progress">): Promise<Ending> {
    const { clock } = this.#ports;
    const moment = { now: clock.now(), random: clock.random() };
    return this.#apply.to(job, decide.turnedAway(job, giveUpAt, wait, this.#settings, moment));
  }

  /** There is room already: what waits for KMS or for a token takes up its own merchant's place and nobody else's. */
  async #fetchCredentials(job: Job, call: PreparedCall, giveUpAt: number, entry: OpenEntry): Promise<Ending> {
    let got: Credentials | CredentialsAway | Failure | undefined;
    try {
      got = await this.#ports.merchants.credentialsOf(call.merchant);
    } finally {
      if (got === undefined || "code" in got) await entry.leave(undefined);
      else if (got.kind === "away") await entry.leave(got.outcome);
    }
    if ("code" in got) return this.#apply.to(job, decide.unusable(job, got));
    if (got.kind === "away") return this.#keepBack(job, call, giveUpAt, got.reason);
    return this.#call.make(job, call, got.keys, giveUpAt, entry, got);
  }
}
