/**
 * What somebody decides about a merchant, apart from its keys: the attributes of its row that can be changed one by
 * one. A row may hold anything; what cannot be read is left out, and `parseMerchant` says why.
 */
import { type AttributeMap, type AttributeValue, numberOf, stringOf } from "../transaction/attribute-value.ts";
import { type Channel, CHANNEL_PLANS, type ChannelPlan } from "../channels/channel.ts";
import { channelsAttribute, channelsOf, planOf } from "./channels.ts";
import {
  type MerchantAcknowledgement,
  merchantAcknowledgementOf,
  writeMerchantAcknowledgement,
} from "./acknowledgement.ts";
import { headersOf, HTTP_VERSIONS, httpVersionOf, payloadVersionOf } from "./connection/connection.ts";
import type { HttpVersion } from "../http/tls-identity.ts";
import { type Headers, normalHeaders } from "./connection/header-rules.ts";
import { ENVIRONMENTS, LIVE, type MerchantEnvironment } from "./merchant-environment.ts";
import { type Mirror, mirrorOf, writeMirror } from "./mirror.ts";
import { type Switches, switchesOf, writeSwitches } from "./modes.ts";
import { isSchedule } from "../retry/retry-schedule.ts";
import type { PayloadVersion } from "../transaction/payload-version.ts";
import { SIGNATURE_SCHEMES, type SignatureScheme } from "../signing/signing-attributes.ts";

export interface MerchantContent {
  readonly confirmationUrl?: string;
  readonly maxConcurrency?: number;
  readonly rateLimitPerSecond?: number;
  readonly deadlineMs?: number;
  readonly retryScheduleSeconds?: readonly number[];
  readonly signatures?: readonly SignatureScheme[];
  /** Names in lower case, sorted. */
  readonly headers?: Headers;
  readonly payloadVersion?: PayloadVersion;
  readonly httpVersion?: HttpVersion;
  readonly environment?: MerchantEnvironment;
  readonly acknowledgement?: MerchantAcknowledgement;
  readonly channels?: readonly Channel[];
  readonly plan?: ChannelPlan;
  readonly switches?: Switches;
  readonly mirror?: Mirror;
}

/** Largest of the limits that can be set. */
export const MAX_MERCHANT_LIMIT = 1_000_000;
/** The longest deadline that the pipeline itself can have. */
export const MAX_MERCHANT_DEADLINE_MS = 60_000;

export const CONTENT_NAMES = [
  "confirmationUrl",
  "maxConcurrency",
  "rateLimitPerSecond",
  "deadlineMs",
  "retryScheduleSeconds",
  "signatures",
  "headers",
  "payloadVersion",
  "httpVersion",
  "environment",
  "acknowledgement",
  "channels",
  "plan",
  "switches",
  "mirror",
] as const satisfies readonly (keyof MerchantContent)[];

type ContentName = (typeof CONTENT_NAMES)[number];
type Readers = { readonly [Name in ContentName]: (attribute: AttributeValue) => MerchantContent[Name] | undefined };

const READERS: Readers = {
  confirmationUrl: stringOf,
  maxConcurrency: limitOf,
  rateLimitPerSecond: limitOf,
  deadlineMs: limitOf,
  retryScheduleSeconds: scheduleOf,
  signatures: schemesOf,
  headers: headersOf,
  payloadVersion: payloadVersionOf,
  httpVersion: httpVersionOf,
  environment: (attribute) => ENVIRONMENTS.find((known) => known === stringOf(attribute)),
  acknowledgement: merchantAcknowledgementOf,
  channels: channelsOf,
  plan: planOf,
  switches: switchesOf,
  mirror: mirrorOf,
};

const WRITERS: { readonly [Name in ContentName]: (value: NonNullable<MerchantContent[Name]>) => AttributeValue } = {
  confirmationUrl: (url) => ({ S: url }),
  maxConcurrency: (limit) => ({ N: String(limit) }),
  rateLimitPerSecond: (limit) => ({ N: String(limit) }),
  deadlineMs: (limit) => ({ N: String(limit) }),
  retryScheduleSeconds: (waits) => ({ L: waits.map((wait) => ({ N: String(wait) })) }),
  signatures: (schemes) => ({ SS: [...schemes] }),
  headers: (headers) => ({
    M: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, { S: value }])),
  }),
  payloadVersion: (version) => ({ N: String(version) }),
  httpVersion: (version) => ({ S: version }),
  environment: (environment) => ({ S: environment }),
  acknowledgement: writeMerchantAcknowledgement,
  channels: channelsAttribute,
  plan: (plan) => ({ S: plan }),
  switches: writeSwitches,
  mirror: writeMirror,
};

