/**
 * The keys of merchants that brought a secret along, which KMS has to open. All others have theirs from the master key
 * and never come here.
 *
 * A secret is opened only for a message that has its merchant's room already, and within a `BoundedWait`: a KMS that is
 * silent, slow or refuses holds up those merchants alone. What fails is remembered by merchant and secret, for a
 * second, then twice as long each time, up to a minute; after that one message asks again, while the others still go
 * without. A secret that comes late is there for the next one that asks.
 */
import { type Failure, failure } from "../transaction/failure.ts";
import { type OpenSecret, secretsToOpen, withOpenSecrets } from "../signing/open-secrets.ts";
import { merchantKeys, type SigningKey } from "../signing/merchant-keys.ts";
import type { Merchant } from "../merchant/merchant.ts";
import { KeyError, type MasterKeys } from "../signing/signature.ts";
import { type BoundedWait, NOT_IN_TIME } from "./bounded-wait.ts";
import { FailureMemory } from "./failure-memory.ts";
import { type Log, logError } from "../telemetry/log-error.ts";

export interface KeyRingOptions {
  readonly masterKeys: MasterKeys;
  readonly openSecret: OpenSecret;
  readonly wait: Pick<BoundedWait, "for" | "hasPlace">;
  /** Told now and then while keys cannot be had. */
  readonly warn: Log;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Milliseconds since any moment, untouched by steps of the clock. */
  readonly elapsedMs: () => number;
}

const REST_MS = { first: 1000, longest: 60_000 };
/** Secrets that KMS is asked for at once; as many as the client has connections. */
const MAX_OPENING = 50;
const WARN_EVERY_MS = 10_000;

export class KeyRing {
  readonly #options: KeyRingOptions;
  readonly #failures: FailureMemory;
  /** For as long as the merchant's row is remembered as it is. */
  readonly #made = new WeakMap<Merchant, readonly SigningKey[]>();
  /** Secrets that failed before and are asked for once more just now. */
  readonly #probed = new Set<string>();
  #opening = 0;
  #warnedAt = Number.NEGATIVE_INFINITY;

  constructor(options: KeyRingOptions) {
    this.#options = options;
    this.#failures = new FailureMemory({ firstMs: REST_MS.first, longestMs: REST_MS.longest, now: options.elapsedMs });
  }

  /** Whether it is not worth asking for its keys now. */
  isResting(merchant: Merchant): boolean {
    if (this.#made.has(merchant)) return false;
    return secretsToOpen(merchant, this.#options.now()).some((secret) => this.#isAway(nameOf(merchant, secret)));
  }

  /** @returns the keys; or why there can be none; or undefined for not now */
  async keysOf(merchant: Merchant): Promise<readonly SigningKey[] | Failure | undefined> {
    const { masterKeys, wait, now } = this.#options;
    const made = this.#made.get(merchant);
    if (made !== undefined) return made;
    if (this.isResting(merchant)) return undefined;
    // That says nothing about its secret, and is not remembered.
    if (!wait.hasPlace || this.#opening >= MAX_OPENING) return undefined;
    const names = secretsToOpen(merchant, now()).map((secret) => nameOf(merchant, secret));
    const probes = names.filter((name) => this.#failures.isFailing(name));
    for (const name of probes) this.#probed.add(name);
    try {
      const opened = await wait.for(() => withOpenSecrets(merchant, now(), this.#open));
      if (opened === NOT_IN_TIME) return this.#notNow(merchant, names, "KMS did not answer in time");
      const keys = merchantKeys(masterKeys, opened, now(), merchant.signatures);
      this.#made.set(merchant, keys);
      return keys;
    } catch (error) {
      if (error instanceof KeyError)
        return failure("merchant_invalid", `The merchant has no usable key: ${error.message}`);
      return this.#notNow(merchant, names, error);
    } finally {
      for (const name of probes) this.#probed.delete(name);
    }
  }

  /** One that is opened, were it after its message has gone, ends the rest of its name. */
  readonly #open: OpenSecret = async (ciphertext, merchantId) => {
    this.#opening += 1;
    try {
      const secret = await this.#options.openSecret(ciphertext, merchantId);
      this.#failures.worked(nameOf({ merchantId }, ciphertext));
      return secret;
    } finally {
      this.#opening -= 1;
    }
  };

  #isAway(name: string): boolean {
    return this.#failures.isResting(name) || this.#probed.has(name);
  }

  #notNow({ merchantId }: Merchant, names: readonly string[], error: unknown): undefined {
    const { warn, elapsedMs } = this.#options;
    for (const name of names) this.#failures.failed(name);
    if (elapsedMs() - this.#warnedAt < WARN_EVERY_MS) return undefined;
    this.#warnedAt = elapsedMs();
    logError(warn, "a merchant's secret cannot be opened now", error, { merchantId });
    return undefined;
  }
}

function nameOf({ merchantId }: Pick<Merchant, "merchantId">, ciphertext: Uint8Array): string {
  return `${merchantId} ${Buffer.from(ciphertext).toString("base64")}`;
}
