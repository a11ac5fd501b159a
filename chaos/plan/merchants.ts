/** The merchants of a run: a third of the traffic is for those that fail or mean harm, one of each kind; the rest is for good ones. */
import { BEHAVIOURS } from "../../demo/fleet/behaviour.ts";
import { HOSTILE_BEHAVIOURS } from "../../demo/fleet/hostile-behaviour.ts";
import type { FleetMerchant } from "../../demo/fleet/messages.ts";
import { pick, type Random } from "../../demo/seeded-random.ts";

const WELL = ["good", "slow", "failing-at-first"] as const;
const WELL_MERCHANTS = 10;
const HOSTILE_SHARE = 1 / 3;

/** Good merchants first, then one of each other kind. */
const well: readonly FleetMerchant[] = Array.from({ length: WELL_MERCHANTS }, (_, index) => {
  // Six good ones, two that are slow, two that fail at first.
  const behaviour = index < 6 ? "good" : (WELL[1 + (index % 2)] as (typeof WELL)[number]);
  return { merchantId: `${behaviour}-${index + 1}`, behaviour };
});

const troubled: readonly FleetMerchant[] = [...BEHAVIOURS, ...HOSTILE_BEHAVIOURS]
  .filter((behaviour) => !(WELL as readonly string[]).includes(behaviour))
  .map((behaviour) => ({ merchantId: behaviour, behaviour }));

export const RUN_MERCHANTS: readonly FleetMerchant[] = [...well, ...troubled];

/** Those that faults may turn into something else for a while. */
export const GOOD_MERCHANTS: readonly FleetMerchant[] = well.filter(({ behaviour }) => behaviour === "good");

/** Merchants that must not be felt by the good ones. */
export const HOSTILE_MERCHANTS: readonly FleetMerchant[] = troubled;

export function drawMerchant(random: Random): string {
  return pick(random() < HOSTILE_SHARE ? troubled : well, random).merchantId;
}
