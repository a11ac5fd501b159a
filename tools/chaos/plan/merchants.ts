/**
 * The merchants of a run: a third of the traffic is for those that fail or mean harm, one of each kind; the rest is
 * for good ones, of which a half is called by name. Those that no fault of the plan turns into something else are
 * watched: whatever fails at them is ours.
 */
import { BEHAVIOURS, HOSTILE_BEHAVIOURS } from "../../../local/demo/fleet/response.ts";
import type { FleetMerchant } from "../../../local/demo/fleet/messages.ts";
import { pick, type Random } from "../../../local/demo/seeded-random.ts";

const HOSTILE_SHARE = 1 / 3;
/** Where nothing ever answers, and where one moves to. */
export const SILENT_ADDRESS = "127.0.0.3";
export const MOVED_ADDRESS = "127.0.0.4";

const named = (merchantId: string, behaviour: FleetMerchant["behaviour"] = "good"): FleetMerchant => ({
  merchantId,
  behaviour,
});

/** Those that faults may turn into something else for a while. */
export const GOOD_MERCHANTS: readonly FleetMerchant[] = [1, 2, 3, 4].map((number) => named(`good-${number}`));

/** Called by names of which no two are of one site. */
export const NAMED_MERCHANTS: readonly FleetMerchant[] = [
  ...[1, 2, 3, 4, 5].map((number) => named(`named-${number}`)),
  { ...named("two-addresses"), silentAt: SILENT_ADDRESS },
  named("moving"),
  named("dead-name"),
];
export const TWO_ADDRESSES = "two-addresses";
export const MOVING = "moving";
export const DEAD_NAME = "dead-name";

/** Its gate is one that faults throttle: things wait for it. */
export const HOT_HEALTH_MERCHANT = "hanging";
/** Its calls are counted in the table; it is never called as often as it allows. */
export const RATE_LIMITED_MERCHANT = "limited";
export const RATE_LIMIT_PER_SECOND = 20;
export const SLOW_HANDSHAKE = "slow-handshake";
const CLOSING = "closing";
/** Deleted by the API, while what it got is sent again. */
export const LEAVING = "leaving-for-good";
/** Called over TLS: only there does a connection tell an address where nobody speaks from a good one. */
export const SECURE_MERCHANTS: ReadonlySet<string> = new Set([SLOW_HANDSHAKE, TWO_ADDRESSES]);

const well: readonly FleetMerchant[] = [
  ...GOOD_MERCHANTS,
  named("good-5"),
  named("slow-1", "slow"),
  named("slow-2", "slow"),
  named("failing-at-first-1", "failing-at-first"),
  named("failing-at-first-2", "failing-at-first"),
  named(RATE_LIMITED_MERCHANT),
  named(CLOSING, "closing"),
  named(LEAVING),
  named(SLOW_HANDSHAKE, "slow-handshake"),
  ...NAMED_MERCHANTS,
];

const WELL: ReadonlySet<string> = new Set(well.map(({ behaviour }) => behaviour));
const troubled: readonly FleetMerchant[] = [...BEHAVIOURS, ...HOSTILE_BEHAVIOURS]
  .filter((behaviour) => !WELL.has(behaviour))
  .map((behaviour) => ({ merchantId: behaviour, behaviour }));

export const RUN_MERCHANTS: readonly FleetMerchant[] = [...well, ...troubled];

/** Merchants that must not be felt by the good ones. */
export const HOSTILE_MERCHANTS: readonly FleetMerchant[] = troubled;

const OWN_TROUBLE: ReadonlySet<string> = new Set([
  ...GOOD_MERCHANTS.map(({ merchantId }) => merchantId),
  MOVING,
  DEAD_NAME,
  CLOSING,
  LEAVING,
]);

export const FAILING_AT_FIRST_MERCHANTS: ReadonlySet<string> = new Set(
  well.filter(({ behaviour }) => behaviour === "failing-at-first").map(({ merchantId }) => merchantId),
);

/**
 * Nothing of theirs ever fails before it is in their books; what they owe to nobody's fault but ours is charged to
 * them.
 */
export const WATCHED_MERCHANTS: ReadonlySet<string> = new Set(
  well.map(({ merchantId }) => merchantId).filter((merchantId) => !OWN_TROUBLE.has(merchantId)),
);

export function drawMerchant(random: Random): string {
  return pick(random() < HOSTILE_SHARE ? troubled : well, random).merchantId;
}
