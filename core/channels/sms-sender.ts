/**
 * Sends an SMS: `SendTextMessage` of AWS End User Messaging SMS, once, as it has no token that would make a second call
 * the same as the first. The number is judged and the month's spending counted before anything is sent.
 *
 * @see https://docs.aws.amazon.com/pinpoint/latest/apireference_smsvoicev2/API_SendTextMessage.html
 */
import { type PinpointSMSVoiceV2Client, SendTextMessageCommand } from "@aws-sdk/client-pinpoint-sms-voice-v2";
import { METRICS } from "../settings/names.ts";
import { type Log, logError } from "../telemetry/log-error.ts";
import { addressOf } from "./address-of.ts";
import type { ChannelOf } from "./channel.ts";
import type { ChannelMessage, ChannelSender, SendOutcome } from "./channel-sender.ts";
import { judgeNumber } from "./phone-number.ts";
import { INTENT_TAG } from "./receipt-tag.ts";
import { failedAs, notSent, sent, WAIT_SECONDS } from "./send-outcomes.ts";
import { smsOutcome } from "./sms-outcome.ts";
import type { Spending, SpendingCap } from "./spending-cap.ts";
import { renderMessage } from "./templates/render-message.ts";
import type { Templates } from "./templates/templates.ts";
import { timeLeft } from "./time-left.ts";

/** Seconds for which carriers may try, and what the service takes. */
const TIME_TO_LIVE = { usual: 86_400, least: 5, most: 259_200 } as const;
/** Seconds until what would cost too much is looked at again: the month may have ended, or the setting been raised. */
const CAP_WAIT_SECONDS = 3600;
/** Decimals of a price, at most five. */
const PRICE_DECIMALS = 5;

export interface SmsSenderOptions {
  readonly countries: readonly string[];
  readonly originationIdentity: string;
  readonly configurationSetName: string;
  readonly maximumPriceUsd: number;
  readonly cap: Pick<SpendingCap, "take" | "giveBack">;
  readonly templates: Pick<Templates, "find">;
  /** One attempt a call. */
  readonly client: Pick<PinpointSMSVoiceV2Client, "send">;
  readonly count: (metric: string) => void;
  readonly warn: Log;
}

export class SmsSender implements ChannelSender {
  readonly kind = "sms";
  readonly needsIntent = true;
  readonly #options: SmsSenderOptions;

  constructor(options: SmsSenderOptions) {
    this.#options = options;
  }

  async send(given: ChannelMessage, deadlineMs: number): Promise<SendOutcome> {
    const { countries, templates, client } = this.#options;
    const abortSignal = timeLeft(deadlineMs);
    const message = given as ChannelMessage<ChannelOf<"sms">>;
    const { channel, transaction } = message;
    const to = addressOf(channel.to, transaction);
    if (to === undefined) return failedAs("recipient", `the transaction has no text at ${channel.to}`);
    const judged = judgeNumber(to, countries);
    if (judged.kind === "refused") return failedAs("recipient", judged.why);
    const rendered = await renderMessage<"sms">(templates, message, judged.number);
    if (rendered.kind === "unsent") return rendered.outcome;
    const spending = await this.#take();
    if (!("micros" in spending)) return spending;
    const command = this.#command(message, judged.number, rendered.filled.text);
    try {
      const { MessageId } = await client.send(command, { abortSignal: abortSignal() });
      return sent(MessageId);
    } catch (error) {
      const outcome = smsOutcome(error);
      if (outcome.kind !== "uncertain") await this.#giveBack(spending);
      return outcome;
    }
  }

  async #take(): Promise<Spending | SendOutcome> {
    const { cap, maximumPriceUsd, count } = this.#options;
    try {
      const taken = await cap.take(maximumPriceUsd);
      if (taken !== undefined) return taken;
      count(METRICS.smsOverCap);
      return notSent("SMS would cost more this month than channels.sms.maximumMonthlyUsd allows", CAP_WAIT_SECONDS);
    } catch (error) {
      return notSent(`what SMS cost this month cannot be counted: ${(error as Error).message}`, WAIT_SECONDS.trouble);
    }
  }

  async #giveBack(spending: Spending): Promise<void> {
    const { cap, warn } = this.#options;
    await cap.giveBack(spending).catch((error: unknown) => {
      logError(warn, "an SMS that was not sent stays counted", error);
    });
  }

  #command({ channel, intentId }: ChannelMessage<ChannelOf<"sms">>, to: string, text: string): SendTextMessageCommand {
    const { originationIdentity, configurationSetName, maximumPriceUsd } = this.#options;
    const { usual, least, most } = TIME_TO_LIVE;
    return new SendTextMessageCommand({
      DestinationPhoneNumber: to,
      OriginationIdentity: originationIdentity,
      MessageBody: text,
      MessageType: "TRANSACTIONAL",
      ConfigurationSetName: configurationSetName,
      MaxPrice: priceText(maximumPriceUsd),
      // Later than its receipt may come it would only be the second that the recipient gets.
      TimeToLive: Math.min(most, Math.max(least, channel.receipt?.withinSeconds ?? usual)),
      ...(intentId !== undefined && { Context: { [INTENT_TAG]: intentId } }),
    });
  }
}

/** As the service takes it, `[0-9]{0,2}\.[0-9]{1,5}`. */
function priceText(usd: number): string {
  return usd.toFixed(PRICE_DECIMALS);
}
