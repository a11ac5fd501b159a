/**
 * The old system of the proof, as cron jobs are: every few seconds it takes the list of what it has not confirmed yet,
 * reads the switches of all merchants, and calls those that by the rule are its own. What fails is left for the next
 * run. It is told every transaction, and nothing of what the pipeline does; its log is all that it says.
 *
 * The list is taken before the switches are read. So no version on it can be under a switch that was not there then:
 * each switch is ahead of the clock when it is asked for.
 */
import { ownerOf, type ShownSwitch } from "../../../core/merchant/cut-over-rule.ts";
import { OLD_SYSTEM_HEADER } from "./cutover-merchants.ts";

export interface OldVersion {
  readonly transactionId: string;
  readonly version: number;
  readonly merchantId: string;
  readonly occurredAt: string;
}

export interface LogLine extends Omit<OldVersion, "occurredAt"> {
  readonly confirmedAt: string;
}

export interface OldSystemOptions {
  /** Switches of all merchants, as the API shows them. */
  readonly readSwitches: () => Promise<ReadonlyMap<string, readonly ShownSwitch[]>>;
  readonly urlOf: (merchantId: string) => string;
  readonly nowMs: () => number;
}

const AT_ONCE = 8;

export class OldSystem {
  /** Of each transaction the version that it has: an older one is of no interest any more. */
  readonly #waiting = new Map<string, OldVersion>();
  readonly log: LogLine[] = [];
  readonly #options: OldSystemOptions;

  constructor(options: OldSystemOptions) {
    this.#options = options;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  told(version: OldVersion): void {
    this.#waiting.set(version.transactionId, version);
  }

  async run(): Promise<void> {
    const list = [...this.#waiting.values()];
    const switches = await this.#options.readSwitches();
    const calls = list.values();
    const callInTurn = async () => {
      for (const version of calls) await this.#handle(version, switches.get(version.merchantId));
    };
    await Promise.all(Array.from({ length: AT_ONCE }, callInTurn));
  }

  async #handle(version: OldVersion, switches: readonly ShownSwitch[] | undefined): Promise<void> {
    if (ownerOf(version.occurredAt, switches) === "pipeline") return this.#isDone(version);
    if (!(await this.#call(version))) return;
    const { occurredAt: _, ...confirmed } = version;
    this.log.push({ ...confirmed, confirmedAt: new Date(this.#options.nowMs()).toISOString() });
    this.#isDone(version);
  }

  #isDone(version: OldVersion): void {
    if (this.#waiting.get(version.transactionId) === version) this.#waiting.delete(version.transactionId);
  }

  async #call({ transactionId, version, merchantId }: OldVersion): Promise<boolean> {
    const response = await fetch(this.#options.urlOf(merchantId), {
      method: "POST",
      headers: { "content-type": "application/json", [OLD_SYSTEM_HEADER]: "1" },
      body: JSON.stringify({ data: { transactionId, version } }),
    }).catch(() => undefined);
    await response?.arrayBuffer();
    return response?.ok === true;
  }
}

/** Its log as a file that can be imported. */
export function logFile(log: readonly LogLine[]): string {
  const lines = log.map(
    ({ transactionId, version, merchantId, confirmedAt }) =>
      `${transactionId},${version},${merchantId},${confirmedAt}\n`,
  );
  return `transactionId,version,merchantId,confirmedAt\n${lines.join("")}`;
}
