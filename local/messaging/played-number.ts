/**
 * What a number plays: its last three digits say what becomes of a message to it, as the simulators of AWS do by whole
 * numbers. Every other number takes what it is sent, and says so.
 */

export type Play =
  | { readonly kind: "takes" | "takes without receipt" | "takes late" | "says nothing" }
  /** Taken, and a receipt says that it did not arrive. */
  | { readonly kind: "does not arrive" }
  | { readonly kind: "refused"; readonly why: "opted out" | "quota" | "throttled" | "broken" };

const PLAYS: Readonly<Record<string, Play>> = {
  "204": { kind: "takes without receipt" },
  "202": { kind: "takes late" },
  "408": { kind: "says nothing" },
  "404": { kind: "does not arrive" },
  "410": { kind: "refused", why: "opted out" },
  "402": { kind: "refused", why: "quota" },
  "429": { kind: "refused", why: "throttled" },
  "500": { kind: "refused", why: "broken" },
};
/** Failure numbers of AWS's own simulator (AWS End User Messaging SMS User Guide, "Simulator phone numbers"). */
const SIMULATED_FAILURES = new Set(["+61455944039", "+43676800442032", "+32460213923", "+33755512502", "+4525919215"]);

export function playedBy(number: string): Play {
  if (SIMULATED_FAILURES.has(number)) return { kind: "does not arrive" };
  return PLAYS[number.slice(-3)] ?? { kind: "takes" };
}
