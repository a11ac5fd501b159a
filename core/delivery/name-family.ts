/**
 * One family of addresses of one name: the last answer, for how long it is good, and the question that is under way. It
 * is kept by itself, so that a failure of one family never costs the answer of the other.
 *
 *   unknown -> fresh   answered: addresses, or none of this family
 *   fresh   -> old     its time to live is over; asked again at the next look
 *   old     -> fresh   answered again; or its servers fail or are silent, and the old addresses serve for a moment more
 *     (RFC 8767)
 *   old     -> unknown an hour past its time to live
 */
import { type ResolveError, resolveErrorOf } from "./resolve-error.ts";

export interface AddressRecord {
  readonly address: string;
  /** Seconds. */
  readonly ttl: number;
}

export interface FamilyParts {
  readonly now: () => number;
  readonly pause: (ms: number) => Promise<void>;
  /** Told of each answer of a name server, be it that there is no such name. @param askedAt epoch milliseconds */
  readonly heard: (host: string, askedAt: number) => void;
}

const TTL_SECONDS = { min: 1, max: 60 };
/** Milliseconds for which "no address of this family" is believed while the other family has one. */
const NONE_MS = 30_000;
/** Milliseconds past its time to live for which an answer is used if there is no other. */
const STALE_MS = 3_600_000;
/** Milliseconds until the old answer is used while the name servers are silent (RFC 8767, section 5). */
const PATIENCE_MS = 1800;
/**
 * Milliseconds for which the old answer is then used without asking again; and between two questions that fail while
 * the other family serves.
 */
const RECHECK_MS = 30_000;

export class NameFamily {
  readonly #host: string;
  readonly #ask: () => Promise<readonly AddressRecord[]>;
  readonly #parts: FamilyParts;
  #addresses: readonly string[] = [];
  #expiresAt = Number.NEGATIVE_INFINITY;
  /** Until then the addresses are used if there are no others. */
  #uselessAt = Number.NEGATIVE_INFINITY;
  #error: ResolveError | undefined;
  #failedAt = Number.NEGATIVE_INFINITY;
  #asking: Promise<void> | undefined;
  #askedAt = 0;

  constructor(host: string, ask: () => Promise<readonly AddressRecord[]>, parts: FamilyParts) {
    this.#host = host;
    this.#ask = ask;
    this.#parts = parts;
  }

  /** None unless they are fresh. */
  get addresses(): readonly string[] {
    return this.isFresh ? this.#addresses : [];
  }

  /** Why there are none. */
  get error(): ResolveError | undefined {
    return this.addresses.length > 0 ? undefined : this.#error;
  }

  get isFresh(): boolean {
    return this.#expiresAt > this.#parts.now();
  }

  /** It failed a moment ago. */
  get hasFailedLately(): boolean {
    return this.#parts.now() - this.#failedAt < RECHECK_MS;
  }

  /** Milliseconds since the question that is under way was asked. */
  get askedForMs(): number {
    return this.#parts.now() - this.#askedAt;
  }

  /** Resolves when there is an answer, old or new, or none to be had. The same question is asked once at a time. */
  async look(): Promise<void> {
    this.#asking ??= this.#askOnce().finally(() => (this.#asking = undefined));
    if (this.#isUseful) await Promise.race([this.#asking, this.#parts.pause(PATIENCE_MS)]);
    else await this.#asking;
    if (!this.isFresh && this.#isUseful) this.#expiresAt = Math.min(this.#parts.now() + RECHECK_MS, this.#uselessAt);
  }

  get #isUseful(): boolean {
    return this.#addresses.length > 0 && this.#uselessAt > this.#parts.now();
  }

  async #askOnce(): Promise<void> {
    const { now, heard } = this.#parts;
    this.#askedAt = now();
    try {
      const records = await this.#ask();
      heard(this.#host, this.#askedAt);
      const ttl = Math.max(TTL_SECONDS.min, Math.min(TTL_SECONDS.max, ...records.map((record) => record.ttl)));
      this.#keep(
        records.map(({ address }) => address),
        ttl * 1000,
      );
    } catch (cause) {
      const error = resolveErrorOf(this.#host, cause);
      if (error.fault === "theirs") {
        heard(this.#host, this.#askedAt);
        this.#keep([], NONE_MS);
      } else this.#failedAt = now();
      this.#error = error;
    }
  }

  #keep(addresses: readonly string[], ms: number): void {
    this.#error = undefined;
    this.#failedAt = Number.NEGATIVE_INFINITY;
    this.#addresses = addresses;
    this.#expiresAt = this.#parts.now() + ms;
    this.#uselessAt = this.#expiresAt + STALE_MS;
  }
}
