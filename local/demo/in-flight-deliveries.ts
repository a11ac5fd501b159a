/**
 * What was in flight when a worker ended, counted from outside: deliveries that their merchants had responded with 2xx
 * while the table did not say CONFIRMED yet. The dead worker knew of them at most in its memory, and the next one has
 * to deliver them again.
 *
 * What the dead worker had sent may lie in the sockets of merchants that have not got to it: they are asked a few times
 * first, since each turn of theirs takes in what lies there. Then everything that had arrived is closed in the fleet's
 * books, then the rows of what was accepted since the end before are read consistently, the newest first, before the
 * next worker gets to them: their messages are out of sight until the visibility timeout ends.
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
/** Turns: one takes the connection, one reads what came on it, one responds. The next worker is not up by then. */
const TURNS = 4;

export class InFlightDeliveries {
  readonly #options: InFlightOptions;
  #endedBeforeMs = 0;

  constructor(options: InFlightOptions) {
    this.#options = options;
  }

  /**
   * @returns the webhook-ids that were in flight when the worker ended, one entry for each delivery: what it had sent
   * again, or given up at its deadline, is known to nobody any more
   */
  async at(endedAtMs: number): Promise<readonly string[]> {
    const { fleet, table, isStopped } = this.#options;
    for (let turn = 0; turn < TURNS; turn += 1) await fleet.open(endedAtMs);
    const sentUntilMs = Math.max(endedAtMs, Date.now());
    const isClosed = async () => (await fleet.open(sentUntilMs)) === 0;
    const isAllClosed = await waitUntil(isClosed, { everyMs: 1, untilMs: sentUntilMs + CLOSING_MS, isStopped });
    if (!isAllClosed && !isStopped()) {
      throw new Error(
        `Calls of a worker that has ended are still open at the merchants ${CLOSING_MS} ms after its end; ` +
          "its sockets should be closed.",
      );
    }
    const since = this.#endedBeforeMs;
    this.#endedBeforeMs = sentUntilMs;
    const accepted = (await fleet.ledger())
      .filter(
        (delivery) => isConfirmation(delivery) && delivery.arrivedAtMs > since && delivery.arrivedAtMs <= sentUntilMs,
      )
      .toReversed();
    const rows = await table.rowsOf([...new Set(accepted.map(({ transactionId }) => transactionId))]);
    const unrecorded = accepted.filter(({ transactionId, version }) => {
      const row = rows.get(transactionId);
      return row?.version === version && row.state !== "CONFIRMED";
    });
    return unrecorded.map(({ webhookId }) => webhookId);
  }
}
