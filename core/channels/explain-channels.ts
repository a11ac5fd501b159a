/** Of each channel of a recipient, whether a transaction is sent by it, and why: what `chooseChannel` chose, told. */
import type { Channel, ChannelKind, ChannelPlan } from "./channel.ts";
import { chooseChannel, type ChannelChoice, type ChannelsInQuestion } from "./choose-channel.ts";
import { judgeChannel } from "./judge-channel.ts";

/**
 * `used` now, `waited for`; `delivered`, `failed` and `skipped` are recorded; `left out` for good, `passed over` for
 * now; `not reached`: its turn has not come, and perhaps never does.
 */
export const CHANNEL_STATES = [
  "used",
  "waited for",
  "delivered",
  "failed",
  "skipped",
  "left out",
  "passed over",
  "not reached",
] as const;

export interface ExplainedChannel {
  readonly id: string;
  readonly kind: ChannelKind;
  readonly state: (typeof CHANNEL_STATES)[number];
  /** For a person. */
  readonly why: string;
}

export interface ChannelExplanation {
  readonly kind: ChannelChoice["kind"];
  readonly plan: ChannelPlan;
  readonly why: string;
  /** Id of the one that is used. */
  readonly channel?: string;
  /** Epoch milliseconds at which it is chosen anew. */
  readonly until?: number;
  readonly channels: readonly ExplainedChannel[];
}

/** What a recipient without channels has. */
export const ONLY_WEBHOOK: readonly Channel[] = [{ id: "webhook", kind: "webhook" }];

export function explainChannels(question: ChannelsInQuestion): ChannelExplanation {
  const choice = chooseChannel(question);
  return {
    kind: choice.kind,
    plan: question.plan,
    why: choice.why,
    ...(choice.kind === "use" && { channel: choice.channel.id }),
    ...(choice.kind === "wait" && { until: choice.until }),
    channels: question.channels.map((channel) => ({
      id: channel.id,
      kind: channel.kind,
      ...stateOf(channel, choice, question),
    })),
  };
}

function stateOf(
  channel: Channel,
  choice: ChannelChoice,
  question: ChannelsInQuestion,
): Pick<ExplainedChannel, "state" | "why"> {
  const { id } = channel;
  const done = question.steps?.done.find((step) => step.channel === id);
  if (done !== undefined) return { state: done.result, why: done.error ?? `it ${done.result}` };
  if (choice.kind === "use" && choice.channel.id === id) return { state: "used", why: choice.why };
  if (choice.kind === "wait" && choice.channel === id) return { state: "waited for", why: choice.why };
  const skipped = choice.skipped.find((one) => one.channel === id);
  if (skipped !== undefined) return { state: skipped.isFinal ? "left out" : "passed over", why: skipped.why };
  const verdict = judgeChannel({ ...question, channel });
  if (choice.kind === "none" || verdict.kind === "usable") return { state: "not reached", why: notReached(choice) };
  return { state: "not reached", why: `${notReached(choice)}; as things are, ${verdict.why}` };
}

function notReached(choice: ChannelChoice): string {
  if (choice.kind === "none") return choice.why;
  const before = choice.kind === "use" ? choice.channel.id : choice.channel;
  return `${before} comes first`;
}
