/**
 * Pools with nothing in flight, the one for longest first. They come and go with nearly each call, so they are linked
 * to one another: a Set would leave a table behind at every few of them, as `TurnoverMap` tells.
 */
import type { ConnectionPool } from "./connection-pool.ts";

export class IdlePools {
  #first: ConnectionPool | undefined;
  #last: ConnectionPool | undefined;

  get first(): ConnectionPool | undefined {
    return this.#first;
  }

  /** @param pool that is not in it */
  append(pool: ConnectionPool): void {
    pool.idleBefore = this.#last;
    if (this.#last === undefined) this.#first = pool;
    else this.#last.idleAfter = pool;
    this.#last = pool;
  }

  /** Also of one that is not in it. */
  takeOut(pool: ConnectionPool): void {
    const { idleBefore: before, idleAfter: after } = pool;
    if (before === undefined && this.#first !== pool) return;
    if (before === undefined) this.#first = after;
    else before.idleAfter = after;
    if (after === undefined) this.#last = before;
    else after.idleBefore = before;
    pool.idleBefore = undefined;
    pool.idleAfter = undefined;
  }
}
