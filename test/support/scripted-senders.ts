/** What sends by channels, as a test tells it; what was sent, in order. */
import type { SentKind } from "../../core/channels/channel.ts";
import type { ChannelMessage, SendOutcome } from "../../core/channels/channel-sender.ts";
import type { ChannelsPort } from "../../core/confirmation/ports.ts";

export const SENT: SendOutcome = {
  kind: "outcome",
  outcome: { kind: "delivered", status: 200 },
  messageId: "of-the-service",
};

export class ScriptedSenders implements ChannelsPort {
  readonly onUncertain: ChannelsPort["onUncertain"] = "send again";
  readonly receiptWithinMs = 300_000;
  readonly sent: ChannelMessage[] = [];
  /** Kinds that the settings have. */
  kinds: readonly SentKind[] = ["email", "sms", "sqs"];
  /** What comes of a message; each test may change it. */
  respond: (message: ChannelMessage) => SendOutcome | Promise<SendOutcome> = () => SENT;

  async of(kind: SentKind) {
    if (!this.kinds.includes(kind)) return undefined;
    return {
      kind,
      needsIntent: kind !== "sqs",
      send: async (message: ChannelMessage) => {
        this.sent.push(message);
        return this.respond(message);
      },
    };
  }

  /** Ids of the channels, in the order in which they were used. */
  get channels(): readonly string[] {
    return this.sent.map(({ channel }) => channel.id);
  }
}
