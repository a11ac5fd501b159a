/**
 * Host names to addresses, by c-ares rather than `dns.lookup`: that one runs in libuv's thread pool, where a few dead
 * names hold up every healthy one. Answers are kept for their time to live, within bounds, each family by itself
 * (`name-family.ts`). A family that is not answered holds up the other for 50 ms at most (RFC 8305, section 3); one
 * that this network cannot reach is not asked for.
 */
import { Resolver } from "node:dns/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { setNewest } from "../cache/set-newest.ts";
import { isLocalName, LOOPBACK } from "./destination.ts";
import { type FamilyParts, NameFamily } from "./name-family.ts";
import { ipv6Watch } from "./own-network.ts";
import { mostOurs, ResolveError } from "./resolve-error.ts";

export interface NameResolver {
  /**
   * @param isUsable whether an address may be called: only for such a one the other family is not waited for
   * @returns at least one address, be it usable or not, IPv4 first
   * @throws ResolveError when the name has none, or that could not be learnt
   */
  resolve(host: string, isUsable?: (address: string) => boolean): Promise<readonly string[]>;
}

export interface ResolverOptions {
  /** @default whether the machine has a global IPv6 address */
  readonly hasIpv6?: () => boolean;
  /** Told of each answer of a name server. @default nobody is */
  readonly heard?: FamilyParts["heard"];
}

type Asks = Pick<Resolver, "resolve4" | "resolve6">;

interface Name {
  readonly v4: NameFamily;
  readonly v6: NameFamily;
}

const MAX_NAMES = 10_000;
/** RFC 8305, section 8: Resolution Delay. */
const RESOLUTION_DELAY_MS = 50;
/** c-ares asks three times, with twice the time each time: a packet may get lost. */
const TRIES = 3;
const FIRST_ATTEMPT = { share: 0.25, atMostMs: 2000 };

/**
 * @param timeoutMs within which an answer is worth something
 * @param servers `address:port`; none for those of the machine
 */
export function resolverOf(timeoutMs: number, servers: readonly string[]): Resolver {
  const timeout = Math.ceil(Math.min(FIRST_ATTEMPT.atMostMs, timeoutMs * FIRST_ATTEMPT.share));
  const resolver = new Resolver({ timeout, tries: TRIES });
  if (servers.length > 0) resolver.setServers(servers);
  return resolver;
}

export class CachingResolver implements NameResolver {
  readonly #resolver: Asks;
  readonly #parts: FamilyParts;
  readonly #hasIpv6: () => boolean;
  readonly #names = new Map<string, Name>();

  /** @param timeoutMs within which an answer is worth something */
  constructor(
    timeoutMs: number,
    now: () => number,
    resolver: Asks = resolverOf(timeoutMs, []),
    pause: (ms: number) => Promise<void> = (ms) => sleep(ms, undefined, { ref: false }),
    { hasIpv6 = ipv6Watch(now), heard = () => undefined }: ResolverOptions = {},
  ) {
    this.#resolver = resolver;
    this.#parts = { now, pause, heard };
    this.#hasIpv6 = hasIpv6;
  }

  async resolve(host: string, isUsable: (address: string) => boolean = () => true): Promise<readonly string[]> {
    if (isLocalName(host)) return LOOPBACK;
    const name = this.#names.get(host) ?? this.#newName(host);
    const families = this.#hasIpv6() ? [name.v4, name.v6] : [name.v4];
    const isServed = () => families.some(({ addresses }) => addresses.some(isUsable));
    const isServedAlready = isServed();
    // One that failed is not asked again at each look, as long as the other serves.
    const asked = families.filter(({ isFresh, hasFailedLately }) => !isFresh && !(isServedAlready && hasFailedLately));
    if (asked.length > 0) {
      setNewest(this.#names, host, name, MAX_NAMES);
      await this.#wait(asked, isServed);
    }
    const addresses = families.flatMap((family) => family.addresses);
    if (addresses.length > 0) return addresses;
    const errors = families.flatMap(({ error }) => error ?? []);
    // It may get one at any time.
    if (errors.every(({ fault }) => fault === "theirs")) this.#names.delete(host);
    throw mostOurs(errors) ?? new ResolveError("RESOLVE_NO_ADDRESS", host);
  }

  /** Asks a name server, whatever is known. @returns whether it answered, be it that there is no such name */
  async isHeard(host: string): Promise<boolean> {
    const family = new NameFamily(host, () => this.#resolver.resolve4(host, { ttl: true }), this.#parts);
    await family.look();
    return (family.error?.fault ?? "theirs") === "theirs";
  }

  /** For all of them; once one has an address that may be called, for a moment only. */
  #wait(asked: readonly NameFamily[], isServed: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const awaited = new Set(asked);
      let isPausing = false;
      const look = (): void => {
        if (awaited.size === 0) return resolve();
        if (isPausing || !isServed()) return;
        isPausing = true;
        const waitedMs = Math.min(...[...awaited].map(({ askedForMs }) => askedForMs));
        if (waitedMs >= RESOLUTION_DELAY_MS) resolve();
        else void this.#parts.pause(RESOLUTION_DELAY_MS - waitedMs).then(resolve);
      };
      for (const family of asked)
        void family.look().then(() => {
          awaited.delete(family);
          look();
        });
      look();
    });
  }

  #newName(host: string): Name {
    return {
      v4: new NameFamily(host, () => this.#resolver.resolve4(host, { ttl: true }), this.#parts),
      v6: new NameFamily(host, () => this.#resolver.resolve6(host, { ttl: true }), this.#parts),
    };
  }
}
