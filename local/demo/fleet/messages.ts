/** What the demo and the process of its fleet say to each other. Each request has one reply, matched by `id`. */
import type { AnyBehaviour } from "./response.ts";
import type { Delivery, LedgerCounts } from "./ledger.ts";

/** A merchant of the fleet before anybody has signed for it. */
export interface FleetMerchant {
  readonly merchantId: string;
  readonly behaviour: AnyBehaviour;
  /** Seconds in which it is to acknowledge what it answers with 202. @default 202 is a delivery */
  readonly acknowledgeWithinSeconds?: number;
  /** Another loopback address where its port takes connections and nothing ever comes of them. @default none */
  readonly silentAt?: string;
  /** PEM; it then speaks TLS alone. @default none: plain HTTP */
  readonly certificate?: { readonly cert: string; readonly key: string };
}

/** What a merchant may become on the way; `closed`: nothing listens on its port until it becomes something else. */
export type Turn = FleetMerchant["behaviour"] | "closed";

/** Listeners on addresses that must never be called. */
export interface Watchers {
  /** `http://…` origins, in the plain notation of their address. */
  readonly origins: readonly string[];
  /** The port of the one that listens on 127.0.0.1, where only the merchants' own ports may be called. */
  readonly loopbackPort: number;
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
  | {
      readonly kind: "trust";
      readonly secrets: Readonly<Record<string, string>>;
      /** Where they acknowledge. @default none of them does */
      readonly acknowledgementUrl?: string | undefined;
    }
  | { readonly kind: "turn"; readonly merchantId: string; readonly into: Turn }
  /** Its port is from now on at this loopback address, and at the one before no more. */
  | { readonly kind: "move"; readonly merchantId: string; readonly to: string }
  /** Opens the listeners that must never be reached; before `listen`, so that merchants can redirect to them. */
  | { readonly kind: "watch" }
  /** Connections that those have accepted. */
  | { readonly kind: "reached" }
  | { readonly kind: "counts" }
  /** Deliveries that arrived up to that moment and are still open. */
  | { readonly kind: "open"; readonly arrivedUpToMs: number }
  | { readonly kind: "ledger" };

export interface FleetReplies {
  readonly listen: Readonly<Record<string, number>>;
  readonly trust: true;
  readonly turn: true;
  readonly move: true;
  readonly watch: Watchers;
  readonly reached: readonly string[];
  readonly counts: LedgerCounts;
  readonly open: number;
  readonly ledger: readonly Delivery[];
}

export interface Numbered<Content> {
  readonly id: number;
  readonly content: Content;
}
