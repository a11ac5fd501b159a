/**
 * By which of its channels a recipient is told of a transaction now. Pure; asked before each attempt. What is recorded
 * in `steps` is never done again, and the channel that is on goes on until its step is recorded.
 *
 *   fallback  the first that may be used. One whose hours are not now, whose condition of health does not hold, or that
 *             is kept back, is passed over and looked at again once those after it have failed; where nothing else is
 *             left, it is waited for
 *   all       one after the other: hours are waited for, what does not apply is left out
 */
import type { Channel, ChannelPlan } from "./channel.ts";
import {
  type ChannelVerdict,
  type ConditionedTransaction,
  type HealthOf,
  judgeChannel,
  whyUnwanted,
} from "./judge-channel.ts";
import type { Steps } from "./steps.ts";

/** Milliseconds after which the health of a channel is looked at again that nothing else is left but to wait for. */
export const LOOK_AGAIN_MS = 300_000;
export const TAKEN_AWAY = "it is no longer among the recipient's channels";
const SENT = `${TAKEN_AWAY}, and a message was sent, or may have been`;

export interface SkippedChannel {
  /** Its id. */
  readonly channel: string;
  /** For a person. */
  readonly why: string;
  /** To be recorded as skipped; else it is only passed over for now. */
  readonly isFinal: boolean;
}

export type ChannelChoice =
  | {
      readonly kind: "use";
      readonly channel: Channel;
      readonly why: string;
      readonly skipped: readonly SkippedChannel[];
    }
  | {
      readonly kind: "wait";
      /** Id of what is waited for. */
      readonly channel: string;
      /** Epoch milliseconds at which it is chosen anew. */
      readonly until: number;
      readonly why: string;
      readonly skipped: readonly SkippedChannel[];
    }
  /** Each is done, or may not be used. */
  | { readonly kind: "none"; readonly why: string; readonly skipped: readonly SkippedChannel[] };

export interface ChannelsInQuestion {
  readonly channels: readonly Channel[];
  readonly plan: ChannelPlan;
  readonly transaction: ConditionedTransaction;
  /** Of the transaction's own version. @default nothing was done */
  readonly steps: Steps | undefined;
  readonly healthOf: HealthOf;
  /** Epoch milliseconds. */
  readonly now: number;
}

export function chooseChannel(question: ChannelsInQuestion): ChannelChoice {
  const { channels, plan, steps, now } = question;
  const ended = planEnd(plan, steps);
  if (ended !== undefined) return { kind: "none", why: ended, skipped: [] };
  const skipped: SkippedChannel[] = [];
  const goesOn = currentChannel(question, skipped);
  if (goesOn !== undefined) return goesOn;

  const done = new Set([...(steps?.done ?? []), ...skipped].map(({ channel }) => channel));
  let soonest: AwaitedChannel | undefined;
  for (const channel of channels) {
    if (done.has(channel.id)) continue;
    const verdict = unlessPassedOver(judgeChannel({ ...question, channel }), channel, question);
    if (verdict.kind === "usable")
      return { kind: "use", channel, why: whyUsed(channel, verdict.why, skipped), skipped };
    if (verdict.kind === "later" && plan === "all") return waiting(awaited(channel, verdict, now), skipped);
    const isFinal = verdict.kind === "never" || plan === "all";
    skipped.push({ channel: channel.id, why: verdict.why, isFinal });
    if (isFinal) continue;
    const next = awaited(channel, verdict, now);
    if (soonest === undefined || next.until < soonest.until) soonest = next;
  }
  return soonest === undefined ? { kind: "none", why: whyNone(skipped), skipped } : waiting(soonest, skipped);
}

/** One that was kept back lately is left to those after it until its time is over. */
function unlessPassedOver(
  verdict: ChannelVerdict,
  { id }: Channel,
  { steps, now }: Pick<ChannelsInQuestion, "steps" | "now">,
): ChannelVerdict {
  const one = steps?.passedOver?.find(({ channel, until }) => channel === id && until > now);
  return verdict.kind === "usable" && one !== undefined ? { kind: "later", until: one.until, why: one.why } : verdict;
}

/** Why there is nothing more to do, whatever channels there are. */
function planEnd(plan: ChannelPlan, steps: Steps | undefined): string | undefined {
  const result = plan === "all" ? "failed" : "delivered";
  const step = steps?.done.find((one) => one.result === result);
  if (step === undefined) return undefined;
  return plan === "all"
    ? `${step.channel} failed, and each must deliver`
    : `${step.channel} delivered, and one that delivers is enough`;
}

/** @param skipped gets the channel that was on, where it is not to go on */
function currentChannel(
  { channels, transaction, steps, now }: ChannelsInQuestion,
  skipped: SkippedChannel[],
): ChannelChoice | undefined {
  const current = steps?.current;
  if (current === undefined || steps?.done.some(({ channel }) => channel === current.channel)) return undefined;
  const channel = channels.find(({ id }) => id === current.channel);
  // What may have been sent already is waited for, whatever has changed since.
  if (current.intent !== undefined)
    return channel === undefined
      ? waiting({ channel: current.channel, until: Math.max(now, current.intent.at + LOOK_AGAIN_MS), why: SENT }, [])
      : { kind: "use", channel, why: current.why, skipped: [] };
  const ended = channel === undefined ? TAKEN_AWAY : whyUnwanted(channel);
  if (channel === undefined || ended !== undefined) {
    skipped.push({ channel: current.channel, why: ended ?? "", isFinal: true });
    return undefined;
  }
  // Of its conditions the hours alone hold for each attempt.
  const verdict = judgeChannel({ channel: hoursOnly(channel), transaction, healthOf: () => "closed", now });
  if (verdict.kind === "later") return waiting(awaited(channel, verdict, now), []);
  return { kind: "use", channel, why: current.why, skipped: [] };
}

function hoursOnly(channel: Channel): Channel {
  const { hours, consent } = channel.when ?? {};
  return { ...channel, when: { ...(hours !== undefined && { hours }), ...(consent !== undefined && { consent }) } };
}

interface AwaitedChannel {
  /** Id of the channel. */
  readonly channel: string;
  readonly until: number;
  readonly why: string;
}

function awaited(
  { id }: Channel,
  verdict: ChannelVerdict & { kind: "later" | "not now" },
  now: number,
): AwaitedChannel {
  return { channel: id, until: verdict.kind === "later" ? verdict.until : now + LOOK_AGAIN_MS, why: verdict.why };
}

/** @param skipped what is waited for is none of them */
function waiting({ channel, until, why }: AwaitedChannel, skipped: readonly SkippedChannel[]): ChannelChoice {
  const others = skipped.filter((one) => one.channel !== channel);
  return { kind: "wait", channel, until, why: `${channel} is waited for: ${why}`, skipped: others };
}

function whyUsed({ id }: Channel, why: string, skipped: readonly SkippedChannel[]): string {
  const passed = skipped.filter(({ isFinal }) => !isFinal).map((one) => `${one.channel}: ${one.why}`);
  return `${id}: ${why}${passed.length === 0 ? "" : ` (passed over: ${passed.join("; ")})`}`;
}

function whyNone(skipped: readonly SkippedChannel[]): string {
  if (skipped.length === 0) return "each of the channels is done";
  return `no channel may be used: ${skipped.map(({ channel, why }) => `${channel}: ${why}`).join("; ")}`;
}
