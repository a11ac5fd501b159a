/**
 * The second transport: HTTP/1.1 and HTTP/2 by undici, on connections that are opened, kept, aged and closed as those
 * of ours are, by the same pools. They are kept by origin, by the identity that was shown, and by what was offered.
 */
import { ConnectionPools, type ConnectionPoolsBounds } from "../connection-pools.ts";
import { type Connect, type Endpoint, endpointOf } from "../dial.ts";
import type { HttpVersion, TlsIdentity } from "../tls-identity.ts";
import type { Transport } from "../transport.ts";
import { SessionOpenings } from "./session-openings.ts";
import { UndiciConnection } from "./undici-connection.ts";

const OFFERED = { "1.1": ["http/1.1"], "2": ["h2", "http/1.1"] } as const;

/** What tells connections to one origin apart. */
export interface ConnectionNeed {
  /** @default nobody's certificate is shown */
  readonly identity?: TlsIdentity | undefined;
  /** @default 1.1 */
  readonly httpVersion?: HttpVersion | undefined;
}

export class UndiciTransport {
  readonly #pools: ConnectionPools;
  readonly #openings = new WeakMap<Endpoint, SessionOpenings>();

  /** @param connect is asked for sockets that are streams */
  constructor(connect: Connect, bounds: ConnectionPoolsBounds) {
    const { now = () => performance.now() } = bounds;
    const openingsOf = (endpoint: Endpoint): SessionOpenings => {
      const known = this.#openings.get(endpoint) ?? new SessionOpenings(endpoint, connect, now);
      this.#openings.set(endpoint, known);
      return known;
    };
    this.#pools = new ConnectionPools({
      ...bounds,
      now,
      connection: (owner) => new UndiciConnection(owner, openingsOf),
    });
  }

  get size(): number {
    return this.#pools.size;
  }

  /** For requests with the same needs. */
  of({ identity, httpVersion = "1.1" }: ConnectionNeed): Transport {
    const nameOf = (origin: string) => `${origin} ${httpVersion} ${identity?.name ?? ""}`;
    return {
      send: (origin, handler, isAfresh) => {
        const endpoint = { ...endpointOf(origin), identity, protocols: OFFERED[httpVersion] };
        this.#pools.send(nameOf(origin), handler, isAfresh, endpoint);
      },
      withdraw: (origin, handler) => this.#pools.withdraw(nameOf(origin), handler),
    };
  }

  /** What is in flight fails; neither connections nor timers are left. */
  close(): void {
    this.#pools.close();
  }
}
