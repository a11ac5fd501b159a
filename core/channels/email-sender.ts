/**
 * Sends a message by mail: `SendEmail` of Amazon SES, once. SES takes no token that would make a second call the same
 * as the first, so nothing is tried again here: how a call ended is told by whose fault it was, and what nobody knows
 * is told as uncertain.
 *
 * @see https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html
 */
import { SendEmailCommand, type SendEmailCommandInput, SESv2Client } from "@aws-sdk/client-sesv2";
import { boundedClient } from "../aws/bounded-client.ts";
import { ONCE } from "../aws/call-limits.ts";
import type { ChannelOf } from "./channel.ts";
import type { ChannelMessage, ChannelSender, SendOutcome } from "./channel-sender.ts";
import { addressOf } from "./address-of.ts";
import { asciiAddress } from "./email-address.ts";
import { asciiSender } from "./mail-sender.ts";
import { INTENT_TAG } from "./receipt-tag.ts";
import { failedAs, sent } from "./send-outcomes.ts";
import type { SenderParts } from "./sender-parts.ts";
import { sesOutcome } from "./ses-outcome.ts";
import { renderMessage } from "./templates/render-message.ts";
import type { FilledTemplate } from "./templates/render-template.ts";
import { storedTemplates } from "./templates/stored-templates.ts";
import type { Templates } from "./templates/templates.ts";
import { timeLeft } from "./time-left.ts";

/** Of what the settings say. */
export function emailSender(parts: SenderParts): EmailSender {
  const { emailFrom, configurationSet } = parts.channels;
  return new EmailSender({
    from: asciiSender(emailFrom),
    configurationSetName: configurationSet,
    templates: storedTemplates(parts),
    makeClient: () => boundedClient(SESv2Client, { ...parts.limits, ...ONCE }),
  });
}

const UTF_8 = "UTF-8";
const NO_ADDRESS =
  "the address is none that a mail can be sent to: one address without a name, ASCII before its @, a domain after it";

export interface EmailSenderOptions {
  /** An address, or `Name <address>`, of an identity that SES has verified, as `asciiSender` has it. */
  readonly from: string;
  /** Publishes the events that are receipts. @default none, and no receipts */
  readonly configurationSetName?: string | undefined;
  readonly templates: Pick<Templates, "find">;
  /** Called at the first mail. One attempt a call, on a connection of its own: `ONCE`. */
  readonly makeClient: () => Pick<SESv2Client, "send">;
}

export class EmailSender implements ChannelSender {
  readonly kind = "email";
  readonly needsIntent = true;
  readonly #options: EmailSenderOptions;
  #client: Pick<SESv2Client, "send"> | undefined;

  constructor(options: EmailSenderOptions) {
    this.#options = options;
  }

  async send(given: ChannelMessage, deadlineMs: number): Promise<SendOutcome> {
    const abortSignal = timeLeft(deadlineMs);
    const message = given as ChannelMessage<ChannelOf<"email">>;
    const { channel, transaction } = message;
    const to = addressOf(channel.to, transaction);
    if (to === undefined) return failedAs("recipient", `the transaction has no text at ${channel.to}`);
    const address = asciiAddress(to);
    if (address === undefined) return failedAs("recipient", NO_ADDRESS);
    const rendered = await renderMessage<"email">(this.#options.templates, message, to);
    if (rendered.kind === "unsent") return rendered.outcome;
    const input = this.#inputOf(message, address, rendered.filled);
    try {
      this.#client ??= this.#options.makeClient();
      const { MessageId } = await this.#client.send(new SendEmailCommand(input), { abortSignal: abortSignal() });
      return sent(MessageId);
    } catch (error) {
      return sesOutcome(error);
    }
  }

  #inputOf(
    { intentId }: ChannelMessage,
    to: string,
    { subject, text, html }: Extract<FilledTemplate, { readonly kind: "email" }>,
  ): SendEmailCommandInput {
    const { from, configurationSetName } = this.#options;
    return {
      FromEmailAddress: from,
      Destination: { ToAddresses: [to] },
      Content: {
        Simple: {
          Subject: { Data: subject, Charset: UTF_8 },
          Body: {
            Text: { Data: text, Charset: UTF_8 },
            ...(html !== undefined && { Html: { Data: html, Charset: UTF_8 } }),
          },
        },
      },
      ...(intentId !== undefined && { EmailTags: [{ Name: INTENT_TAG, Value: intentId }] }),
      ...(configurationSetName !== undefined && { ConfigurationSetName: configurationSetName }),
    };
  }
}