export function contentOf(row: AttributeMap): MerchantContent {
  const content: Partial<Record<ContentName, unknown>> = {};
  for (const name of CONTENT_NAMES) {
    const attribute = row[name];
    const value = attribute === undefined ? undefined : READERS[name](attribute);
    if (value !== undefined) content[name] = value;
  }
  return content as MerchantContent;
}

export function attributesOf(content: MerchantContent): AttributeMap {
  const attributes: Record<string, AttributeValue> = {};
  for (const name of CONTENT_NAMES) {
    const value = content[name];
    if (value !== undefined) attributes[name] = (WRITERS[name] as (value: unknown) => AttributeValue)(value);
  }
  return attributes;
}

/** With what holds where nothing is said. */
export function effective(content: MerchantContent): MerchantContent {
  const { signatures = SIGNATURE_SCHEMES, environment = LIVE, ...others } = content;
  return { ...others, environment, signatures: SIGNATURE_SCHEMES.filter((scheme) => signatures.includes(scheme)) };
}

/** What saying it comes to as well as saying nothing. */
const UNSAID = { payloadVersion: 1, httpVersion: HTTP_VERSIONS[0], plan: CHANNEL_PLANS[0] } as const;

/** Members in which they come to something else. */
export function contentDifferences(one: MerchantContent, other: MerchantContent): ContentName[] {
  const [first, second] = [
    { ...UNSAID, ...effective(one) },
    { ...UNSAID, ...effective(other) },
  ];
  return CONTENT_NAMES.filter((name) => sortedJson(first[name]) !== sortedJson(second[name]));
}

/** In whatever order members were written. */
function sortedJson(value: unknown): string | undefined {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([one], [other]) => (one < other ? -1 : 1)))
      : inner,
  );
}

export type ContentPatch = {
  readonly [Name in Exclude<ContentName, "headers">]?: MerchantContent[Name] | null | undefined;
} & { readonly headers?: Readonly<Record<string, string | null>> | null | undefined };

/** As RFC 7396 has it: null takes a member away, what is left out stays; the same holds for each of the headers. */
export function patched(content: MerchantContent, patch: ContentPatch): MerchantContent {
  const result: Partial<Record<ContentName, unknown>> = { ...content };
  for (const name of CONTENT_NAMES) {
    const value = patch[name];
    if (value === null) delete result[name];
    else if (value !== undefined && name !== "headers") result[name] = value;
  }
  if (patch.headers) {
    const headers = patchedHeaders(content.headers, patch.headers);
    if (Object.keys(headers).length === 0) delete result["headers"];
    else result["headers"] = headers;
  }
  return result as MerchantContent;
}

function patchedHeaders(before: Headers = {}, patch: Readonly<Record<string, string | null>>): Headers {
  const headers = new Map(Object.entries(before));
  for (const [given, value] of Object.entries(patch)) {
    const name = given.toLowerCase();
    if (value === null) headers.delete(name);
    else headers.set(name, value);
  }
  return normalHeaders(Object.fromEntries(headers));
}

function limitOf(attribute: AttributeValue): number | undefined {
  const limit = numberOf(attribute);
  return limit !== undefined && Number.isSafeInteger(limit) && limit >= 1 ? limit : undefined;
}

function scheduleOf(attribute: AttributeValue): readonly number[] | undefined {
  const waits = attribute.L?.map(numberOf);
  return waits !== undefined && isSchedule(waits) ? waits : undefined;
}

function schemesOf(attribute: AttributeValue): readonly SignatureScheme[] | undefined {
  const given = new Set<unknown>(attribute.SS ?? attribute.L?.map(stringOf));
  const schemes = SIGNATURE_SCHEMES.filter((scheme) => given.has(scheme));
  return schemes.length > 0 && schemes.length === given.size ? schemes : undefined;
}
