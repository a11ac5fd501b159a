/**
 * Who listens to a merchant of the sandbox: the attribute `listeners` of its row, a map from listeners to the end of
 * each one's lease. While there is one whose lease holds, copies are kept of what is sent to the merchant. It lies
 * where the programs that deliver look anyway, so that nobody else's deliveries pay for the question; what is live is
 * listened to by nobody, whatever its row says.
 */
import { type AttributeMap, type AttributeValue, numberOf } from "../transaction/attribute-value.ts";
import { environmentOf, SANDBOX } from "./merchant-environment.ts";

export const LISTENERS = "listeners";
/** At once, of one merchant. */
export const MOST_LISTENERS = 5;
/** Milliseconds of a lease, which a listener renews well before. */
export const LISTENER_LEASE_MS = 60_000;

/** Epoch milliseconds at which each lease ends. */
export type Listeners = ReadonlyMap<string, number>;

export function listenersOf(row: AttributeMap): Listeners {
  const entries = Object.entries(row[LISTENERS]?.M ?? {});
  return new Map(entries.map(([listenerId, until]) => [listenerId, numberOf(until) ?? 0]));
}

export function listenersAttribute(listeners: Listeners): AttributeValue {
  return { M: Object.fromEntries([...listeners].map(([id, until]) => [id, { N: String(until) }])) };
}

/** Epoch milliseconds at which the last lease ends. @returns undefined where nobody listens, or may */
export function listenedUntil(row: AttributeMap): number | undefined {
  if (row[LISTENERS] === undefined || environmentOf(row) !== SANDBOX) return undefined;
  const ends = [...listenersOf(row).values()];
  return ends.length === 0 ? undefined : Math.max(...ends);
}

/** With one more, or one for longer, and without those that are over. @param now epoch milliseconds */
export function withListener(listeners: Listeners, listenerId: string, now: number): Listeners {
  const others = [...listeners].filter(([id, until]) => id !== listenerId && until > now);
  return new Map([...others, [listenerId, now + LISTENER_LEASE_MS]]);
}
