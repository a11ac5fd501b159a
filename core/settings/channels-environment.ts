/**
 * Environment of whatever sends by channels, or judges them: the worker, `confirmation-transactions`, the API. Written
 * only where the settings have a kind of channel; a program without it has webhooks and nothing else.
 */
import { ON_UNCERTAIN, SENT_KINDS } from "../channels/channel.ts";
import { declareEnvironment } from "./environment.ts";
import { anyText, decimal, oneOf, seconds, textList, wordList } from "./variable-kinds.ts";

const KINDS = "CHANNEL_KINDS";

const asked = declareEnvironment("its channels", { kinds: textList(KINDS, []) });

export const channelsEnvironment = declareEnvironment("its channels", {
  kinds: wordList(KINDS, SENT_KINDS),
  /** Of SES and of SMS, which have one of that name each; it is how receipts come. */
  configurationSet: anyText("CHANNEL_CONFIGURATION_SET"),
  /** Empty without email, as the next ones are without their kinds. */
  emailFrom: anyText("EMAIL_FROM"),
  sms: {
    countries: textList("SMS_COUNTRIES"),
    originationIdentity: anyText("SMS_ORIGINATION_IDENTITY"),
    maximumPriceUsd: decimal("SMS_MAXIMUM_PRICE_USD", { min: 0, max: 10 }),
    maximumMonthlyUsd: decimal("SMS_MAXIMUM_MONTHLY_USD", { min: 0, max: 1_000_000 }),
  },
  whatsapp: { phoneNumberId: anyText("WHATSAPP_PHONE_NUMBER_ID") },
  onUncertain: oneOf("CHANNEL_ON_UNCERTAIN", ON_UNCERTAIN),
  receiptWithinMs: seconds("CHANNEL_RECEIPT_WITHIN_SECONDS", 1),
});

export type ChannelsEnvironment = ReturnType<typeof channelsEnvironment.read>;

/**
 * @param environment the process's own unless told otherwise
 * @returns undefined where no kind of channel is configured
 * @throws EnvironmentError that names every variable that is missing or wrong
 */
export function readChannels(environment?: NodeJS.ProcessEnv): ChannelsEnvironment | undefined {
  return asked.read(environment).kinds.length === 0 ? undefined : channelsEnvironment.read(environment);
}
