/**
 * Whose fault it is that WhatsApp did not deliver a message, by the number of Meta's error (WhatsApp Business Platform,
 * "Error codes"). The same whether it is said at once, or later by a receipt.
 *
 * @see https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes
 */

/**
 * - `recipient`: the number has no WhatsApp, or wants no messages
 * - `template`: it is not there, not approved, paused, or has other parameters
 * - `rate`, `quota`: a limit of the number, or of the business account
 * - `person`: a debt, an account that is locked, a right that is missing: somebody of ours has to mend it
 */
export type MetaFault = "recipient" | "template" | "rate" | "quota" | "person";

const CODES: Readonly<Record<number, MetaFault>> = {
  /** It takes part in an experiment of Meta's that keeps messages from it. */
  130472: "recipient",
  /** Sender and recipient are the same. */
  131021: "recipient",
  /** Undeliverable: no WhatsApp, its terms not accepted, too old. */
  131026: "recipient",
  /** Has not written in the last 24 hours. */
  131047: "recipient",
  /** Wants no marketing. */
  131050: "recipient",
  131008: "template",
  131009: "template",
  131051: "template",
  80007: "rate",
  130429: "rate",
  131056: "rate",
  131048: "quota",
  131049: "quota",
  368: "person",
  /** The recipient is not on the list of a business that only tries it out. */
  131030: "person",
  131031: "person",
  131042: "person",
  131045: "person",
};
/** All of these are of templates. */
const TEMPLATES = { from: 132_000, below: 133_000 } as const;

/** @returns undefined for one that says nothing of the kind */
export function metaFault(code: number): MetaFault | undefined {
  return code >= TEMPLATES.from && code < TEMPLATES.below ? "template" : CODES[code];
}
