/**
 * Addresses of the mailbox simulator of SES (SES Developer Guide, "Using the mailbox simulator"): what happens to a
 * mail for one of them, there and here. A label, as in `bounce+order1@…`, makes no difference. None is handed on.
 */
import type { Bounce } from "./ses-events.ts";

export type Simulated =
  | { readonly kind: "delivered"; readonly isComplaint?: true }
  | { readonly kind: "bounced"; readonly bounce: Bounce };

const DOMAIN = "@simulator.amazonses.com";

const SIMULATED: Readonly<Record<string, Simulated>> = {
  success: { kind: "delivered" },
  // The reply of an absent person comes to the sender by mail, and is no event.
  ooto: { kind: "delivered" },
  complaint: { kind: "delivered", isComplaint: true },
  bounce: {
    kind: "bounced",
    bounce: {
      bounceType: "Permanent",
      bounceSubType: "General",
      status: "5.1.1",
      diagnosticCode: "smtp; 550 5.1.1 user unknown",
    },
  },
  suppressionlist: {
    kind: "bounced",
    bounce: {
      bounceType: "Permanent",
      bounceSubType: "Suppressed",
      status: "5.1.1",
      diagnosticCode: "Amazon SES has suppressed sending to this address because it has a recent history of bouncing.",
    },
  },
};

/** @returns undefined for an address that is none of the simulator's */
export function simulated(address: string): Simulated | undefined {
  const lower = address.toLowerCase();
  if (!lower.endsWith(DOMAIN)) return undefined;
  const [name = ""] = lower.slice(0, -DOMAIN.length).split("+");
  return Object.hasOwn(SIMULATED, name) ? SIMULATED[name] : undefined;
}
