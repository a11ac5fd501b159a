/**
 * What a million messages by a kind of channel cost, besides their confirmation: what the service takes for each, and
 * of those that have no client token what is recorded before they are sent, and their receipts. WhatsApp is not among
 * them: AWS and Meta bill each message by country, and no page has one price.
 */
import type { SentKind } from "../../../core/channels/channel.ts";
import { PRICES_USD } from "../../../core/settings/prices.ts";
import type { Settings } from "../../../core/settings/settings.ts";
import { type Cost, type CostItem, costOf, GB, MILLION } from "../cost-item.ts";

export type PricedKind = Exclude<SentKind, "whatsapp">;

const THOUSAND = 1000;
/** Write units of one record of a row that has steps, which are some 1.5 KB with it. */
const UNITS_A_RECORD = 2;
/** Requests of a standard queue for each message: sent one by one, received and deleted ten at once. */
const QUEUE_REQUESTS = 1.2;
/** Beyond the first of it, a publication to a FIFO topic is billed by its size; a webhook's body has about as much. */
const FIFO_BYTES = 1000;
const isFifo = (arn: string) => arn.endsWith(".fifo");

type Channels = Settings["channels"];

const MAKERS: Readonly<Record<PricedKind, (channels: Channels) => readonly CostItem[]>> = {
  email: () => [
    { item: "Email", of: "mails without attachments", usd: PRICES_USD.perThousandMails * THOUSAND },
    ...named(),
  ],
  sms: ({ sms }) => [
    {
      item: "SMS",
      of: `at most, each at channels.sms.maximumPriceUsd, $${sms.maximumPriceUsd}`,
      usd: sms.maximumPriceUsd * MILLION,
    },
    ...named(),
  ],
  sqs: ({ queueArns }) => [
    queueArns.some(isFifo)
      ? { item: "Queues", of: "sends to FIFO queues", usd: PRICES_USD.perMillionQueueRequests }
      : { item: "Queues", of: "sends to standard queues", usd: PRICES_USD.perMillionStandardQueueRequests },
  ],
  sns: ({ topicArns }) => [
    topicArns.some((arn) => !isFifo(arn))
      ? { item: "Topics", of: "publications", usd: PRICES_USD.perMillionPublications }
      : {
          item: "Topics",
          of: "publications to FIFO topics, and their bytes",
          usd: PRICES_USD.perMillionFifoPublications + ((MILLION * FIFO_BYTES) / GB) * PRICES_USD.perFifoPublicationGb,
        },
  ],
  eventbridge: () => [{ item: "Event buses", of: "events of up to 64 KB", usd: PRICES_USD.perMillionEvents }],
};

/** Of each kind that the settings have and that has a price. */
export function channelCosts({ channels }: Pick<Settings, "channels">): Partial<Record<PricedKind, Cost>> {
  const kinds = channels.kinds.filter((kind) => kind !== "whatsapp");
  return Object.fromEntries(kinds.map((kind) => [kind, costOf(MAKERS[kind](channels))]));
}

/** Of what is named before it is sent, and whose receipt comes. */
function named(): readonly CostItem[] {
  return [
    {
      item: "Table writes",
      of: "what is about to be sent, and its receipt",
      usd: 2 * UNITS_A_RECORD * PRICES_USD.perMillionWrites,
    },
    {
      item: "Receipts",
      of: "a publication, and its way through a queue",
      usd: PRICES_USD.perMillionPublications + QUEUE_REQUESTS * PRICES_USD.perMillionStandardQueueRequests,
    },
  ];
}
