/**
 * Gates as deliveries need them, kept for a moment: one that is in trouble for a second, since other tasks change it,
 * one that has no row for five, since nearly all have none. What this task changed it knows at once: a read that was
 * under way meanwhile does not count.
 */
import type { GatesTable } from "../../aws/gates-table.ts";
import { MAX_MERCHANT_ROWS } from "../../aws/merchant-rows.ts";
import { Batcher } from "../../concurrency/batcher.ts";
import { circuitAt, type Gate, OPEN_GATE } from "../../merchant/gate.ts";
import { KnownMerchants, type KeptGate } from "../known-merchants.ts";
import { PipelineError } from "../../errors/pipeline-error.ts";

const LINGER_MS = 10;
const KEPT_MS = 1000;
/** Reads for one look at a gate that this task goes on changing. */
const MAX_ROUNDS = 5;
const NONE_KEPT_MS = 5000;

/** DynamoDB left the gate unread; nothing is known about it. */
export class GateUnreadError extends PipelineError {
  override readonly name = "GateUnreadError";
  readonly code = "GATE_UNREAD";
}

export class GateDirectory {
  readonly #now: () => number;
  readonly #known: KnownMerchants;
  /** Of merchants whose circuit was not closed when this task last saw it. */
  readonly #notClosed = new Set<string>();
  readonly #reads: Batcher<string, Gate | "none" | "unread">;

  /**
   * @param now milliseconds since any moment, untouched by steps of the clock
   * @param known where gates are remembered
   */
  constructor(table: Pick<GatesTable, "read">, now: () => number, known = new KnownMerchants()) {
    this.#now = now;
    this.#known = known;
    this.#reads = new Batcher({
      maxSize: MAX_MERCHANT_ROWS,
      lingerMs: LINGER_MS,
      maxInFlight: 4,
      run: async (ids) => {
        const { gates, unread } = await table.read([...new Set(ids)]);
        return ids.map((id) => (unread.has(id) ? "unread" : (gates.get(id) ?? "none")));
      },
    });
  }

  /**
   * At once where it is kept: a promise for each look of each call is not for nothing.
   *
   * @throws when the gate could not be read; the transaction is then tried again later
   */
  get(merchantId: string): Gate | Promise<Gate> {
    const kept = this.#known.get(merchantId)?.gate;
    return kept !== undefined && this.#isFresh(kept) ? kept.gate : this.#read(merchantId);
  }

  /** Whether `get` needs no read. */
  isKnown(merchantId: string): boolean {
    const kept = this.#known.get(merchantId)?.gate;
    return kept !== undefined && this.#isFresh(kept);
  }

  /**
   * To be called before a read.
   *
   * @returns takes what was read of one of them, unless its gate was changed here meanwhile
   */
  reading(merchantIds: readonly string[]): (merchantId: string, read: Gate | "none") => void {
    const startedAt = this.#now();
    const before = new Map(merchantIds.map((merchantId) => [merchantId, this.#known.get(merchantId)?.gate]));
    return (merchantId, read) => void this.#learn(merchantId, before.get(merchantId), read, startedAt);
  }

  async #read(merchantId: string): Promise<Gate> {
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      const kept = this.#known.get(merchantId)?.gate;
      if (kept !== undefined && this.#isFresh(kept)) return kept.gate;
      const startedAt = this.#now();
      const read = await this.#reads.add(merchantId);
      // Only one merchant's gate is written much; those that were asked for together with it must not suffer.
      if (read === "unread")
        throw new GateUnreadError(`The gate of ${merchantId} was left unread; it is throttled.`, { merchantId });
      if (this.#learn(merchantId, kept, read, startedAt)) return read === "none" ? OPEN_GATE : read;
    }
    throw new GateUnreadError(`The gate of ${merchantId} was changed here during each of ${MAX_ROUNDS} reads.`, {
      merchantId,
    });
  }

  /**
   * What was read counts from when its read began: of two at once the one that answers last may be the older one.
   *
   * @param before what was kept when the read began. @returns whether it still is, so that what was read counts
   */
  #learn(merchantId: string, before: KeptGate | undefined, read: Gate | "none", startedAt: number): boolean {
    if (this.#known.get(merchantId)?.gate !== before) return false;
    // As it is with nearly all of many merchants, again and again.
    if (read === "none" && before?.forMs === NONE_KEPT_MS) before.since = startedAt;
    else if (read === "none") this.#keep(merchantId, OPEN_GATE, startedAt, NONE_KEPT_MS);
    else this.#keep(merchantId, read, startedAt, KEPT_MS);
    return true;
  }

  /** Puts in what this task has just written. */
  put(merchantId: string, gate: Gate): void {
    this.#keep(merchantId, gate, this.#now(), KEPT_MS);
  }

  /**
   * Circuits that were open when this task last saw them, and would be still.
   *
   * @param maxOpenMs longest time that one stays open
   * @param now epoch milliseconds
   */
  openCircuits(maxOpenMs: number, now: number): number {
    let open = 0;
    for (const merchantId of this.#notClosed) {
      const gate = this.#known.get(merchantId)?.gate?.gate;
      if (gate !== undefined && circuitAt(gate, now, maxOpenMs) === "open") open += 1;
      else this.#notClosed.delete(merchantId);
    }
    return open;
  }

  /** The next look reads the row. */
  forget(merchantId: string): void {
    this.#keep(merchantId, OPEN_GATE, this.#now(), 0);
  }

  #isFresh({ since, forMs }: KeptGate): boolean {
    return this.#now() - since < forMs;
  }

  #keep(merchantId: string, gate: Gate, since: number, forMs: number): void {
    this.#known.remember(merchantId).gate = { gate, since, forMs };
    if (gate.circuitOpenUntil !== undefined) this.#notClosed.add(merchantId);
  }
}
