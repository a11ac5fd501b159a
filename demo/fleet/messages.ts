/** What the demo and the process of its fleet say to each other. Each request has one reply, matched by `id`. */
import type { Behaviour } from "./behaviour.ts";
import type { Delivery, LedgerCounts } from "./ledger.ts";

/** A merchant of the fleet before anybody has signed for it. */
export interface FleetMerchant {
  readonly merchantId: string;
  readonly behaviour: Behaviour;
}

export type FleetRequest =
  /** Opens a port for each merchant. */
  | {
      readonly kind: "listen";
      readonly merchants: readonly FleetMerchant[];
      readonly deadlineMs: number;
      readonly seed: number;
    }
  /** The secrets to verify with, `whsec_…` by merchant id; deliveries before it are refused. */
  | { readonly kind: "trust"; readonly secrets: Readonly<Record<string, string>> }
  | { readonly kind: "counts" }
  /** Deliveries that arrived up to that moment and are still open. */
  | { readonly kind: "open"; readonly arrivedUpToMs: number }
  | { readonly kind: "ledger" };

export interface FleetReplies {
  readonly listen: Readonly<Record<string, number>>;
  readonly trust: true;
  readonly counts: LedgerCounts;
  readonly open: number;
  readonly ledger: readonly Delivery[];
}

export interface Numbered<Content> {
  readonly id: number;
  readonly content: Content;
}
