/**
 * Whether anybody can be reached at all: connections, at once closed again, to some of those to whom one was made
 * lately. What is remembered is the newest of each site. Merchants notice no more of it than of a health check of a
 * load balancer.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { setNewest } from "../cache/set-newest.ts";
import type { Endpoint } from "../http/dial.ts";
import type { Probed } from "./held-verdicts.ts";
import { registrableDomain } from "./registrable-domain.ts";

export interface EgressProbeOptions {
  /** Resolves with whether a TCP connection was made; must not reject. */
  readonly reach: (endpoint: Endpoint) => Promise<boolean>;
  readonly now: () => number;
  /** @default the time that passes */
  readonly pause?: (ms: number) => Promise<void>;
}

const MAX_SITES = 64;
/** Sites of one probe: as few as cannot all be gone by chance, a moment after each of them was there. */
const ASKED = { atLeast: 3, atMost: 5 };
/** Who has not been reached for so long may be gone. */
const LATELY_MS = 600_000;
/** Below the time for which a verdict is held, and far above what a connection to anywhere takes. */
const PATIENCE_MS = 1400;

interface Reached {
  readonly endpoint: Endpoint;
  readonly at: number;
}

export class EgressProbe {
  readonly #options: Required<EgressProbeOptions>;
  /** By site, the one reached last at the end. */
  readonly #reached = new Map<string, Reached>();

  constructor({ pause = (ms) => sleep(ms, undefined, { ref: false }), ...options }: EgressProbeOptions) {
    this.#options = { ...options, pause };
  }

  /** A connection was made. */
  connected(endpoint: Endpoint): void {
    const site = registrableDomain(endpoint.origin);
    setNewest(this.#reached, site, { endpoint, at: this.#options.now() }, MAX_SITES);
  }

  /** Others have reached it lately. */
  knows(endpoint: Endpoint): void {
    if (!this.#reached.has(registrableDomain(endpoint.origin))) this.connected(endpoint);
  }

  async probe(except: ReadonlySet<string>): Promise<Probed> {
    const { reach, now, pause } = this.#options;
    const since = now() - LATELY_MS;
    const known = [...this.#reached].toReversed().filter(([site, { at }]) => at >= since && !except.has(site));
    if (known.length < ASKED.atLeast) return "unknown";
    const asked = known.slice(0, ASKED.atMost).map(([, { endpoint }]) => endpoint);
    const anybody = Promise.any(asked.map(async (endpoint) => (await reach(endpoint)) || Promise.reject(endpoint)));
    return Promise.race([
      anybody.then(
        (): Probed => "reached",
        (): Probed => "nobody",
      ),
      pause(PATIENCE_MS).then((): Probed => "nobody"),
    ]);
  }
}
