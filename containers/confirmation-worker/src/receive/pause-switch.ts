/**
 * Whether everything is paused: read from the gate of everyone every few seconds, since the receiver asks at each turn.
 * When it cannot be read the last answer stands.
 */
import type { GatesTable } from "../../../../core/aws/gates-table.ts";
import { EVERYONE } from "../../../../core/merchant/gate.ts";
import { type Log, logError } from "../../../../core/telemetry/log-error.ts";

export interface PauseSwitchOptions {
  readonly table: Pick<GatesTable, "read">;
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
      const { gates, unread } = await table.read([EVERYONE]);
      if (unread.size > 0) return;
      const isPaused = gates.get(EVERYONE)?.pausedAt !== undefined;
      if (isPaused !== this.#isPaused) log(isPaused ? "everything is paused" : "everything is resumed");
      this.#isPaused = isPaused;
    } catch (error) {
      logError(warn, "gate of everyone not read", error);
    }
  }
}
