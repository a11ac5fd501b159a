/**
 * Kept-alive connections, one pool an origin. Pools are bounded: past the limit the one that was idle longest is closed, since a
 * pool for each of 100,000 merchants would keep their sockets and memory for good. An origin has as many connections as calls were under
 * way there at once, which the bulkhead bounds; idle ones are closed after a moment.
 */
import { Pool, type Dispatcher } from "undici";
import type { buildConnector } from "undici";

/** Milliseconds that an idle connection is kept; below what common servers and load balancers allow. */
const KEEP_ALIVE_MS = 4000;

interface Entry {
  readonly pool: Pool;
  inUse: number;
}

export class Origins {
  readonly #connect: buildConnector.connector;
  readonly #maxOrigins: number;
  readonly #keepAliveMs: number;
  /** In the order of last use, oldest first. */
  readonly #entries = new Map<string, Entry>();

  constructor(connect: buildConnector.connector, maxOrigins: number, keepAliveMs: number = KEEP_ALIVE_MS) {
    this.#keepAliveMs = keepAliveMs;
    this.#connect = connect;
    this.#maxOrigins = maxOrigins;
  }

  /** Runs a call with the pool of an origin, which stays open meanwhile. */
  async use<T>(origin: string, call: (dispatcher: Dispatcher) => Promise<T>): Promise<T> {
    const entry = this.#entries.get(origin) ?? {
      pool: new Pool(origin, {
        connect: this.#connect,
        pipelining: 1,
        keepAliveTimeout: this.#keepAliveMs,
        // A server's hint may make it shorter and never longer: by default it could keep our sockets for ten minutes each.
        keepAliveMaxTimeout: this.#keepAliveMs,
        allowH2: false,
      }),
      inUse: 0,
    };
    this.#entries.delete(origin);
    this.#entries.set(origin, entry);
    entry.inUse += 1;
    this.#evict();
    try {
      return await call(entry.pool);
    } finally {
      entry.inUse -= 1;
    }
  }

  get size(): number {
    return this.#entries.size;
  }

  async close(): Promise<void> {
    const entries = [...this.#entries.values()];
    this.#entries.clear();
    await Promise.all(entries.map(({ pool }) => pool.destroy()));
  }

  #evict(): void {
    for (const [origin, entry] of this.#entries) {
      if (this.#entries.size <= this.#maxOrigins) return;
      if (entry.inUse > 0) continue;
      this.#entries.delete(origin);
      void entry.pool.destroy().catch(() => undefined);
    }
  }
}
