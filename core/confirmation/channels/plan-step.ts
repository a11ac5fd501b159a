/**
 * What decisions are handed of a recipient with channels: what is done of its plan, the channel that is on, and what
 * would come after it. Pure, as all of it follows from rows that were read.
 */
import type { Channel, ChannelPlan, OnUncertain } from "../../channels/channel.ts";
import type { ChannelChoice, SkippedChannel } from "../../channels/choose-channel.ts";
import type { CurrentStep, PassedOver, StepRecord, Steps } from "../../channels/steps.ts";

/** The plan, before or after a channel was chosen. */
export interface Plan {
  readonly kind: ChannelPlan;
  readonly channels: readonly Channel[];
  /** By which channel it goes on once these are its steps. */
  readonly choose: (steps: Steps) => ChannelChoice;
  /** Of channels that say nothing else. */
  readonly onUncertain: OnUncertain;
  /** Milliseconds after which nobody will say any more whether a message was sent. */
  readonly receiptWithinMs: number;
  /** Of the recipient; undefined where the pipeline's holds. */
  readonly retryScheduleSeconds: readonly number[] | undefined;
}

export interface PlanStep extends Plan {
  readonly channel: Channel;
  /** With the channel that is on as `current`. */
  readonly steps: Steps;
}

/** None done yet. */
export function noSteps(version: number, plan: ChannelPlan): Steps {
  return { version, plan, revision: 0, done: [] };
}

/** With those that are left out for good. @param now epoch milliseconds */
export function withSkipped(steps: Steps, skipped: readonly SkippedChannel[], now: number): Steps {
  const records = skipped
    .filter(({ isFinal }) => isFinal)
    .map(({ channel, why }): StepRecord => ({ channel, result: "skipped", at: now, attempts: 0, error: why }));
  if (records.length === 0) return steps;
  const isGone = steps.current !== undefined && records.some(({ channel }) => channel === steps.current?.channel);
  const { done } = steps;
  return { ...(isGone ? withoutCurrent(steps) : steps), done: [...done, ...records] };
}

/** The same with a channel on: goes on as it is where it was. */
export function begun(steps: Steps, { channel, why }: { channel: Channel; why: string }, attemptCount: number): Steps {
  if (steps.current?.channel === channel.id) return steps;
  const before = steps.passedOver?.find((one) => one.channel === channel.id);
  const current = { channel: channel.id, why, from: attemptCount - (before?.attempts ?? 0) };
  return { ...withPassedOver(steps, channel.id), current };
}

/** The same with something else known of the channel that is on. */
export function withCurrent(
  steps: Steps,
  changes: Partial<Pick<CurrentStep, "intent" | "result" | "keptSince">>,
): Steps {
  const { current } = steps;
  if (current === undefined) return steps;
  const { channel, why, from } = current;
  return { ...steps, current: { channel, why, from, ...changes } };
}

/** The step is done, and no channel is on. */
export function ended(steps: Steps, record: StepRecord): Steps {
  const others = steps.done.filter(({ channel }) => channel !== record.channel);
  return { ...withoutCurrent(withPassedOver(steps, record.channel)), done: [...others, record] };
}

/** No channel is on: the one that was is looked at again later. */
export function passedOver(steps: Steps, one: PassedOver): Steps {
  return withoutCurrent(withPassedOver(steps, one.channel, one));
}

function withPassedOver({ passedOver: before = [], ...steps }: Steps, channel: string, now?: PassedOver): Steps {
  const others = before.filter((one) => one.channel !== channel);
  const all = now === undefined ? others : [...others, now];
  return all.length === 0 ? steps : { ...steps, passedOver: all };
}

function withoutCurrent(steps: Steps): Steps {
  const { current: _, ...others } = steps;
  return others;
}

/** Seconds between attempts on one channel. */
export function scheduleOf({ channel, retryScheduleSeconds }: PlanStep, ours: readonly number[]): readonly number[] {
  return channel.retryScheduleSeconds ?? retryScheduleSeconds ?? ours;
}

/** Whether receipts say that it was delivered, and for how long they are waited for, in milliseconds. */
export function receiptWithinMs(channel: Channel): number | undefined {
  return "receipt" in channel && channel.receipt !== undefined ? channel.receipt.withinSeconds * 1000 : undefined;
}

export function onUncertainOf({ channel, onUncertain }: PlanStep): OnUncertain {
  return ("onUncertain" in channel ? channel.onUncertain : undefined) ?? onUncertain;
}
