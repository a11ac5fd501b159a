/** An event of a service as it was received, and what of it is a receipt: the form that all three are read into. */
import { withShortAddresses } from "../../core/channels/short-address.ts";
import type { ReceiptedKind } from "../../core/settings/groups/channels.ts";
import type { Receipt } from "../../core/transaction/row/told-step.ts";

export type ReadEvent =
  | {
      readonly kind: "receipts";
      readonly receipts: readonly Receipt[];
      /** By which the messages went. */
      readonly channel: ReceiptedKind;
      /** Somebody complained of the mail that he got. @default nobody */
      readonly isComplaint?: true;
    }
  /** Nothing that a step waits for: what was sent, opened, or is on its way. */
  | { readonly kind: "ignored"; readonly type: string }
  /** A message that carries no tag of ours: somebody else's of this account. */
  | { readonly kind: "foreign"; readonly type: string }
  | { readonly kind: "unreadable"; readonly why: string };

/** Whose fault it is that a message did not arrive. */
export type ReceiptFault = "recipient" | "service" | "template";

/** Characters of what a service says that are kept. */
const MOST_SAID = 300;

/** What a service says of a failure, short, and with no more of whom it was for than tells one from another. */
export function saidBy(...parts: readonly (string | undefined)[]): string {
  const said = parts.filter((part) => part !== undefined && part !== "").join(" ");
  return withShortAddresses(said).slice(0, MOST_SAID);
}
