/** How merchants of the fleet behave, by name, and what one does with a delivery. */
import type { Random } from "../seeded-random.ts";

export type HostileResponse =
  /** A byte every so often, for good: of the status line and headers, or of the body after a good beginning. */
  | { readonly kind: "drip"; readonly part: "headers" | "body"; readonly everyMs: number }
  /** 200, and a body without end, or gzip that a hundred kilobytes of which become a hundred megabytes. */
  | { readonly kind: "pour"; readonly content: "endless" | "small bomb" | "large bomb" }
  /** Interim answers first: then a good one, or none. */
  | { readonly kind: "interim"; readonly statuses: readonly number[]; readonly afterMs: number; readonly ends: boolean }
  /** A failure whose body of a few kilobytes is tens of megabytes on the wire. */
  | { readonly kind: "padded chunks"; readonly status: number; readonly chunks: number }
  /** Bytes as they are, then silence. */
  | { readonly kind: "raw"; readonly text: string };

export const HOSTILE_BEHAVIOURS = [
  "dripping",
  "redirecting",
  "pouring",
  "bombing",
  "interim",
  "garbling",
  "slow-accepting",
  "resetting-early",
  "busy",
  "leaving",
  "padding",
] as const;

export type HostileBehaviour = (typeof HOSTILE_BEHAVIOURS)[number];

export const BEHAVIOURS = [
  "good",
  "slow",
  "failing-at-first",
  "failing-always",
  "hanging",
  "resetting",
  "gone",
] as const;

export type Behaviour = (typeof BEHAVIOURS)[number];

/** Good merchants, except for how their servers treat connections. */
export const CONNECTION_BEHAVIOURS = ["closing", "slow-handshake"] as const;

export type ConnectionBehaviour = (typeof CONNECTION_BEHAVIOURS)[number];

/** Answer 202 and acknowledge: soon; when their time was over and they were called again; never. */
export const ACKNOWLEDGING_BEHAVIOURS = ["acknowledging", "acknowledging-late", "acknowledging-never"] as const;

export type AcknowledgingBehaviour = (typeof ACKNOWLEDGING_BEHAVIOURS)[number];

export type AnyBehaviour = Behaviour | HostileBehaviour | ConnectionBehaviour | AcknowledgingBehaviour;

/** What a merchant does with one delivery. */
export type FleetResponse =
  | {
      readonly kind: "answer";
      readonly status: number;
      readonly afterMs: number;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** Says 200 and begins the body, then stops there: for good, or by resetting the connection. */
  | { readonly kind: "half an answer"; readonly end: "hang" | "reset" }
  | { readonly kind: "reset"; readonly afterMs: number }
  | { readonly kind: "never" }
  | HostileResponse;

export interface ResponseInput {
  readonly behaviour: AnyBehaviour;
  /** Deliveries of the same webhook-id that came before this one. */
  readonly deliveriesBefore: number;
  /** Deadline of the caller for one attempt. */
  readonly deadlineMs: number;
  readonly random: Random;
  /** Where redirects lead that must not be followed. */
  readonly elsewhere?: readonly string[];
}
