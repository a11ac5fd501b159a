/** A confirmation as it goes through a simulated pipeline. It stands for as many real ones as the run's sample says. */
import type { Merchant } from "./merchant.ts";

export interface Confirmation {
  readonly id: string;
  readonly merchant: Merchant;
  /** Epoch milliseconds at which the table took it; 0 before. */
  committedAt: number;
  attemptCount: number;
  /** A message is accepted only at the row's own number (`core/transaction/row/row-state.ts`). */
  release: number;
  /** Releases since a task last recorded something. */
  unacknowledged: number;
  giveUpAt: number;
  /** Where it is in the due index, and when it is due there; undefined before it is written and once it is terminal. */
  place: { readonly dueKey: string; readonly dueAt: number } | undefined;
  /** `SCHEDULED`: it waits in the table, and a message of it is not accepted. */
  isParked: boolean;
  isTerminal: boolean;
  /** Its merchant has responded with 2xx to it. */
  isDelivered: boolean;
}
