/**
 * One message by a channel that is no webhook. The channel's own admission control comes first, then the intent of what
 * no client token makes one message: recorded before it is sent, so that whoever finds it knows that it may have been.
 */
import { channelHealthId } from "../../channels/channel-health.ts";
import type { ChannelSender, SendOutcome } from "../../channels/channel-sender.ts";
import { canBeNamed, intentIdFor } from "../../channels/intent-id.ts";
import type { Steps } from "../../channels/steps.ts";
import type { Destination } from "../../delivery/destination.ts";
import type { PreparedPlan } from "../../delivery/prepare.ts";
import type { AttemptOutcome } from "../../retry/next-step.ts";
import { METRICS } from "../../settings/names.ts";
import type { Apply } from "../apply/apply.ts";
import { decide } from "../decide/decide.ts";
import { untried } from "../decide/progress-after.ts";
import { type Ending, isFirstAttempt, type StepJob } from "../job.ts";
import { type Ports, telemetryOf } from "../ports.ts";
import type { ConfirmationSettings } from "../settings.ts";
import { Visibility } from "../visibility.ts";
import { receiptWithinMs, withCurrent } from "./plan-step.ts";

const UNNAMED =
  "receipts of it could not be told apart, as its transactionId has more than 160 bytes: give the channel no receipt";

const NO_TIME = { error: "there was no time left to send it", waitSeconds: 0 } as const;

export class ChannelSend {
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

  /** @throws when the sender cannot be loaded, or no health row can be read; nothing was sent then */
  async make(job: StepJob, prepared: PreparedPlan, giveUpAt: number): Promise<Ending> {
    const { merchants, channels } = this.#ports;
    const { merchant } = prepared;
    const { channel } = job.plan;
    const sender = channel.kind === "webhook" ? undefined : await channels?.of(channel.kind);
    if (sender === undefined)
      return this.#notEnabled(job, prepared, giveUpAt, `this deployment sends no ${channel.kind}`);
    if (receiptWithinMs(channel) !== undefined && !canBeNamed(job.target.transactionId))
      return this.#notEnabled(job, prepared, giveUpAt, UNNAMED);
    // What is paused is the recipient, whatever its channels: it waits as a webhook does.
    if ((await merchants.healthOf(merchant.merchantId)).isPaused) {
      const wait = { merchant, reason: "paused", traced: "paused" } as const;
      return this.#apply.to(job, decide.turnedAway(job, giveUpAt, wait, this.#settings, this.#moment()));
    }
    const { maxConcurrency: _, rateLimitPerSecond: __, ...whole } = merchant;
    const own = { ...whole, merchantId: channelHealthId(merchant.merchantId, channel) };
    const entry = await merchants.enter(own, destinationOf(channel.kind));
    if (entry.kind !== "open") {
      const wait = { merchant, reason: entry.reason };
      const { content } = prepared;
      return this.#apply.to(job, decide.channelClosed(job, giveUpAt, wait, content, this.#settings, this.#moment()));
    }
    let outcome: SendOutcome | undefined;
    try {
      const sent = await this.#send(job, prepared, giveUpAt, sender);
      if (typeof sent === "string") return sent;
      ({ outcome } = sent);
      await entry.leave(outcomeOf(outcome));
      return await this.#ended(sent.job, prepared, giveUpAt, sender, outcome, sent);
    } finally {
      if (outcome === undefined) await entry.leave(undefined);
    }
  }

