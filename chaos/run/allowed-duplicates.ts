/**
 * What may be delivered again, counted from outside at each end of a worker: deliveries that their merchants had answered with a 2xx while
 * the table did not say CONFIRMED yet. The dead worker knew of them at most in its memory. A killed worker is allowed each of them; one
 * that was asked to stop is allowed them only if the table was kept from taking its records while it stopped.
 *
 * Read as soon as the process is gone and its calls are closed in the merchants' books, before the next worker can get to them: their
 * messages are out of sight until the visibility timeout ends. One allowance is for one more delivery of one webhook-id.
 */
import { isConfirmation } from "../../demo/fleet/ledger.ts";
import type { Fleet } from "../../demo/fleet/fleet.ts";
import type { TableReader } from "../../demo/read-table.ts";
import { waitUntil } from "../../demo/wait-until.ts";

export interface AllowedDuplicatesOptions {
  readonly fleet: Pick<Fleet, "open" | "ledger">;
  readonly table: Pick<TableReader, "rowsOf">;
  readonly isStopped: () => boolean;
}

const CLOSING_MS = 8000;
const LOOK_EVERY_MS = 2;

export class AllowedDuplicates {
  readonly #options: AllowedDuplicatesOptions;
  readonly #webhookIds: string[] = [];
  #endedBeforeMs = 0;

  constructor(options: AllowedDuplicatesOptions) {
    this.#options = options;
  }

  /** One entry for each time that a delivery was in flight when a worker ended. */
  get webhookIds(): readonly string[] {
    return this.#webhookIds;
  }

  /** @returns how many were in flight at an end that allows them */
  async workerEnded(endedAtMs: number, isAllowed: boolean): Promise<number> {
    const { fleet, table, isStopped } = this.#options;
    const isClosed = async () => (await fleet.open(endedAtMs)) === 0;
    const isAllClosed = await waitUntil(isClosed, {
      everyMs: LOOK_EVERY_MS,
      untilMs: endedAtMs + CLOSING_MS,
      isStopped,
    });
    if (!isAllClosed && !isStopped())
      throw new Error(`Calls of a worker that has ended are still open at the merchants ${CLOSING_MS} ms later.`);
    const since = this.#endedBeforeMs;
    this.#endedBeforeMs = endedAtMs;
    const accepted = (await fleet.ledger())
      .filter((one) => isConfirmation(one) && one.arrivedAtMs > since && one.arrivedAtMs <= endedAtMs)
      .toReversed();
    const rows = await table.rowsOf([...new Set(accepted.map(({ transactionId }) => transactionId))]);
    const unrecorded = accepted.filter(({ transactionId, version }) => {
      const row = rows.get(transactionId);
      return row?.version === version && row.state !== "CONFIRMED";
    });
    const inFlight = new Set(unrecorded.map(({ webhookId }) => webhookId));
    if (isAllowed) this.#webhookIds.push(...inFlight);
    return isAllowed ? inFlight.size : 0;
  }
}
