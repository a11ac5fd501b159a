/**
 * Host names to addresses, by c-ares rather than `dns.lookup`: that one runs in libuv's thread pool, where a few dead names hold up
 * every healthy one. Answers are kept for their time to live, within bounds; the same question is asked once at a time. While name servers
 * fail or are silent, the answer before is used for another hour (RFC 8767): their outage must not become that of every merchant.
 */
import { Resolver } from "node:dns/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { isLocalName } from "./destination.ts";

const TTL_SECONDS = { min: 1, max: 60 };
const MAX_NAMES = 10_000;
/** Milliseconds past its time to live for which an answer is used if there is no other. */
const STALE_MS = 3_600_000;
/** Milliseconds until the old answer is used while the name servers are silent (RFC 8767, section 5). */
const PATIENCE_MS = 1800;
/** Milliseconds for which the old answer is then used without asking again. */
const RECHECK_MS = 30_000;
/** The name servers did answer: there is no such name, or it has no address. */
const NONE = new Set(["ENOTFOUND", "ENODATA"]);
const LOOPBACK = ["127.0.0.1", "::1"];

interface Answer {
  readonly addresses: readonly string[];
  readonly expiresAt: number;
  /** Of no use any more. */
  readonly uselessAt: number;
}

export interface NameResolver {
  /** @throws the resolver's error when the name has no address */
  resolve(host: string): Promise<readonly string[]>;
}

type RecordWithTtl = { readonly address: string; readonly ttl: number };

/**
 * @param timeoutMs for one question to one server
 * @param servers `address:port`; none for those of the machine
 */
export function resolverOf(timeoutMs: number, servers: readonly string[]): Resolver {
  const resolver = new Resolver({ timeout: timeoutMs, tries: 2 });
  if (servers.length > 0) resolver.setServers(servers);
  return resolver;
}

export class CachingResolver implements NameResolver {
  readonly #resolver: Pick<Resolver, "resolve4" | "resolve6">;
  readonly #now: () => number;
  readonly #pause: (ms: number) => Promise<void>;
  readonly #answers = new Map<string, Answer>();
  readonly #asked = new Map<string, Promise<readonly string[]>>();

  /** @param timeoutMs for one question to one server */
  constructor(
    timeoutMs: number,
    now: () => number,
    resolver: Pick<Resolver, "resolve4" | "resolve6"> = resolverOf(timeoutMs, []),
    pause: (ms: number) => Promise<void> = (ms) => sleep(ms, undefined, { ref: false }),
  ) {
    this.#pause = pause;
    this.#resolver = resolver;
    this.#now = now;
  }

  async resolve(host: string): Promise<readonly string[]> {
    if (isLocalName(host)) return LOOPBACK;
    const answer = this.#answers.get(host);
    if (answer !== undefined && answer.expiresAt > this.#now()) return answer.addresses;
    let asked = this.#asked.get(host);
    if (asked === undefined) {
      asked = this.#ask(host).finally(() => this.#asked.delete(host));
      this.#asked.set(host, asked);
    }
    if (answer === undefined || answer.uselessAt <= this.#now()) return asked;
    return Promise.race([
      asked.catch((error: { code?: string }) => {
        if (!NONE.has(error.code ?? "")) return this.#useStale(host, answer);
        this.#answers.delete(host);
        throw error;
      }),
      this.#pause(PATIENCE_MS).then(() => this.#useStale(host, answer)),
    ]);
  }

  #useStale(host: string, stale: Answer): readonly string[] {
    // Unless there is a new one meanwhile.
    if (this.#answers.get(host) === stale)
      this.#answers.set(host, { ...stale, expiresAt: Math.min(this.#now() + RECHECK_MS, stale.uselessAt) });
    return stale.addresses;
  }

  async #ask(host: string): Promise<readonly string[]> {
    const [v4, v6] = await Promise.allSettled([
      this.#resolver.resolve4(host, { ttl: true }),
      this.#resolver.resolve6(host, { ttl: true }),
    ]);
    if (v4.status === "rejected" && v6.status === "rejected") throw v4.reason;
    const records: RecordWithTtl[] = [
      ...(v4.status === "fulfilled" ? v4.value : []),
      ...(v6.status === "fulfilled" ? v6.value : []),
    ];
    const ttl = Math.max(TTL_SECONDS.min, Math.min(TTL_SECONDS.max, ...records.map((record) => record.ttl)));
    const addresses = records.map((record) => record.address);
    const expiresAt = this.#now() + ttl * 1000;
    this.#answers.delete(host);
    this.#answers.set(host, { addresses, expiresAt, uselessAt: expiresAt + STALE_MS });
    const [oldest] = this.#answers.keys();
    if (this.#answers.size > MAX_NAMES && oldest !== undefined) this.#answers.delete(oldest);
    return addresses;
  }
}
