/**
 * Copies of what is sent to merchants of the sandbox that somebody listens to, on their way into the table: best effort
 * and bounded. Whoever hands one over waits for nothing and is never told; what finds no room, or a table that does not
 * take it, is dropped and counted. A table that fails is left alone for half a minute.
 *
 * Copies of a merchant are written in their order, by one write at a time; those of some merchants side by side.
 */
import { CopiesContendedError } from "../../aws/copies-table.ts";
import type { DeliveryCopy } from "../../copies/delivery-copy.ts";
import { METRICS } from "../../settings/names.ts";
import { type Log, logError } from "../../telemetry/log-error.ts";

/** Made when it is written; undefined where it cannot be had. */
export interface OfferedCopy {
  readonly make: () => DeliveryCopy | Promise<DeliveryCopy | undefined>;
  /** Characters that it keeps in memory meanwhile. */
  readonly size: number;
}

export interface CopiesParts {
  /** Rejects where they were not written. */
  readonly append: (merchantId: string, copies: readonly DeliveryCopy[]) => Promise<void>;
  readonly count: (metric: string, by?: number) => void;
  readonly warn: Log;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Milliseconds since any moment, untouched by steps of the clock. */
  readonly elapsedMs: () => number;
  readonly pause: (ms: number) => Promise<void>;
}

/** That wait, of all merchants and of one. */
const MOST_WAITING = 200;
const MOST_OF_MERCHANT = 50;
const MOST_WAITING_SIZE = 8_000_000;
/** Merchants whose copies are written at once. */
const MOST_WRITES = 4;
/** Of one write. */
const MOST_TOGETHER = 10;
const MOST_TOGETHER_SIZE = 1_000_000;
const REST_MS = 30_000;

export class Copies {
  readonly #parts: CopiesParts;
  readonly #waiting = new Map<string, OfferedCopy[]>();
  readonly #writes = new Map<string, Promise<void>>();
  #count = 0;
  #size = 0;
  #restsUntil = Number.NEGATIVE_INFINITY;

  constructor(parts: CopiesParts) {
    this.#parts = parts;
  }

  /** @param until epoch milliseconds for which somebody listens, as its row says */
  isListenedTo(until: number | undefined): boolean {
    return until !== undefined && until > this.#parts.now();
  }

  offer(merchantId: string, copy: OfferedCopy): void {
    const waiting = this.#waiting.get(merchantId) ?? [];
    const hasRoom =
      this.#count < MOST_WAITING &&
      this.#size + copy.size <= MOST_WAITING_SIZE &&
      waiting.length < MOST_OF_MERCHANT &&
      this.#parts.elapsedMs() >= this.#restsUntil;
    if (!hasRoom) return this.#drop(1);
    waiting.push(copy);
    this.#waiting.set(merchantId, waiting);
    this.#count += 1;
    this.#size += copy.size;
    this.#begin();
  }

  /** Resolves when none waits any more, or the time is over: whoever is frozen afterwards asks for it. */
  async end(mostMs: number): Promise<void> {
    if (this.#writes.size === 0) return;
    const isOver = { yet: false };
    const over = this.#parts.pause(mostMs).then(() => (isOver.yet = true));
    while (this.#writes.size > 0 && !isOver.yet) await Promise.race([over, ...this.#writes.values()]);
  }

  #begin(): void {
    for (const merchantId of this.#waiting.keys()) {
      if (this.#writes.size >= MOST_WRITES) return;
      if (this.#writes.has(merchantId)) continue;
      const write = this.#write(merchantId).finally(() => {
        this.#writes.delete(merchantId);
        this.#begin();
      });
      this.#writes.set(merchantId, write);
    }
  }

  /** Never rejects. */
  async #write(merchantId: string): Promise<void> {
    const offered = this.#take(merchantId);
    try {
      const made = await Promise.all(offered.map(async ({ make }) => make()));
      const copies = made.filter((copy) => copy !== undefined);
      this.#drop(offered.length - copies.length);
      if (copies.length > 0) await this.#append(merchantId, copies);
    } catch (error) {
      // One that could not be made: nothing of the table's.
      this.#drop(offered.length);
      logError(this.#parts.warn, "copies not made", error, { merchantId });
    }
  }

  async #append(merchantId: string, copies: readonly DeliveryCopy[]): Promise<void> {
    const { append, warn, elapsedMs } = this.#parts;
    try {
      await append(merchantId, copies);
    } catch (error) {
      this.#drop(copies.length);
      if (error instanceof CopiesContendedError) return;
      if (elapsedMs() >= this.#restsUntil)
        logError(warn, "copies not kept, and none for a while", error, { merchantId });
      this.#restsUntil = elapsedMs() + REST_MS;
      this.#drop(this.#count);
      this.#waiting.clear();
      this.#count = 0;
      this.#size = 0;
    }
  }

  #take(merchantId: string): OfferedCopy[] {
    const waiting = this.#waiting.get(merchantId) ?? [];
    let size = 0;
    let count = 0;
    for (const copy of waiting) {
      if (count === MOST_TOGETHER || (count > 0 && size + copy.size > MOST_TOGETHER_SIZE)) break;
      size += copy.size;
      count += 1;
    }
    this.#count -= count;
    this.#size -= size;
    const taken = waiting.splice(0, count);
    if (waiting.length === 0) this.#waiting.delete(merchantId);
    return taken;
  }

  #drop(count: number): void {
    if (count > 0) this.#parts.count(METRICS.copiesDropped, count);
  }
}
