/**
 * Gathers single calls into batches, without making a lone call wait. While nothing is in flight a call leaves at the
 * end of the turn; while a batch is in flight the next one fills up, and leaves when it is full, when the one before
 * returns, or after `lingerMs`. A key appears at most once in a batch, since DynamoDB refuses one that names an item
 * twice, and in no two batches that are in flight together, so that what is done to an item is done in order.
 */
import { takeOut } from "../cache/take-out.ts";

/** In the place of an item's result: it alone failed, whatever became of the others in its batch. */
export class ItemFailed {
  readonly error: unknown;

  constructor(error: unknown) {
    this.error = error;
  }
}

export interface BatcherOptions<Item, Result> {
  readonly maxSize: number;
  /** Milliseconds that an item waits for company at most, while another batch is in flight. */
  readonly lingerMs: number;
  /** Batches in flight at once. */
  readonly maxInFlight: number;
  /** Items with the same key go in different batches, in order. @default no two items have the same */
  readonly keyOf?: (item: Item) => string;
  /** One result an item, in order. */
  readonly run: (items: Item[]) => Promise<(Result | ItemFailed)[]>;
}

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

export class Batcher<Item, Result> {
  readonly #options: BatcherOptions<Item, Result>;
  #queue: Waiting<Item, Result>[] = [];
  #inFlight = 0;
  /** Of each batch: one Set for all would be a chain of tables, as `TurnoverMap` tells. */
  readonly #keysInFlight: ReadonlySet<string>[] = [];
  #turn: NodeJS.Immediate | undefined;
  #linger: NodeJS.Timeout | undefined;

  constructor(options: BatcherOptions<Item, Result>) {
    this.#options = options;
  }

  /** Resolves with the item's own result; rejects when it failed, or its whole batch. */
  add(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ item, resolve, reject });
      this.#schedule();
    });
  }

  /** Items that no batch has taken yet. */
  get waiting(): number {
    return this.#queue.length;
  }

  #schedule(): void {
    const { maxSize, maxInFlight, lingerMs } = this.#options;
    if (this.#queue.length === 0 || this.#inFlight >= maxInFlight) return;
    if (this.#queue.length >= maxSize) return this.#flush();
    if (this.#inFlight === 0) this.#turn ??= setImmediate(() => this.#flush());
    else this.#linger ??= setTimeout(() => this.#flush(), lingerMs);
  }

  #flush(): void {
    clearImmediate(this.#turn);
    clearTimeout(this.#linger);
    this.#turn = undefined;
    this.#linger = undefined;
    const { batch, keys } = this.#take();
    if (batch.length === 0) return;
    this.#inFlight += 1;
    this.#keysInFlight.push(keys);
    void this.#run(batch, keys).finally(() => {
      this.#inFlight -= 1;
      this.#schedule();
    });
    this.#schedule();
  }

  async #run(batch: readonly Waiting<Item, Result>[], keys: ReadonlySet<string>): Promise<void> {
    try {
      const results = await this.#options.run(batch.map(({ item }) => item));
      batch.forEach(({ resolve, reject }, index) => {
        const result = results[index];
        if (result instanceof ItemFailed) reject(result.error);
        else resolve(result as Result);
      });
    } catch (error) {
      for (const { reject } of batch) reject(error);
    } finally {
      takeOut(this.#keysInFlight, keys);
    }
  }

  #take(): { readonly batch: Waiting<Item, Result>[]; readonly keys: ReadonlySet<string> } {
    const { maxSize, keyOf } = this.#options;
    if (keyOf === undefined) return { batch: this.#queue.splice(0, maxSize), keys: NO_KEYS };
    const batch: Waiting<Item, Result>[] = [];
    const left: Waiting<Item, Result>[] = [];
    const keys = new Set<string>();
    let index = 0;
    for (; index < this.#queue.length && batch.length < maxSize; index += 1) {
      const waiting = this.#queue[index] as Waiting<Item, Result>;
      const key = keyOf(waiting.item);
      if (keys.has(key) || this.#isInFlight(key)) left.push(waiting);
      else {
        keys.add(key);
        batch.push(waiting);
      }
    }
    // Behind a full batch nothing is looked at: the queue may be long.
    const rest = this.#queue.slice(index);
    this.#queue = left.length === 0 ? rest : left.concat(rest);
    return { batch, keys };
  }

  #isInFlight(key: string): boolean {
    for (const keys of this.#keysInFlight) if (keys.has(key)) return true;
    return false;
  }
}

const NO_KEYS: ReadonlySet<string> = new Set();
