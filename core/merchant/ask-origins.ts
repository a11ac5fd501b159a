/**
 * What becomes of a merchant's origins when somebody registers it, changes it, asks for a challenge, or vouches. Pure:
 * from what its row has to what is to be written there.
 */
import {
  ANY_ORIGIN,
  FROM_BEFORE,
  isOwnedState,
  MOST_ORIGINS,
  type OriginOwnership,
  type Origins,
} from "./ownership.ts";

export interface Asked {
  readonly origin: string;
  readonly url: string;
  readonly jobId: string;
}

/** Of a merchant from before: what is not named is vouched for. */
function named(seen: Origins | undefined, now: number): Map<string, OriginOwnership> {
  return new Map(seen ?? [[ANY_ORIGIN, { state: "vouched", at: now, by: FROM_BEFORE }]]);
}

/** Its address is another one now: nothing is delivered there before it has answered. */
export function challenged(seen: Origins | undefined, { origin, url, jobId }: Asked, now: number): Origins {
  return bounded(named(seen, now).set(origin, { state: "challenged", at: now, jobId, url }), origin);
}

/**
 * It is asked once more: what was verified, or vouched for, stays so whatever comes of it.
 *
 * @returns undefined where the merchant has as many origins as it may
 */
export function askedAgain(seen: Origins | undefined, asked: Asked, now: number): Origins | undefined {
  const origins = named(seen, now);
  const { origin, url, jobId } = asked;
  const before = origins.get(origin) ?? (seen === undefined ? origins.get(ANY_ORIGIN) : undefined);
  if (before !== undefined && isOwnedState(before.state)) {
    const { state, at, by } = before;
    origins.set(origin, { state, at, ...(by !== undefined && { by }), jobId, url });
  } else origins.set(origin, { state: "challenged", at: now, jobId, url });
  return isTooMany(origins) ? undefined : origins;
}

/** @returns undefined where the merchant has as many origins as it may */
export function vouched(seen: Origins | undefined, origin: string, by: string, now: number): Origins | undefined {
  const origins = named(seen, now).set(origin, { state: "vouched", at: now, by });
  return isTooMany(origins) ? undefined : origins;
}

function isTooMany(origins: Origins): boolean {
  return origins.size - (origins.has(ANY_ORIGIN) ? 1 : 0) > MOST_ORIGINS;
}

/** Without the oldest that nothing may be delivered to, then the oldest: a merchant can always change its address. */
function bounded(origins: Map<string, OriginOwnership>, kept: string): Origins {
  const oldest = [...origins]
    .filter(([origin]) => origin !== kept && origin !== ANY_ORIGIN)
    .toSorted(([, one], [, other]) => rank(one) - rank(other) || one.at - other.at);
  for (const [origin] of oldest) {
    if (!isTooMany(origins)) break;
    origins.delete(origin);
  }
  return origins;
}

function rank({ state }: OriginOwnership): number {
  return isOwnedState(state) ? 1 : 0;
}
