/**
 * What is known of a transaction beside the restored table and the damaged one: images of the damaged table's stream,
 * and what journal and manifests say of it. All of it is about one id; of several that say the same the one that knows
 * most is kept.
 */
import type { Accepted } from "../transaction/accepted.ts";
import type { AttributeMap } from "../transaction/attribute-value.ts";
import type { ConfirmedByWhom } from "../transaction/row/confirmed-by.ts";

/** Beside the damaged table itself, in the order in which they are believed. */
export const SOURCES = ["stream", "journal", "manifests"] as const;
export type Source = (typeof SOURCES)[number];

/** What a manifest says of what was accepted is less than the journal: no time, no payload. */
export type AcceptedInPart = Pick<Accepted, "merchantId" | "outcome" | "amount" | "currency"> & Partial<Accepted>;

/** That a version was confirmed, as a source has it that has no row. */
export interface ConfirmedSince {
  readonly source: Source;
  readonly version: number;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly accepted?: AcceptedInPart | undefined;
  /** UTC day of `occurredAt`, `2026-11-22`, where the source says that alone. */
  readonly day?: string | undefined;
  /** Of one that this pipeline did not deliver. */
  readonly confirmedBy?: ConfirmedByWhom | undefined;
}

export interface Evidence {
  /** The row as it was before the damage, as the stream has it. */
  readonly before?: AttributeMap;
  /** The row as the stream has it once it was terminal, at its highest version. */
  readonly ended?: AttributeMap;
  readonly confirmed?: ConfirmedSince;
}

export const NO_EVIDENCE: Evidence = Object.freeze({});

/** Of two, the higher one is kept: a higher version, and for one version the source that is believed before. */
export function rankOf({ version, source }: Pick<ConfirmedSince, "version" | "source">): number {
  return SOURCES.length * version + (SOURCES.length - 1 - SOURCES.indexOf(source));
}
