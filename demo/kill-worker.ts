/**
 * Kills the worker with SIGKILL several times on the way, and counts what each kill may cost.
 *
 * A delivery that its merchant has answered with a 2xx, while the table does not say CONFIRMED yet, was in flight: the dead worker
 * knew it at most in its memory, and the next one has to deliver it again. How many those are is counted from outside, after each
 * death: first everything that had arrived before it is closed in the fleet's books, then the rows of what was accepted since the
 * death before are read consistently, the newest first, before the next worker gets to them. Each such delivery allows one
 * duplicate, of its own webhook-id; nothing else does.
 */
import type { LocalWorker } from "../local/local-stack.ts";
import type { Fleet } from "./fleet/fleet.ts";
import { isConfirmation } from "./fleet/ledger.ts";
import type { TableReader } from "./read-table.ts";
import { waitUntil } from "./wait-until.ts";

/** How far the merchants' confirmations have come when a kill is due, as parts of all transactions. */
const KILLS_AT = [0.1, 0.3, 0.5, 0.7] as const;
const LOOK_EVERY_MS = 20;
const CLOSING_MS = 5000;

export interface KillOptions {
  readonly worker: Pick<LocalWorker, "kill" | "pid">;
  readonly fleet: Pick<Fleet, "counts" | "open" | "ledger">;
  readonly table: Pick<TableReader, "rowsOf">;
  readonly transactions: number;
  readonly untilMs: number;
  readonly isStopped: () => boolean;
}

export class WorkerKiller {
  readonly #options: KillOptions;
  readonly #inFlight: string[] = [];
  #kills = 0;
  #diedBeforeMs = 0;

  constructor(options: KillOptions) {
    this.#options = options;
  }

  get kills(): number {
    return this.#kills;
  }

  /** The webhook-ids that were in flight, one entry for each kill that met them. */
  get inFlight(): readonly string[] {
    return this.#inFlight;
  }

  /** Ends after the last kill, or when stopped. */
  async run(): Promise<void> {
    const { worker, fleet, transactions, untilMs, isStopped } = this.#options;
    for (const share of KILLS_AT) {
      const isDue = async () => worker.pid !== undefined && (await fleet.counts()).confirmed >= share * transactions;
      if (!(await waitUntil(isDue, { everyMs: LOOK_EVERY_MS, untilMs, isStopped }))) return;
      await worker.kill("SIGKILL");
      this.#kills += 1;
      this.#inFlight.push(...(await this.#inFlightAt(Date.now())));
    }
  }

  async #inFlightAt(diedAtMs: number): Promise<ReadonlySet<string>> {
    const { fleet, table, isStopped } = this.#options;
    const isClosed = async () => (await fleet.open(diedAtMs)) === 0;
    const isAllClosed = await waitUntil(isClosed, { everyMs: 1, untilMs: diedAtMs + CLOSING_MS, isStopped });
    if (!isAllClosed && !isStopped()) {
      throw new Error(
        `Calls of the killed worker are still open at the merchants ${CLOSING_MS} ms after its death; its sockets should be closed.`,
      );
    }
    const since = this.#diedBeforeMs;
    this.#diedBeforeMs = diedAtMs;
    const accepted = (await fleet.ledger())
      .filter(
        (delivery) => isConfirmation(delivery) && delivery.arrivedAtMs > since && delivery.arrivedAtMs <= diedAtMs,
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
