/**
 * Whose an address is: the attribute `origins` of a merchant's row, a map from origins to what is known of them. What
 * is live is delivered to origins that answered a challenge, or that an operator vouched for, and to no others.
 *
 *   (none)       a row without `origins` is from before there were any: vouched for, whole
 *   challenged   asked, by the job `jobId` -> verified, failed
 *   verified     answered                  -> challenged, once its address changes
 *   vouched      an operator's word        -> verified, once it answers; challenged, once its address changes
 *   failed       did not answer as it should -> challenged, asked anew
 *
 * What cannot be read counts as not verified. A merchant of the sandbox needs none of it.
 */
import { type AttributeMap, type AttributeValue, numberOf, stringOf } from "../transaction/attribute-value.ts";
import { withoutRootDot } from "./absolute-name.ts";
import { environmentOf, SANDBOX } from "./merchant-environment.ts";

export const ORIGINS = "origins";
export const ORIGIN_STATES = ["challenged", "verified", "vouched", "failed"] as const;
export type OriginState = (typeof ORIGIN_STATES)[number];

/** Stands for each origin that is not named, of a merchant from before: vouched for. */
export const ANY_ORIGIN = "*";
/** `by` of what was there before addresses were challenged. */
export const FROM_BEFORE = "from before addresses were challenged";
/** Origins that a merchant has at most. */
export const MOST_ORIGINS = 20;
const MAX_ERROR_CHARACTERS = 300;

export interface OriginOwnership {
  readonly state: OriginState;
  /** Epoch milliseconds since when. */
  readonly at: number;
  /** Who vouched for it. */
  readonly by?: string;
  /** The challenge that was asked for last: no other one's result counts. */
  readonly jobId?: string;
  /** Where that goes to. */
  readonly url?: string;
  /** Why the last one failed. */
  readonly error?: string;
}

export type Origins = ReadonlyMap<string, OriginOwnership>;

/** @returns undefined for a row from before there were any */
export function originsOf(row: AttributeMap): Origins | undefined {
  const attribute = row[ORIGINS];
  if (attribute === undefined) return undefined;
  return new Map(Object.entries(attribute.M ?? {}).map(([origin, entry]) => [origin, ownershipIn(entry)]));
}

export function originsAttribute(origins: Origins): AttributeValue {
  return { M: Object.fromEntries([...origins].map(([origin, one]) => [origin, entryOf(one)])) };
}

/**
 * Whether origins may be delivered to, as far as the row names them; undefined where all may.
 *
 * @param row of a merchant
 */
export function ownedOrigins(row: AttributeMap): ReadonlyMap<string, boolean> | undefined {
  if (row[ORIGINS] === undefined || environmentOf(row) === SANDBOX) return undefined;
  return new Map([...(originsOf(row) ?? [])].map(([origin, { state }]) => [origin, isOwnedState(state)]));
}

export function isOwnedState(state: OriginState | undefined): boolean {
  return state === "verified" || state === "vouched";
}

/** Whether what is live may be delivered to an origin. */
export function isOwned(
  { owned }: { readonly owned?: ReadonlyMap<string, boolean> | undefined },
  origin: string,
): boolean {
  return owned === undefined || (owned.get(origin) ?? owned.get(ANY_ORIGIN) ?? false);
}

/** Whether an address of its own, or one that was asked about, is not verified. */
export function hasUnowned(merchant: {
  readonly owned?: ReadonlyMap<string, boolean> | undefined;
  readonly confirmationUrl?: string | undefined;
}): boolean {
  const { owned, confirmationUrl } = merchant;
  if (owned === undefined) return false;
  if (confirmationUrl !== undefined && !isOwned(merchant, originOf(confirmationUrl) ?? "")) return true;
  return [...owned.values()].some((isVerified) => !isVerified);
}

/** The origin of a URL as deliveries have it; undefined for what is none. */
export function originOf(url: string | undefined): string | undefined {
  return url !== undefined && URL.canParse(url) ? new URL(withoutRootDot(url)).origin : undefined;
}

function ownershipIn({ M: entry = {} }: AttributeValue): OriginOwnership {
  const [by, jobId, url, error] = ["by", "jobId", "url", "error"].map((name) => stringOf(entry[name]));
  const word = stringOf(entry["state"]);
  return {
    state: ORIGIN_STATES.find((known) => known === word) ?? "failed",
    at: numberOf(entry["at"]) ?? 0,
    ...(by !== undefined && { by }),
    ...(jobId !== undefined && { jobId }),
    ...(url !== undefined && { url }),
    ...(error !== undefined && { error }),
  };
}

function entryOf({ state, at, by, jobId, url, error }: OriginOwnership): AttributeValue {
  return {
    M: {
      state: { S: state },
      at: { N: String(at) },
      ...(by !== undefined && { by: { S: by } }),
      ...(jobId !== undefined && { jobId: { S: jobId } }),
      ...(url !== undefined && { url: { S: url } }),
      ...(error !== undefined && { error: { S: error.slice(0, MAX_ERROR_CHARACTERS) } }),
    },
  };
}
