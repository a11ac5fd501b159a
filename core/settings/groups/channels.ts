/** Which channels beside webhooks recipients may have, what is sent from, to where it may go, and what it may cost. */
import { z } from "zod";
import { ON_UNCERTAIN, SENT_KINDS } from "../../channels/channel.ts";
import { settingTexts, wholeNumber } from "../setting.ts";

const CHANNELS = { "operating/channels.md": "channels" };
const IDENTITIES = { "operating/channels.md#before-the-first-message": "before the first message" };
const COSTS = { "operating/channels.md#what-it-costs": "what it costs" };

/** `partition`, region, account, then what the service has. */
const arn = (service: string, resource: string) =>
  new RegExp(`^arn:aws[a-z-]*:${service}:[a-z]{2}(?:-[a-z]+)+-\\d:\\d{12}:${resource}$`);
const arns = (service: string, resource: string, such: string) =>
  z.array(z.string().regex(arn(service, resource), `expected an ARN such as ${such}`)).max(100);

/** `a@b.example`, or with a name in front. */
const SENDER = /^(?:[^<>"\r\n]{1,64} <([^\s@<>]+@[^\s@<>]+\.[^\s@<>]+)>|([^\s@<>]+@[^\s@<>]+\.[^\s@<>]+))$/;

const smsSettings = z.strictObject({
  countries: z
    .array(z.string().regex(/^[A-Z]{2}$/, "expected a country such as MX (ISO 3166-1)"))
    .max(250)
    .default([])
    .register(settingTexts, {
      description:
        "Countries whose numbers get messages. A number of another country is refused before anything is sent, " +
        "which bounds what SMS pumping can cost.",
      range: "a list of codes of two letters (ISO 3166-1)",
      see: CHANNELS,
    }),
  originationIdentity: z
    .string()
    .regex(
      arn("sms-voice", "(?:phone-number|pool|sender-id)/[\\w/+=,.@-]+"),
      "expected the ARN of a phone number, a pool or a sender id, such as " +
        "arn:aws:sms-voice:eu-west-1:123456789012:pool/pool-1",
    )
    .optional()
    .register(settingTexts, {
      description: "What messages come from. Register it, in the same region, before the first message.",
      range: "the ARN of a phone number, a pool or a sender id",
      byDefault: "none; `sms` among the kinds needs one",
      see: IDENTITIES,
    }),
  maximumPriceUsd: z
    .number()
    .min(0.001)
    .max(10)
    .default(0.1)
    .register(settingTexts, {
      description:
        "Most that one message may cost, all its parts and the carriers' fees together. Dearer ones are not sent. " +
        "So much is counted towards `channels.sms.maximumMonthlyUsd` for each.",
      unit: "US dollars",
      see: COSTS,
    }),
  maximumMonthlyUsd: z
    .number()
    .min(0)
    .max(1_000_000)
    .default(0)
    .register(settingTexts, {
      description:
        "Most that messages may cost in a calendar month (UTC). What would go beyond it waits, and an alarm tells. " +
        "AWS has a limit of its own, $1 in a new account.",
      unit: "US dollars",
      byDefault: "0, so that nothing is sent; `sms` among the kinds needs more",
      see: COSTS,
    }),
});

const whatsappSettings = z.strictObject({
  phoneNumberId: z
    .string()
    .regex(/^phone-number-id-[0-9a-f]{32}$/, "expected an id of AWS, phone-number-id-… with 32 hexadecimal digits")
    .optional()
    .register(settingTexts, {
      description: "Phone number of your WhatsApp Business Account, as AWS End User Messaging Social names it.",
      range: "an id `phone-number-id-…`",
      byDefault: "none; `whatsapp` among the kinds needs one",
      see: IDENTITIES,
    }),
});

export const channelsSettings = z
  .strictObject({
    kinds: z
      .array(z.enum(SENT_KINDS))
      .default([])
      .register(settingTexts, {
        description:
          "Kinds of channels that recipients may have beside webhooks. For a kind that is not listed nothing is " +
          "deployed and nothing allowed.",
        range: `a list of ${SENT_KINDS.map((kind) => `\`${kind}\``).join(", ")}`,
        see: CHANNELS,
      }),
    emailFrom: z
      .string()
      .regex(SENDER, "expected an address such as confirmations@acme.example, or Acme <confirmations@acme.example>")
      .optional()
      .register(settingTexts, {
        description: "Address that email comes from, of one of the identities in `channels.emailIdentityArns`.",
        range: "an address, with a name in front of it or without",
        byDefault: "none; `email` among the kinds needs one",
        see: IDENTITIES,
      }),
    emailIdentityArns: arns("ses", "identity/[^\\s/]+", "arn:aws:ses:eu-west-1:123456789012:identity/acme.example")
      .default([])
      .register(settingTexts, {
        description: "Verified identities of SES that email may be sent from, domains or addresses.",
        range: "a list of ARNs",
        see: IDENTITIES,
      }),
    sms: smsSettings.prefault({}),
    whatsapp: whatsappSettings.prefault({}),
    queueArns: arns("sqs", "[\\w-]{1,80}(?:\\.fifo)?", "arn:aws:sqs:eu-west-1:123456789012:orders.fifo")
      .default([])
      .register(settingTexts, {
        description: "Queues that channels may send to, of this account or of others that let it.",
        range: "a list of ARNs",
        see: CHANNELS,
      }),
    topicArns: arns("sns", "[\\w-]{1,256}(?:\\.fifo)?", "arn:aws:sns:eu-west-1:123456789012:orders")
      .default([])
      .register(settingTexts, {
        description: "Topics that channels may publish to.",
        range: "a list of ARNs",
        see: CHANNELS,
      }),
    eventBusArns: arns("events", "event-bus/[\\w./-]{1,256}", "arn:aws:events:eu-west-1:123456789012:event-bus/orders")
      .default([])
      .register(settingTexts, {
        description: "Event buses that channels may put events on.",
        range: "a list of ARNs",
        see: CHANNELS,
      }),
    onUncertain: z
      .enum(ON_UNCERTAIN)
      .default("send again")
      .register(settingTexts, {
        description:
          "What becomes of an email, SMS or WhatsApp message of which nobody knows whether it was sent, once no " +
          "receipt came in time. `send again`: twice rather than never. `give up`: never rather than twice; the " +
          "channel has failed then. A channel may say otherwise.",
        see: CHANNELS,
      }),
    receiptWithinSeconds: wholeNumber(10, 86_400).default(300).register(settingTexts, {
      description: "Time in which a receipt may still say that such a message was sent.",
      unit: "seconds",
      see: CHANNELS,
    }),
  })
  .refine(({ kinds }) => new Set(kinds).size === kinds.length, {
    path: ["kinds"],
    error: "expected kinds that differ; name each once",
  })
  .refine(({ kinds, emailFrom }) => !kinds.includes("email") || emailFrom !== undefined, {
    path: ["emailFrom"],
    error: "expected an address, as channels.kinds has email",
  })
  .refine(({ emailFrom, emailIdentityArns }) => emailFrom === undefined || isCovered(emailFrom, emailIdentityArns), {
    path: ["emailIdentityArns"],
    error: "expected an identity that covers channels.emailFrom: its address, its domain, or one above it",
  })
  .refine(({ kinds, sms }) => !kinds.includes("sms") || sms.countries.length > 0, {
    path: ["sms", "countries"],
    error: "expected at least one country, as channels.kinds has sms",
  })
  .refine(({ kinds, sms }) => !kinds.includes("sms") || sms.originationIdentity !== undefined, {
    path: ["sms", "originationIdentity"],
    error: "expected what messages come from, as channels.kinds has sms",
  })
  .refine(({ kinds, sms }) => !kinds.includes("sms") || sms.maximumMonthlyUsd >= sms.maximumPriceUsd, {
    path: ["sms", "maximumMonthlyUsd"],
    error: "expected at least channels.sms.maximumPriceUsd, as channels.kinds has sms",
  })
  .refine(({ kinds, whatsapp }) => !kinds.includes("whatsapp") || whatsapp.phoneNumberId !== undefined, {
    path: ["whatsapp", "phoneNumberId"],
    error: "expected a phone number's id, as channels.kinds has whatsapp",
  })
  .refine(({ kinds, queueArns }) => !kinds.includes("sqs") || queueArns.length > 0, {
    path: ["queueArns"],
    error: "expected at least one queue, as channels.kinds has sqs",
  })
  .refine(({ kinds, topicArns }) => !kinds.includes("sns") || topicArns.length > 0, {
    path: ["topicArns"],
    error: "expected at least one topic, as channels.kinds has sns",
  })
  .refine(({ kinds, eventBusArns }) => !kinds.includes("eventbridge") || eventBusArns.length > 0, {
    path: ["eventBusArns"],
    error: "expected at least one event bus, as channels.kinds has eventbridge",
  });

export type ChannelsSettings = z.output<typeof channelsSettings>;

/** Kinds whose services tell later what became of a message. */
const RECEIPTED_KINDS = ["email", "sms", "whatsapp"] as const;
export type ReceiptedKind = (typeof RECEIPTED_KINDS)[number];

/** Those that the settings have. */
export function receiptedKinds({ channels }: WithKinds): readonly ReceiptedKind[] {
  return RECEIPTED_KINDS.filter((kind) => channels.kinds.includes(kind));
}

export function hasReceipts(settings: WithKinds): boolean {
  return receiptedKinds(settings).length > 0;
}

interface WithKinds {
  readonly channels: Pick<ChannelsSettings, "kinds">;
}

/** SES lets an identity send from itself, a domain from all below it (SES Developer Guide, "Verified identities"). */
function isCovered(emailFrom: string, identityArns: readonly string[]): boolean {
  const [, named, plain] = SENDER.exec(emailFrom) ?? [];
  const address = (named ?? plain ?? "").toLowerCase();
  const domain = address.slice(address.indexOf("@") + 1);
  return identityArns.some((identityArn) => {
    const identity = identityArn.slice(identityArn.indexOf("/") + 1).toLowerCase();
    return identity === address || identity === domain || domain.endsWith(`.${identity}`);
  });
}
