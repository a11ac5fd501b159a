/**
 * Gates as deliveries need them, kept for a moment: one that is in trouble for a second, since other tasks change it, one that has no
 * row for five, since nearly all have none. What this task changed it knows at once.
 */
import type { GatesTable } from "../../aws/gates-table.ts";
import { Batcher } from "../../core/batcher.ts";
import { type Gate, OPEN_GATE } from "../../core/gate.ts";

const MAX_READS = 100;
const LINGER_MS = 10;
const KEPT_MS = 1000;
const NONE_KEPT_MS = 5000;
const MAX_KEPT = 50_000;

/** DynamoDB left the gate unread; nothing is known about it. */
export class GateUnreadError extends Error {
  readonly code = "GATE_UNREAD";
}

export class GateDirectory {
  readonly #now: () => number;
  readonly #kept = new Map<string, { readonly gate: Gate; readonly until: number }>();
  readonly #reads: Batcher<string, Gate | undefined>;

  constructor(table: Pick<GatesTable, "read">, now: () => number) {
    this.#now = now;
    this.#reads = new Batcher({
      maxSize: MAX_READS,
      lingerMs: LINGER_MS,
      maxInFlight: 4,
      run: async (ids) => {
        const { gates, unread } = await table.read([...new Set(ids)]);
        if (unread.size > 0)
          throw new GateUnreadError(`${unread.size} gates were left unread; the table is throttled.`);
        return ids.map((id) => gates.get(id));
      },
    });
  }

  /** @throws when the table could not be read; the transaction is then tried again later */
  async get(merchantId: string): Promise<Gate> {
    const kept = this.#kept.get(merchantId);
    if (kept !== undefined && kept.until > this.#now()) return kept.gate;
    const gate = await this.#reads.add(merchantId);
    this.#keep(merchantId, gate ?? OPEN_GATE, gate === undefined ? NONE_KEPT_MS : KEPT_MS);
    return gate ?? OPEN_GATE;
  }

  /** Puts in what this task has just written. */
  put(merchantId: string, gate: Gate): void {
    this.#keep(merchantId, gate, KEPT_MS);
  }

  /** The next look reads the row. */
  forget(merchantId: string): void {
    this.#kept.delete(merchantId);
  }

  #keep(merchantId: string, gate: Gate, keptMs: number): void {
    this.#kept.delete(merchantId);
    this.#kept.set(merchantId, { gate, until: this.#now() + keptMs });
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MAX_KEPT && oldest !== undefined) this.#kept.delete(oldest);
  }
}
