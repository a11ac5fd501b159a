/**
 * A merchant's share of the executions, which all of them see: an item of its own in the gates table. The bound of an
 * event source mapping is of all merchants together, and an execution lasts as long as its slowest call, so a merchant
 * may hold few of a mapping's:
 *
 *   unknown    a quarter of the executions may call it at once, each by a lease
 *   trusted    it responded quickly within the last minutes, and no call of it was late since: called without lease
 *   slow       it responds, but late: half of the executions, by lease
 *
 * And all that are not trusted may together hold six in ten of the executions, those that failed or were late more than
 * once a third: of the share of `*`. Those of the sandbox have a tenth of the executions instead, trusted or not.
 *
 * Each mapping has executions of its own, so a lease is one of its mapping's, which its id begins with. Each change is
 * in `shares-table.ts`. A lease is over by itself when its execution was killed.
 */
import { randomUUID } from "node:crypto";
import type { AttributeMap, AttributeValue } from "../../../core/transaction/attribute-value.ts";
import { EVERYONE } from "../../../core/merchant/merchant-health.ts";
import { sandboxPart } from "../../../core/merchant/sandbox-limits.ts";
import { numberOf } from "../../../core/transaction/attribute-value.ts";

export interface Lease {
  /** Epoch milliseconds, as all times here. */
  readonly since: number;
  readonly until: number;
}

/** An event source mapping: what its invocations are for, and how many of them run side by side at most. */
export interface Mapping {
  readonly name: "confirmations" | "ordered" | "calls";
  readonly executions: number;
}

export interface Share {
  /** By id, those that are over and those of other mappings included. */
  readonly leases: ReadonlyMap<string, Lease>;
  /** When it last responded quickly; undefined once a call was late. */
  readonly quickAt: number | undefined;
  readonly respondedAt: number | undefined;
  /** Calls in a row that nobody answered. */
  readonly unanswered: number;
  /** Two for each call that nobody answered, one for each late response, one less for each quick one; at least 0. */
  readonly demerits: number;
  /** Changes with each write. */
  readonly version: number;
}

/** Milliseconds after which a call without a response is late: then its execution is one that the merchant holds. */
export const LATE_MS = 500;
/** Milliseconds for which what a merchant did lately counts. */
export const REMEMBERED_MS = 300_000;
/** As many calls in a row that nobody answered open the circuit: as many as one task of the worker needs. */
export const UNANSWERED_TO_OPEN = 10;
const QUARTER = 0.25;
const HALF = 0.5;
const DEGRADED_SHARE = 1 / 3;
const UNTRUSTED_SHARE = 0.6;
const DEGRADED_FROM = 2;
/** However often it failed, some quick responses are enough. */
export const MOST_DEMERITS = 6;

/** Owns what all merchants of the sandbox have together. No merchant may have such an id (`OWN_ITEMS`). */
export const WHOLE_SANDBOX = `${EVERYONE} sandbox`;
const LEASE = "lease ";
export const NO_SHARE: Share = Object.freeze({
  leases: new Map(),
  quickAt: undefined,
  respondedAt: undefined,
  unanswered: 0,
  demerits: 0,
  version: 0,
});

/** No merchant may have such an id (`OWN_ITEMS`). */
export function shareId(merchantId: string): string {
  return `share of ${merchantId}`;
}

export function newLeaseId({ name }: Mapping): string {
  return `${name} ${randomUUID()}`;
}

export function leaseAttribute(leaseId: string): string {
  return LEASE + leaseId;
}

export function leaseValue({ since, until }: Lease): AttributeValue {
  return { M: { since: { N: String(since) }, until: { N: String(until) } } };
}

export function parseShare(item: AttributeMap): Share {
  const leases = new Map<string, Lease>();
  for (const [name, value] of Object.entries(item)) {
    if (!name.startsWith(LEASE)) continue;
    const since = numberOf(value.M?.["since"]) ?? 0;
    leases.set(name.slice(LEASE.length), { since, until: numberOf(value.M?.["until"]) ?? 0 });
  }
  return {
    leases,
    quickAt: numberOf(item["quickAt"]),
    respondedAt: numberOf(item["respondedAt"]),
    unanswered: numberOf(item["unanswered"]) ?? 0,
    demerits: numberOf(item["demerits"]) ?? 0,
    version: numberOf(item["version"]) ?? 0,
  };
}

/** @param mapping whose. @default all of them */
export function liveLeases({ leases }: Share, now: number, mapping?: Mapping): readonly Lease[] {
  const all = [...leases].filter(([, { until }]) => until > now);
  return all.filter(([id]) => mapping === undefined || id.startsWith(`${mapping.name} `)).map(([, lease]) => lease);
}

export function isTrusted({ quickAt, demerits }: Share, now: number): boolean {
  return demerits === 0 && isRecent(quickAt, now);
}

/** Not one late response, which anybody may have. */
export function isDegraded({ demerits }: Share): boolean {
  return demerits >= DEGRADED_FROM;
}

/**
 * Of all merchants that are not trusted: what is left of the executions is for those that are, and of the rest a part
 * for those of which nothing is known.
 */
export function leasesAllowedTogether(executions: number, isForDegraded: boolean): number {
  return Math.max(1, Math.floor(executions * (isForDegraded ? DEGRADED_SHARE : UNTRUSTED_SHARE)));
}

/** Of the whole sandbox: what is left is for those that are live. */
export function leasesAllowedInSandbox(executions: number): number {
  return sandboxPart(executions);
}

/** @param executions of its mapping, for all merchants together */
export function leasesAllowed({ respondedAt }: Share, executions: number, now: number): number {
  return Math.max(1, Math.floor(executions * (isRecent(respondedAt, now) ? HALF : QUARTER)));
}

/** @param forMs milliseconds for which a call that has not ended leaves hope. @returns whether all have only begun */
export function isWorthWaiting(leases: readonly Lease[], now: number, forMs: number): boolean {
  return leases.every(({ since }) => since + forMs > now);
}

function isRecent(at: number | undefined, now: number): boolean {
  return at !== undefined && now - at < REMEMBERED_MS;
}
