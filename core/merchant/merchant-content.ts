/**
 * What somebody decides about a merchant, apart from its keys: the attributes of its row that can be changed one by
 * one. A row may hold anything; what cannot be read is left out, and `parseMerchant` says why.
 */
import { type AttributeMap, type AttributeValue, numberOf, stringOf } from "../transaction/attribute-value.ts";
import { isSchedule } from "../retry/retry-schedule.ts";
import { SIGNATURE_SCHEMES, type SignatureScheme } from "../signing/signing-attributes.ts";

export interface MerchantContent {
  readonly confirmationUrl?: string;
  readonly maxConcurrency?: number;
  readonly rateLimitPerSecond?: number;
  readonly deadlineMs?: number;
  readonly retryScheduleSeconds?: readonly number[];
  readonly signatures?: readonly SignatureScheme[];
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
};

const WRITERS: { readonly [Name in ContentName]: (value: NonNullable<MerchantContent[Name]>) => AttributeValue } = {
  confirmationUrl: (url) => ({ S: url }),
  maxConcurrency: (limit) => ({ N: String(limit) }),
  rateLimitPerSecond: (limit) => ({ N: String(limit) }),
  deadlineMs: (limit) => ({ N: String(limit) }),
  retryScheduleSeconds: (waits) => ({ L: waits.map((wait) => ({ N: String(wait) })) }),
  signatures: (schemes) => ({ SS: [...schemes] }),
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
  const { signatures = SIGNATURE_SCHEMES, ...others } = content;
  return { ...others, signatures: SIGNATURE_SCHEMES.filter((scheme) => signatures.includes(scheme)) };
}

/** Members in which they come to something else. */
export function contentDifferences(one: MerchantContent, other: MerchantContent): ContentName[] {
  const [first, second] = [effective(one), effective(other)];
  return CONTENT_NAMES.filter((name) => JSON.stringify(first[name]) !== JSON.stringify(second[name]));
}

export type ContentPatch = { readonly [Name in ContentName]?: MerchantContent[Name] | null | undefined };

/** As RFC 7396 has it: null takes a member away, what is left out stays. */
export function patched(content: MerchantContent, patch: ContentPatch): MerchantContent {
  const result: Partial<Record<ContentName, unknown>> = { ...content };
  for (const name of CONTENT_NAMES) {
    const value = patch[name];
    if (value === null) delete result[name];
    else if (value !== undefined) result[name] = value;
  }
  return result as MerchantContent;
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
