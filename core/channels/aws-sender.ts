/** Sends the webhook's body by a service of AWS to which a second message does no harm: one attempt a call. */
import { awsOutcome, type AwsFaults } from "./aws-outcome.ts";
import type { ChannelOf, SentKind } from "./channel.ts";
import type { ChannelMessage, ChannelSender, SendOutcome } from "./channel-sender.ts";

export interface AwsSenderOptions<Kind extends SentKind> {
  readonly kind: Kind;
  readonly faults: AwsFaults;
  /** May reject with what the client throws. */
  readonly send: (message: ChannelMessage<ChannelOf<Kind>>, abortSignal: AbortSignal) => Promise<SendOutcome>;
}

export function awsSender<Kind extends SentKind>({ kind, faults, send }: AwsSenderOptions<Kind>): ChannelSender {
  return {
    kind,
    needsIntent: false,
    send: async (message, deadlineMs) => {
      try {
        const plain = { ...message, body: withoutNonCharacters(message.body) };
        return await send(plain as ChannelMessage<ChannelOf<Kind>>, AbortSignal.timeout(deadlineMs));
      } catch (error) {
        return awsOutcome(error, faults);
      }
    },
  };
}

/** What XML has no place for, and SQS refuses (SQS API Reference, `SendMessage`): JSON has another way to write it. */
const NON_CHARACTERS = /[\uFFFE\uFFFF]/g;

function withoutNonCharacters(json: string): string {
  return json.replaceAll(NON_CHARACTERS, (character) => `\\u${character.charCodeAt(0).toString(16)}`);
}
