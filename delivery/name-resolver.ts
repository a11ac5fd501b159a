/**
 * Host names to addresses, by c-ares rather than `dns.lookup`: that one runs in libuv's thread pool, where a few dead names hold up
 * every healthy one. Answers are kept for their time to live, within bounds; the same question is asked once at a time.
 */
import { Resolver } from "node:dns/promises";
import { isLocalName } from "./destination.ts";

const TTL_SECONDS = { min: 1, max: 60 };
const MAX_NAMES = 10_000;
const LOOPBACK = ["127.0.0.1", "::1"];

interface Answer {
  readonly addresses: readonly string[];
  readonly expiresAt: number;
}

export interface NameResolver {
  /** @throws the resolver's error when the name has no address */
  resolve(host: string): Promise<readonly string[]>;
}

type RecordWithTtl = { readonly address: string; readonly ttl: number };

export class CachingResolver implements NameResolver {
  readonly #resolver: Pick<Resolver, "resolve4" | "resolve6">;
  readonly #now: () => number;
  readonly #answers = new Map<string, Answer>();
  readonly #asked = new Map<string, Promise<readonly string[]>>();

  /** @param timeoutMs for one question to one server */
  constructor(
    timeoutMs: number,
    now: () => number,
    resolver: Pick<Resolver, "resolve4" | "resolve6"> = new Resolver({ timeout: timeoutMs, tries: 2 }),
  ) {
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
    return asked;
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
    this.#answers.delete(host);
    this.#answers.set(host, { addresses, expiresAt: this.#now() + ttl * 1000 });
    const [oldest] = this.#answers.keys();
    if (this.#answers.size > MAX_NAMES && oldest !== undefined) this.#answers.delete(oldest);
    return addresses;
  }
}
