/**
 * Sends a WhatsApp message: `SendWhatsAppMessage` of AWS End User Messaging Social, once. What is sent is a template
 * that WhatsApp approved, with its parameters, and nothing else: text of our own may only reply to what the recipient
 * wrote in the last 24 hours.
 *
 * @see https://docs.aws.amazon.com/social-messaging/latest/APIReference/API_SendWhatsAppMessage.html
 */
import { SendWhatsAppMessageCommand, type SocialMessagingClient } from "@aws-sdk/client-socialmessaging";
import { addressOf } from "./address-of.ts";
import type { ChannelOf } from "./channel.ts";
import type { ChannelMessage, ChannelSender, SendOutcome } from "./channel-sender.ts";
import { judgeNumber } from "./phone-number.ts";
import { failedAs, sent } from "./send-outcomes.ts";
import { renderMessage } from "./templates/render-message.ts";
import type { Templates } from "./templates/templates.ts";
import { timeLeft } from "./time-left.ts";
import { whatsappOutcome } from "./whatsapp-outcome.ts";

/** Of Meta's API, one that AWS takes (AWS General Reference, "AWS End User Messaging Social endpoints and quotas"). */
export const META_API_VERSION = "v20.0";

export interface WhatsAppSenderOptions {
  readonly phoneNumberId: string;
  readonly templates: Pick<Templates, "find">;
  /** One attempt a call. */
  readonly client: Pick<SocialMessagingClient, "send">;
}

export class WhatsAppSender implements ChannelSender {
  readonly kind = "whatsapp";
  readonly needsIntent = true;
  readonly #options: WhatsAppSenderOptions;

  constructor(options: WhatsAppSenderOptions) {
    this.#options = options;
  }

  async send(given: ChannelMessage, deadlineMs: number): Promise<SendOutcome> {
    const { phoneNumberId, templates, client } = this.#options;
    const abortSignal = timeLeft(deadlineMs);
    const message = given as ChannelMessage<ChannelOf<"whatsapp">>;
    const { channel, transaction } = message;
    const to = addressOf(channel.to, transaction);
    if (to === undefined) return failedAs("recipient", `the transaction has no text at ${channel.to}`);
    const judged = judgeNumber(to, []);
    if (judged.kind === "refused") return failedAs("recipient", judged.why);
    const rendered = await renderMessage<"whatsapp">(templates, message, judged.number);
    if (rendered.kind === "unsent") return rendered.outcome;
    const { parameters } = rendered.filled;
    const body = whatsappMessage(message, { to: judged.number, language: rendered.language, parameters });
    try {
      const { messageId } = await client.send(
        new SendWhatsAppMessageCommand({
          originationPhoneNumberId: phoneNumberId,
          metaApiVersion: META_API_VERSION,
          message: Buffer.from(JSON.stringify(body)),
        }),
        { abortSignal: abortSignal() },
      );
      return sent(messageId);
    } catch (error) {
      return whatsappOutcome(error);
    }
  }
}

interface Filled {
  readonly to: string;
  /** BCP 47. */
  readonly language: string;
  readonly parameters: readonly string[];
}

/** @see https://developers.facebook.com/docs/whatsapp/cloud-api/reference/messages */
function whatsappMessage(
  { channel, intentId }: ChannelMessage<ChannelOf<"whatsapp">>,
  { to, language, parameters }: Filled,
): object {
  return {
    messaging_product: "whatsapp",
    recipient_type: "individual",
    to,
    type: "template",
    template: {
      name: channel.template,
      // WhatsApp spells BCP 47 with an underscore.
      language: { code: language.replaceAll("-", "_") },
      ...(parameters.length > 0 && {
        components: [{ type: "body", parameters: parameters.map((text) => ({ type: "text", text })) }],
      }),
    },
    ...(intentId !== undefined && { biz_opaque_callback_data: intentId }),
  };
}
