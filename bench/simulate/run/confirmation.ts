/** A confirmation as it goes through a simulated pipeline. It stands for as many real ones as the run's sample says. */
import type { Merchant } from "./merchant.ts";

export interface Confirmation {
  readonly id: string;
  readonly merchant: Merchant;
  /** Epoch milliseconds at which the table took it; 0 before. */
  committedAt: number;
  attemptCount: number;
  /** A message is heard only at the row's own number (`core/state.ts`). */
  release: number;
  giveUpAt: number;
  /** It waits in the table: the partition of the due index, and when it is due. */
  parked: { readonly dueKey: string; readonly dueAt: number } | undefined;
  isSettled: boolean;
  /** Its merchant has answered 2xx to it. */
  isDelivered: boolean;
}
