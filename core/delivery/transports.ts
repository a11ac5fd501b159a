/**
 * Which transport carries a request: undici where it needs what that alone can (HTTP/2, a client certificate) or the
 * settings say so, else ours, which is the fastest. Made when it is first needed.
 */
import type { ConnectionPools } from "../http/connection-pools.ts";
import type { Transport } from "../http/transport.ts";
import type { ConnectionNeed, UndiciTransport } from "../http/undici/undici-transport.ts";

export class Transports {
  readonly #http1: ConnectionPools;
  readonly #makeUndici: () => UndiciTransport;
  readonly #isAlwaysUndici: boolean;
  #undici: UndiciTransport | undefined;
  #isClosed = false;

  /** @param isAlwaysUndici whatever a request needs */
  constructor(http1: ConnectionPools, makeUndici: () => UndiciTransport, isAlwaysUndici: boolean) {
    this.#http1 = http1;
    this.#makeUndici = makeUndici;
    this.#isAlwaysUndici = isAlwaysUndici;
  }

  of(need: ConnectionNeed): Transport {
    const isOurs = need.identity === undefined && need.httpVersion !== "2" && !this.#isAlwaysUndici;
    // What is closed says so itself.
    return isOurs || this.#isClosed ? this.#http1 : (this.#undici ??= this.#makeUndici()).of(need);
  }

  /** Origins with connections, for each identity. */
  get size(): number {
    return this.#http1.size + (this.#undici?.size ?? 0);
  }

  /** What is in flight fails; neither connections nor timers are left. */
  close(): void {
    this.#isClosed = true;
    this.#http1.close();
    this.#undici?.close();
  }
}
