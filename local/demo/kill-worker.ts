/**
 * Kills the worker with SIGKILL several times on the way, and counts what each kill may cost: each delivery that was in
 * flight allows one duplicate, of its own webhook-id; nothing else does.
 */
import type { LocalWorker } from "../local-stack.ts";
import type { MerchantFleet } from "./fleet/split-fleet.ts";
import { InFlightDeliveries } from "./in-flight-deliveries.ts";
import type { TableReader } from "./read-table.ts";
import { waitUntil } from "./wait-until.ts";

/** How far the merchants' confirmations have come when a kill is due, as parts of all transactions. */
const KILLS_AT = [0.1, 0.3, 0.5, 0.7] as const;
const LOOK_EVERY_MS = 20;

export interface KillOptions {
  readonly worker: Pick<LocalWorker, "kill" | "pid">;
  readonly fleet: Pick<MerchantFleet, "counts" | "open" | "ledger">;
  readonly table: Pick<TableReader, "rowsOf">;
  readonly transactions: number;
  readonly untilMs: number;
  readonly isStopped: () => boolean;
}

export class WorkerKiller {
  readonly #options: KillOptions;
  readonly #inFlight: string[] = [];
  readonly #deaths: InFlightDeliveries;
  #kills = 0;

  constructor(options: KillOptions) {
    this.#options = options;
    this.#deaths = new InFlightDeliveries(options);
  }

  get kills(): number {
    return this.#kills;
  }

  /** The webhook-ids that were in flight, one entry for each delivery that a kill met. */
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
      this.#inFlight.push(...(await this.#deaths.at(Date.now())));
    }
  }
}
