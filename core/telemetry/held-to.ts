/**
 * What was measured, parted into what a program is to publish and what it only tells its log: the counts, and of each
 * distribution how many there were and what they add up to. Gauges are of the moment, and are left out.
 */
import { publishes, publishesEvery } from "../settings/published-metrics.ts";
import type { Measured } from "./meter.ts";

export interface Parted {
  readonly toPublish: Measured;
  /** Without those that are 0. */
  readonly counts: Readonly<Record<string, number>>;
}

/** @param published names of metrics, or `*` for every one */
export function heldTo(published: readonly string[], measured: Measured): Parted {
  if (publishesEvery(published)) return { toPublish: measured, counts: {} };
  const isPublished = ([name]: readonly [string, unknown]): boolean => publishes(published, name);
  const counts: Record<string, number> = {};
  const add = (name: string, by: number): void => {
    if (by !== 0) counts[name] = (counts[name] ?? 0) + by;
  };
  for (const [name, count] of measured.counts) if (!publishes(published, name)) add(name, count);
  for (const [name, { count, sum }] of measured.distributions) {
    if (publishes(published, name)) continue;
    add(name, count);
    add(`${name} sum`, Math.round(sum));
  }
  for (const { value, counts: counted } of measured.parts)
    for (const [name, count] of counted) add(`${name} ${value}`, count);
  return {
    toPublish: {
      counts: new Map([...measured.counts].filter(isPublished)),
      gauges: new Map([...measured.gauges].filter(isPublished)),
      distributions: new Map([...measured.distributions].filter(isPublished)),
      parts: [],
    },
    counts,
  };
}
