/**
 * What decisions are handed of a recipient with channels: what is done of its plan, the channel that is on, and what
 * would come after it. Pure, as all of it follows from rows that were read.
 */
import type { Channel, ChannelPlan, OnUncertain } from "../../channels/channel.ts";
import type { ChannelChoice, SkippedChannel } from "../../channels/choose-channel.ts";
import type { CurrentStep, StepRecord, Steps } from "../../channels/steps.ts";

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
  const { version, plan, revision, done, current } = steps;
  const kept = { version, plan, revision, done: [...done, ...records] };
  return isGone || current === undefined ? kept : { ...kept, current };
}

/** The same with a channel on: goes on as it is where it was. */
export function begun(steps: Steps, { channel, why }: { channel: Channel; why: string }, from: number): Steps {
  return {
    ...steps,
    current: steps.current?.channel === channel.id ? steps.current : { channel: channel.id, why, from },
  };
}

/** The same with something else known of the channel that is on. */
export function withCurrent(steps: Steps, changes: Partial<Pick<CurrentStep, "intent" | "result">>): Steps {
  const { current } = steps;
  if (current === undefined) return steps;
  const { channel, why, from } = current;
  return { ...steps, current: { channel, why, from, ...changes } };
}

/** The step is done, and no channel is on. */
export function ended({ version, plan, revision, done }: Steps, record: StepRecord): Steps {
  return { version, plan, revision, done: [...done.filter(({ channel }) => channel !== record.channel), record] };
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
