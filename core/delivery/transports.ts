/**
 * Which transport carries a request: undici where it needs what that alone can (HTTP/2, a client certificate) or the
 * settings say so, else ours, which is the fastest. Made when it is first needed.
 */
import type { ConnectionPools } from "../http/connection-pools.ts";
import type { HttpVersion } from "../http/tls-identity.ts";
import type { Transport } from "../http/transport.ts";
import type { ConnectionNeed, UndiciTransport } from "../http/undici/undici-transport.ts";

export class Transports {
  readonly #http1: ConnectionPools;
  readonly #makeUndici: () => UndiciTransport;
  readonly #always: HttpVersion | undefined;
  #undici: UndiciTransport | undefined;
  #isClosed = false;

  /** @param always what undici speaks with whoever needs nothing of it; undefined where they are called by ours */
  constructor(http1: ConnectionPools, makeUndici: () => UndiciTransport, always: HttpVersion | undefined) {
    this.#http1 = http1;
    this.#makeUndici = makeUndici;
    this.#always = always;
  }

  of(need: ConnectionNeed): Transport {
    const { identity, httpVersion = this.#always ?? "1.1" } = need;
    const isOurs = identity === undefined && httpVersion !== "2" && this.#always === undefined;
    // What is closed says so itself.
    return isOurs || this.#isClosed ? this.#http1 : (this.#undici ??= this.#makeUndici()).of({ identity, httpVersion });
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