  /** @returns what came of the message where nothing was sent */
  async #send(job: StepJob, prepared: PreparedPlan, giveUpAt: number, sender: ChannelSender): Promise<Ending | Sent> {
    const { clock } = this.#ports;
    if (!(await this.#hasTime(job))) return this.#apply.to(job, decide.noTime());
    const now = clock.now();
    if (now > giveUpAt) return this.#apply.to(job, decide.late(job, giveUpAt));
    let on = job;
    let intentId: string | undefined;
    if (sender.needsIntent) {
      intentId = intentIdFor(job.target, now, clock.random(), job.plan.steps.revision);
      const { keptSince } = job.plan.steps.current ?? {};
      const intent = { id: intentId, at: now };
      const steps = withCurrent(job.plan.steps, { intent, ...(keptSince !== undefined && { keptSince }) });
      const progress = { ...untried(job, giveUpAt), accepted: job.state.accepted ?? prepared.content, steps };
      const ending = await this.#apply.to(job, decide.intent(progress));
      if (ending !== "intended") return ending;
      on = withWritten(job, steps);
      // The clock may be wrong by now: what it said before was looked at.
      if (!(await this.#hasTime(job))) return this.#notSent(on, prepared, giveUpAt, NO_TIME, now);
    }
    const { merchant, transaction, webhook } = prepared;
    const { channel, steps } = on.plan;
    const [at, begunAt] = [clock.now(), clock.elapsedMs()];
    const message = {
      channel,
      merchantId: merchant.merchantId,
      transaction,
      webhookId: webhook.id,
      body: webhook.body,
      intentId,
      steps: steps.done,
    };
    const outcome = await sender.send(message, prepared.deadlineMs);
    return { job: on, outcome, intentId, at, tookMs: Math.round(clock.elapsedMs() - begunAt) };
  }

  async #hasTime({ inFlight }: StepJob): Promise<boolean> {
    const { clock } = this.#ports;
    if (!this.#visibility.hasTimeFor(inFlight, clock.elapsedMs())) await this.#visibility.extend(inFlight);
    const elapsedMs = clock.elapsedMs();
    return this.#visibility.hasTimeFor(inFlight, elapsedMs) && !clock.isWrongAt(clock.now(), elapsedMs);
  }

  async #ended(
    job: StepJob,
    prepared: PreparedPlan,
    giveUpAt: number,
    sender: ChannelSender,
    sent: SendOutcome,
    { intentId, at, tookMs }: Pick<Sent, "intentId" | "at" | "tookMs">,
  ): Promise<Ending> {
    const telemetry = telemetryOf(this.#ports, job);
    const { channel } = job.plan;
    const moment = { now: at + tookMs, random: this.#ports.clock.random() };
    telemetry.step(job, "sent", () => ({ channel: channel.id, outcome: sent, tookMs }));
    if (sent.kind === "not sent") {
      telemetry.warn("nothing was sent by a channel", { channel: channel.id, kind: channel.kind, error: sent.error });
      return this.#notSent(job, prepared, giveUpAt, sent);
    }
    if (job.campaign !== undefined && isFirstAttempt(job))
      telemetry.campaigns?.count(job.campaign, "sent", channel.kind);
    if (sent.kind === "uncertain" && sender.needsIntent) {
      const progress = { ...untried(job, giveUpAt), seenSteps: job.plan.steps };
      const until = at + tookMs + job.plan.receiptWithinMs;
      job.trace?.becomes("uncertain");
      return this.#apply.to(job, decide.receiptAwaited(job, progress, until, this.#settings, moment));
    }
    const outcome: AttemptOutcome =
      sent.kind === "outcome" ? sent.outcome : { kind: "failed", class: "service", error: sent.error };
    const messageId = sent.kind === "outcome" ? sent.messageId : undefined;
    job.trace?.becomes(outcome.kind === "delivered" ? outcome.kind : outcome.class);
    telemetry.count(outcome.kind === "delivered" ? METRICS.delivered : METRICS.attemptFailed);
    telemetry.called(job, outcome, undefined);
    const call = { content: prepared.content };
    const progress = decide.attempted(job, call, outcome, giveUpAt, at, tookMs, intentId);
    const offered = prepared.content;
    if (outcome.kind === "failed")
      return this.#apply.to(
        job,
        decide.stepAttempted(job, job.plan, progress, outcome, offered, this.#settings, moment),
      );
    const withinMs = receiptWithinMs(channel);
    if (withinMs === undefined || intentId === undefined)
      return this.#apply.to(
        job,
        decide.stepDelivered(job, job.plan, progress, offered, { messageId }, this.#settings, moment),
      );
    return this.#apply.to(job, decide.sent(job, progress, withinMs, this.#settings, moment));
  }

  /** @param now from when it waits, epoch milliseconds. @default the clock's */
  #notSent(
    job: StepJob,
    { content }: PreparedPlan,
    giveUpAt: number,
    sent: { readonly error: string; readonly waitSeconds: number },
    now = this.#ports.clock.now(),
  ): Promise<Ending> {
    const progress = untried(job, giveUpAt);
    const moment = { ...this.#moment(), now };
    return this.#apply.to(job, decide.notSent(job, job.plan, progress, sent, content, this.#settings, moment));
  }

  #notEnabled(job: StepJob, { content }: PreparedPlan, giveUpAt: number, error: string): Promise<Ending> {
    const progress = untried(job, giveUpAt);
    const failed = { class: "not_enabled", error } as const;
    return this.#apply.to(
      job,
      decide.stepFailed(job, job.plan, progress, failed, content, this.#settings, this.#moment()),
    );
  }

  #moment() {
    const { clock } = this.#ports;
    return { now: clock.now(), random: clock.random() };
  }
}

interface Sent {
  /** With its steps as they were written. */
  readonly job: StepJob;
  readonly outcome: SendOutcome;
  readonly intentId: string | undefined;
  /** When it began, epoch milliseconds. */
  readonly at: number;
  readonly tookMs: number;
}

function withWritten(job: StepJob, written: Steps): StepJob {
  const steps = { ...written, revision: written.revision + 1 };
  return { ...job, state: { ...job.state, steps }, plan: { ...job.plan, steps } };
}

/** What admission control learns of it: of the service and of nobody else. */
function outcomeOf(sent: SendOutcome): AttemptOutcome | undefined {
  if (sent.kind === "outcome") return sent.outcome;
  return sent.kind === "uncertain" ? { kind: "failed", class: "service", error: sent.error } : undefined;
}

/** No address that anybody may disable. */
function destinationOf(kind: string): Destination {
  return { origin: `channel ${kind}`, path: "" };
}
