/**
 * Whether everything is paused: read from everyone's health row every few seconds, since the receiver asks at each
 * turn. When it cannot be read the last response stands.
 */
import type { MerchantHealthTable } from "../../../../core/aws/merchant-health-table.ts";
import { EVERYONE } from "../../../../core/merchant/merchant-health.ts";
import { type Log, logError } from "../../../../core/telemetry/log-error.ts";

export interface PauseSwitchOptions {
  readonly table: Pick<MerchantHealthTable, "read">;
  readonly log: (message: string) => void;
  readonly warn: Log;
}

export class PauseSwitch {
  readonly #options: PauseSwitchOptions;
  #isPaused = false;

  constructor(options: PauseSwitchOptions) {
    this.#options = options;
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  /** Never rejects. */
  async look(): Promise<void> {
    const { table, log, warn } = this.#options;
    try {
      const { healthRows, unread } = await table.read([EVERYONE]);
      if (unread.size > 0) return;
      const isPaused = healthRows.get(EVERYONE)?.pausedAt !== undefined;
      if (isPaused !== this.#isPaused) log(isPaused ? "everything is paused" : "everything is resumed");
      this.#isPaused = isPaused;
    } catch (error) {
      logError(warn, "gate of everyone not read", error);
    }
  }
}
