/**
 * The issuer's keys, as this execution keeps them:
 *   fresh  for five minutes: used as they are. A key that the issuer takes back holds for as long at most.
 *   stale  asked for anew before use; while the issuer does not answer the old ones hold, for an hour.
 *   gone   after that, or before the first answer: nothing can be verified. A key that is not among them is asked for
 *     at once, as issuers sign with new keys without notice; tokens that name made up keys make it ask every ten
 *     seconds at most.
 */
import { JwtVerifier } from "aws-jwt-verify";
import type { Jwks } from "aws-jwt-verify/jwk";

export type Verifier = Pick<ReturnType<typeof createVerifier>, "verifySync">;

export interface IssuerKeysOptions {
  readonly issuer: string;
  readonly fetchKeys: () => Promise<Jwks>;
  readonly nowMs: () => number;
  /** Told when old keys go on being used. */
  readonly onStale: (error: unknown) => void;
}

const FRESH_MS = 5 * 60_000;
const USABLE_MS = 60 * 60_000;
const LOOK_EVERY_MS = 10_000;
/** Clocks of issuers are set by others. */
const CLOCK_TOLERANCE_SECONDS = 10;

export class IssuerKeys {
  readonly #options: IssuerKeysOptions;
  readonly #verifier: ReturnType<typeof createVerifier>;
  #keyIds: ReadonlySet<string> = new Set();
  #fetchedMs = Number.NEGATIVE_INFINITY;
  #lookedMs = Number.NEGATIVE_INFINITY;
  #failure: unknown;
  #looking: Promise<void> | undefined;

  constructor(options: IssuerKeysOptions) {
    this.#options = options;
    this.#verifier = createVerifier(options.issuer);
  }

  /**
   * A verifier with the keys to use now.
   * @param keyId that a token names
   * @throws what `fetchKeys` throws, while there are no keys that may be used
   */
  async verifierFor(keyId: string): Promise<Verifier> {
    const ageMs = this.#options.nowMs() - this.#fetchedMs;
    if (ageMs >= FRESH_MS || !this.#keyIds.has(keyId)) await this.#look();
    if (this.#options.nowMs() - this.#fetchedMs < USABLE_MS) return this.#verifier;
    throw this.#failure;
  }

  async #look(): Promise<void> {
    if (this.#options.nowMs() - this.#lookedMs < LOOK_EVERY_MS) return this.#looking;
    this.#lookedMs = this.#options.nowMs();
    this.#looking = this.#fetch();
    return this.#looking;
  }

  async #fetch(): Promise<void> {
    try {
      const keys = await this.#options.fetchKeys();
      this.#verifier.cacheJwks(keys);
      this.#keyIds = new Set(keys.keys.flatMap(({ kid }) => kid ?? []));
      this.#fetchedMs = this.#options.nowMs();
    } catch (error) {
      this.#failure = error;
      if (this.#fetchedMs > Number.NEGATIVE_INFINITY) this.#options.onStale(error);
    }
  }
}

/** It fetches nothing itself: its keys are handed to it, and a key set of another address is never asked for. */
function createVerifier(issuer: string) {
  return JwtVerifier.create({ issuer, audience: null, graceSeconds: CLOCK_TOLERANCE_SECONDS });
}
