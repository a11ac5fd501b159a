/**
 * A merchant's health row: what lets its confirmations through or keeps them back, shared by all tasks through the
 * table `MerchantGates`. Kept apart from `Merchants`, which belongs to whoever registers merchants and may be written
 * anew at any time. A merchant without a row has nothing against it; what cannot be read counts as not there.
 *
 *   circuit closed     no `circuitOpenUntil`         -> open, when a task sees the endpoint fail
 *   circuit open       `circuitOpenUntil` is to come -> half open, by time
 *   circuit half open  `circuitOpenUntil` is past    -> closed or open, by one probe
 */
import { CHANNEL_HEALTH_PREFIX } from "../channels/channel-health.ts";
import { MIRROR_PREFIX } from "./mirror.ts";
import { TEMPLATES_PREFIX } from "../channels/templates/template-item.ts";
import { withoutRootDot } from "./absolute-name.ts";
import type { AttributeMap } from "../transaction/attribute-value.ts";
import { numberOf, stringOf } from "../transaction/attribute-value.ts";

/** Its row holds for every merchant; no merchant can have this id. */
export const EVERYONE = "*";

/** How the ids of items begin, in the table of health rows, that count the calls of a merchant with a rate limit. */
export const TOKENS_PREFIX = "rate limit of ";
/** The same of those that count what SMS cost in a month. */
export const SMS_SPENT_PREFIX = "sms spent in ";
/**
 * How the ids of its other items begin, and what stands for several merchants: leases, shares of executions, the
 * verdict on our network, the health of channels and of mirrors, templates. No merchant may have such an id.
 */
export const OWN_ITEMS: readonly string[] = [
  "release-due ",
  "share of ",
  "egress of all ",
  CHANNEL_HEALTH_PREFIX,
  MIRROR_PREFIX,
  TEMPLATES_PREFIX,
  SMS_SPENT_PREFIX,
  `${EVERYONE} `,
];

export interface MerchantHealth {
  /** Epoch milliseconds at which an operator paused it. */
  readonly pausedAt?: number;
  /** URLs that answered 410 or asked for no more, as `origin + path`. */
  readonly disabledUrls: readonly string[];
  /** Epoch milliseconds. */
  readonly circuitOpenUntil?: number;
  /** How often in a row the circuit opened. */
  readonly circuitTrips: number;
  /** Epoch milliseconds at which a transaction was last parked for the merchant's sake; 0 for never. */
  readonly waitingAt: number;
  /** Epoch milliseconds at which it last had no room for one. */
  readonly turnedAwayAt: number;
  /** Waiting transactions that are requeued a second. @default the first step of the ramp */
  readonly releaseRate?: number;
  /** Epoch milliseconds of the last release. */
  readonly releasedAt: number;
}

/** What a health row is read from; the index of waiting health rows has these and no more. */
export const MERCHANT_HEALTH_ATTRIBUTES = [
  "pausedAt",
  "disabledUrls",
  "circuitOpenUntil",
  "circuitTrips",
  "waitingAt",
  "turnedAwayAt",
  "releaseRate",
  "releasedAt",
] as const satisfies readonly (keyof MerchantHealth)[];

export const HEALTHY: MerchantHealth = {
  disabledUrls: [],
  circuitTrips: 0,
  waitingAt: 0,
  turnedAwayAt: 0,
  releasedAt: 0,
};

/** Why a transaction waits for its merchant. */
export type WaitReason =
  | "paused"
  | "url unverified"
  | "url disabled"
  | "circuit open"
  | "no room"
  | "rate limit"
  | "token unavailable"
  | OurWait;

/** The same where the reason is ours: the merchant could have taken it. */
export type OurWait = "key unavailable" | "gate unread" | "merchant unread";
export const OUR_WAITS: ReadonlySet<string> = new Set<OurWait>(["key unavailable", "gate unread", "merchant unread"]);

/** What is over within moments as a rule: the merchant is there, and has as much as it takes just now. */
export const PASSING_WAITS: ReadonlySet<string> = new Set<WaitReason>(["no room", "rate limit"]);

/** What a transaction waits for that could not be called through a fault of our own network. */
export const OUR_EGRESS = "our egress";

export function parseMerchantHealth(row: AttributeMap): MerchantHealth {
  const pausedAt = numberOf(row["pausedAt"]);
  const circuitOpenUntil = numberOf(row["circuitOpenUntil"]);
  const releaseRate = numberOf(row["releaseRate"]);
  return {
    // Whatever an operator wrote into it, it was meant to pause.
    ...(row["pausedAt"] !== undefined && { pausedAt: pausedAt ?? 0 }),
    disabledUrls: row["disabledUrls"]?.SS ?? [],
    ...(circuitOpenUntil !== undefined && { circuitOpenUntil }),
    circuitTrips: numberOf(row["circuitTrips"]) ?? 0,
    waitingAt: numberOf(row["waitingAt"]) ?? 0,
    turnedAwayAt: numberOf(row["turnedAwayAt"]) ?? 0,
    ...(releaseRate !== undefined && releaseRate >= 0 && { releaseRate }),
    releasedAt: numberOf(row["releasedAt"]) ?? 0,
  };
}

export function merchantIdOfHealth(row: AttributeMap): string {
  return stringOf(row["merchantId"]) ?? "";
}

export type CircuitState = "closed" | "open" | "half open";

/** Milliseconds past its deadline after which a probe is taken for lost. */
export const PROBE_MARGIN_MS = 5000;
/** For which a probe that is under way keeps the circuit open: the longest deadline that can be set, and the margin. */
const LONGEST_PROBE_MS = 60_000 + PROBE_MARGIN_MS;

/**
 * @param maxOpenMs a circuit that would stay open for much longer, and for longer than any probe takes, was opened by a
 * task whose clock was
 *   wrong: it is half open
 */
export function circuitAt({ circuitOpenUntil }: MerchantHealth, now: number, maxOpenMs: number): CircuitState {
  if (circuitOpenUntil === undefined) return "closed";
  const believedMs = Math.max(2 * maxOpenMs, LONGEST_PROBE_MS);
  return circuitOpenUntil > now && circuitOpenUntil <= now + believedMs ? "open" : "half open";
}

export interface CircuitPolicy {
  /** Milliseconds that a circuit stays open the first time; twice as long each time in a row after it. */
  readonly openMs: number;
  readonly maxOpenMs: number;
}

/**
 * @param trips how often in a row it opened before.
 * @param random in [0, 1); spread so that probes of many merchants do not fall together
 */
export function circuitOpenMs({ openMs, maxOpenMs }: CircuitPolicy, trips: number, random: number): number {
  return Math.round(Math.min(maxOpenMs, openMs * 2 ** Math.min(trips, 20)) * (0.9 + 0.2 * random));
}

export function isWebUrl(text: string): boolean {
  return /^https?:$/.test(URL.parse(text)?.protocol ?? "");
}

/** A URL as health rows name it: without fragment and the dot of the root, in the one spelling of the URL standard. */
export function urlKey(url: string): string {
  if (!URL.canParse(url)) return url;
  const { origin, pathname, search } = new URL(withoutRootDot(url));
  return origin + pathname + search;
}
