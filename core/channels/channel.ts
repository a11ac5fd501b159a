/**
 * The channels by which a recipient (a row of the Merchants table) is told: an address each, with what is sent there
 * and when it may be used. A recipient without channels has the webhook of its row and nothing else.
 */

export const CHANNEL_KINDS = ["webhook", "email", "sms", "whatsapp", "sqs", "sns", "eventbridge"] as const;
export type ChannelKind = (typeof CHANNEL_KINDS)[number];
/** A webhook needs no leave: it is what every recipient has, and has its own way. */
export type SentKind = Exclude<ChannelKind, "webhook">;
export const SENT_KINDS: readonly SentKind[] = CHANNEL_KINDS.filter((kind) => kind !== "webhook");

/**
 * `fallback`: the next channel where one failed for good, or was not acknowledged in time; one that delivers is enough.
 * `all`: one after the other, each of which must deliver; the response to one is there for those after it.
 */
export const CHANNEL_PLANS = ["fallback", "all"] as const;
export type ChannelPlan = (typeof CHANNEL_PLANS)[number];

/** What becomes of a message of which nobody knows whether it was sent. */
export const ON_UNCERTAIN = ["send again", "give up"] as const;
export type OnUncertain = (typeof ON_UNCERTAIN)[number];

/**
 * Kinds that are used only with a consent that is recorded: those who send for us, and the law in most places, ask for
 * one. Whatever the kind, nothing is sent where consent was withdrawn.
 */
export const CONSENT_NEEDED: ReadonlySet<ChannelKind> = new Set<ChannelKind>(["sms", "whatsapp"]);

interface ChannelBase {
  /** Its name among the recipient's channels: lower-case letters, digits and hyphens, 1 to 32, a letter first. */
  readonly id: string;
  /** @default always */
  readonly when?: ChannelCondition;
  /** Seconds to wait after the first, second, … failed attempt on this channel. @default the recipient's */
  readonly retryScheduleSeconds?: readonly number[];
}

/** What has no client token: its intent is recorded before it is sent. */
interface UncertainChannel extends ChannelBase {
  /** An address, or `payload.<member>…` for one that the transaction's payload has. */
  readonly to: string;
  /** Name of the operator's template; of WhatsApp, of the one that was approved there. */
  readonly template: string;
  /** BCP 47, such as `es` or `pt-BR`. @default the template's own */
  readonly language?: string;
  /** @default the setting `channels.onUncertain` */
  readonly onUncertain?: OnUncertain;
  /** It has delivered once the receipt says so, and has failed where none comes in time. @default once it was sent */
  readonly receipt?: { readonly withinSeconds: number };
}

export type Channel =
  /** @member url @default the recipient's `confirmationUrl` */
  | (ChannelBase & { readonly kind: "webhook"; readonly url?: string })
  | (UncertainChannel & { readonly kind: "email" })
  | (UncertainChannel & { readonly kind: "sms" })
  | (UncertainChannel & { readonly kind: "whatsapp" })
  | (ChannelBase & { readonly kind: "sqs"; readonly queueUrl: string })
  | (ChannelBase & { readonly kind: "sns"; readonly topicArn: string })
  | (ChannelBase & { readonly kind: "eventbridge"; readonly eventBusArn: string });

export type ChannelOf<Kind extends ChannelKind> = Extract<Channel, { readonly kind: Kind }>;

/** Every member that is there must hold. */
export interface ChannelCondition {
  /** Decimals in the transaction's own currency, as text; inclusive. */
  readonly amount?: { readonly min?: string; readonly max?: string };
  /** ISO 4217. */
  readonly currencies?: readonly string[];
  readonly outcomes?: readonly string[];
  /**
   * Local time; `from` inclusive, `to` exclusive, over midnight where `to` is before `from`, or the same. They hold for
   * each attempt: the channel that is on waits for them.
   */
  readonly hours?: {
    /** `HH:MM`. */
    readonly from: string;
    readonly to: string;
    /** IANA, such as `America/Sao_Paulo`. */
    readonly zone: string;
    /** On which they begin; 1 is Monday (ISO 8601). @default every day */
    readonly days?: readonly number[];
  };
  /** Only while the circuit of that channel of the same recipient is open, or is not: half open counts as closed. */
  readonly health?: { readonly channel: string; readonly is: "closed" | "open" };
  /**
   * The recipient agreed to be told this way, or does not any more: when (epoch milliseconds), and who recorded it.
   * SMS and WhatsApp are not used without; withdrawn, no kind is.
   */
  readonly consent?: { readonly given: boolean; readonly at: number; readonly by: string };
}
