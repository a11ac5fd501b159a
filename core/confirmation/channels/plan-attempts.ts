/**
 * One message of a recipient with channels: what is known of the channel that is on, else the next one is chosen; then
 * its attempt, by a webhook on the path of all others, by another kind through its sender.
 *
 *   underway ──► due? ──► choose ──► webhook: admission, call, decide        (`merchant-attempts.ts`)
 *                                └─► another: admission, intent, send, decide (`channel-send.ts`)
 */
import { channelHealthId, channelsAskedAbout } from "../../channels/channel-health.ts";
import type { OnUncertain } from "../../channels/channel.ts";
import { chooseChannel } from "../../channels/choose-channel.ts";
import { planInForce, type Steps } from "../../channels/steps.ts";
import type { PreparedCall, PreparedPlan } from "../../delivery/prepare.ts";
import type { CircuitState } from "../../merchant/merchant-health.ts";
import type { Apply } from "../apply/apply.ts";
import { giveUpAtOf } from "../decide/before-call.ts";
import { decide } from "../decide/decide.ts";
import { untried } from "../decide/progress-after.ts";
import type { Ending, Job, StepJob } from "../job.ts";
import type { Ports } from "../ports.ts";
import type { ConfirmationSettings } from "../settings.ts";
import { ChannelSend } from "./channel-send.ts";
import { begun, noSteps, type Plan, withSkipped } from "./plan-step.ts";

/** Where no kind but webhooks is deployed, nothing is ever uncertain. */
const NO_CHANNELS = { onUncertain: "send again", receiptWithinMs: 0 } as const satisfies {
  onUncertain: OnUncertain;
  receiptWithinMs: number;
};

export class PlanAttempts {
  readonly #ports: Ports;
  readonly #settings: ConfirmationSettings;
  readonly #apply: Apply;
  readonly #webhook: (job: Job, call: PreparedCall, giveUpAt: number) => Promise<Ending>;
  readonly #send: ChannelSend;

  /** @param webhook makes the attempt of one */
  constructor(
    ports: Ports,
    settings: ConfirmationSettings,
    apply: Apply,
    webhook: (job: Job, call: PreparedCall, giveUpAt: number) => Promise<Ending>,
  ) {
    this.#ports = ports;
    this.#settings = settings;
    this.#apply = apply;
    this.#webhook = webhook;
    this.#send = new ChannelSend(ports, settings, apply);
  }

  /** @throws when nothing could be learnt of the health of a channel that a condition names */
  async make(given: Job, prepared: PreparedPlan): Promise<Ending> {
    const { queue, clock } = this.#ports;
    const settings = this.#settings;
    const at = clock.now();
    const giveUpAt = prepared.deliverBy ?? given.state.giveUpAt ?? giveUpAtOf(given, at, settings);
    // A wrong clock must not say that anybody's time is over.
    const stopped = queue.isStopping() ? decide.beforeCall(given, giveUpAt, at, true) : undefined;
    if (stopped !== undefined) return this.#apply.to(given, stopped);
    const circuits = await this.#circuitsOf(prepared);
    const moment = { now: clock.now(), random: clock.random() };
    const plan = this.#planOf(given, prepared, circuits, moment.now);
    const underway = this.#underway(given, plan, prepared, giveUpAt, moment);
    if (underway?.kind === "effect") return this.#apply.to({ ...given, plan: underway.plan }, underway.effect);
    const job = underway === undefined ? given : { ...given, state: underway.state };
    const early = decide.beforeCall(job, giveUpAt, moment.now, false);
    if (early !== undefined) return this.#apply.to(job, early);

    const steps = stepsIn(job, plan);
    const choice = plan.choose(steps);
    if (choice.kind !== "use") {
      const known = untried(job, giveUpAt);
      return this.#apply.to(job, decide.choice(job, plan, known, steps, choice, prepared.content, settings, moment));
    }
    const { channel } = choice;
    const on = begun(withSkipped(steps, choice.skipped, moment.now), choice, job.state.attemptCount);
    const stepJob: StepJob = { ...job, plan: { ...plan, channel, steps: on } };
    if (channel.kind !== "webhook") return this.#send.make(stepJob, prepared, giveUpAt);
    const call = prepared.webhookTo(channel.url);
    if (!("code" in call)) return this.#webhook(stepJob, call, giveUpAt);
    const failed = { class: "recipient", error: call.reason } as const;
    const { content } = prepared;
    return this.#apply.to(
      stepJob,
      decide.stepFailed(stepJob, stepJob.plan, untried(stepJob, giveUpAt), failed, content, settings, moment),
    );
  }

  #underway(
    job: Job,
    plan: Plan,
    { content, merchant }: PreparedPlan,
    giveUpAt: number,
    moment: { now: number; random: number },
  ) {
    const steps = stepsIn(job, plan);
    const { current } = steps;
    if (current === undefined) return undefined;
    const known = plan.channels.find(({ id }) => id === current.channel);
    // Of one that was taken away its name alone is left.
    const channel = known ?? { id: current.channel, kind: "webhook" as const };
    const withinSeconds = merchant.acknowledgement?.withinSeconds;
    const step = { ...plan, channel, steps, isTakenAway: known === undefined };
    const underway = decide.underway(job, step, giveUpAt, content, withinSeconds, this.#settings, moment);
    return underway && { ...underway, plan: step };
  }

  #planOf(
    { state }: Job,
    { channels, plan, transaction, merchant }: PreparedPlan,
    circuits: ReadonlyMap<string, CircuitState>,
    now: number,
  ): Plan {
    const kind = planInForce(state.steps, plan);
    const { onUncertain, receiptWithinMs } = this.#ports.channels ?? NO_CHANNELS;
    const healthOf = (id: string) => circuits.get(id) ?? "closed";
    return {
      kind,
      channels,
      onUncertain,
      receiptWithinMs,
      retryScheduleSeconds: merchant.retryScheduleSeconds,
      choose: (steps) => chooseChannel({ channels, plan: kind, transaction, steps, healthOf, now }),
    };
  }

  /** Of channels that conditions name; nobody else's is read. */
  async #circuitsOf({ channels, merchant }: PreparedPlan): Promise<ReadonlyMap<string, CircuitState>> {
    const asked = channelsAskedAbout(channels);
    if (asked.length === 0) return NO_CIRCUITS;
    const known = await Promise.all(
      asked.map(async (channel) => {
        const { circuit } = await this.#ports.merchants.healthOf(channelHealthId(merchant.merchantId, channel));
        return [channel.id, circuit] as const;
      }),
    );
    return new Map(known);
  }
}

const NO_CIRCUITS: ReadonlyMap<string, CircuitState> = new Map();

function stepsIn({ state, target }: Job, { kind }: Plan): Steps {
  return state.steps === undefined ? noSteps(target.version, kind) : { ...state.steps, plan: kind };
}
