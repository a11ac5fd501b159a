/**
 * What was in flight when a worker ended, counted from outside: deliveries that their merchants had responded with 2xx
 * while the table did not say CONFIRMED yet. The dead worker knew of them at most in its memory, and the next one has
 * to deliver them again.
 *
 * First everything that had arrived before the end is closed in the fleet's books, then the rows of what was accepted
 * since the end before are read consistently, the newest first, before the next worker gets to them: their messages are
 * out of sight until the visibility timeout ends.
 */
import type { MerchantFleet } from "./fleet/split-fleet.ts";
import { isConfirmation } from "./fleet/ledger.ts";
import type { TableReader } from "./read-table.ts";
import { waitUntil } from "./wait-until.ts";

export interface InFlightOptions {
  readonly fleet: Pick<MerchantFleet, "open" | "ledger">;
  readonly table: Pick<TableReader, "rowsOf">;
  readonly isStopped: () => boolean;
}

const CLOSING_MS = 5000;

export class InFlightDeliveries {
  readonly #options: InFlightOptions;
  #endedBeforeMs = 0;

  constructor(options: InFlightOptions) {
    this.#options = options;
  }

  /** @returns the webhook-ids that were in flight when the worker ended */
  async at(endedAtMs: number): Promise<ReadonlySet<string>> {
    const { fleet, table, isStopped } = this.#options;
    const isClosed = async () => (await fleet.open(endedAtMs)) === 0;
    const isAllClosed = await waitUntil(isClosed, { everyMs: 1, untilMs: endedAtMs + CLOSING_MS, isStopped });
    if (!isAllClosed && !isStopped()) {
      throw new Error(
        `Calls of a worker that has ended are still open at the merchants ${CLOSING_MS} ms after its end; ` +
          "its sockets should be closed.",
      );
    }
    const since = this.#endedBeforeMs;
    this.#endedBeforeMs = endedAtMs;
    const accepted = (await fleet.ledger())
      .filter(
        (delivery) => isConfirmation(delivery) && delivery.arrivedAtMs > since && delivery.arrivedAtMs <= endedAtMs,
      )
      .toReversed();
    const rows = await table.rowsOf([...new Set(accepted.map(({ transactionId }) => transactionId))]);
    const unrecorded = accepted.filter(({ transactionId, version }) => {
      const row = rows.get(transactionId);
      return row?.version === version && row.state !== "CONFIRMED";
    });
    return new Set(unrecorded.map(({ webhookId }) => webhookId));
  }
}
