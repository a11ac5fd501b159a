/**
 * What KMS has to open of merchants before they can be called: secrets to sign with that they brought along, and those
 * of their connections. All other merchants have their keys from the master key, and never come here.
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
import { connectionSecrets, openConnection, type OpenedConnection } from "./opened-connection.ts";
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

export interface OpenedMerchant {
  readonly keys: readonly SigningKey[];
  /** @default the plain one */
  readonly connection?: OpenedConnection;
}

/** Milliseconds of the rest after a first failure, and of the longest one. */
export const REST_MS = { first: 1000, longest: 60_000 };
/** Secrets that KMS is asked for at once; as many as the client has connections. */
const MAX_OPENING = 50;
const WARN_EVERY_MS = 10_000;

export class KeyRing {
  readonly #options: KeyRingOptions;
  readonly #failures: FailureMemory;
  /** For as long as the merchant's row is remembered as it is. */
  readonly #opened = new WeakMap<Merchant, OpenedMerchant>();
  /** Secrets that failed before and are asked for once more just now. */
  readonly #probed = new Set<string>();
  #opening = 0;
  #warnedAt = Number.NEGATIVE_INFINITY;

  constructor(options: KeyRingOptions) {
    this.#options = options;
    this.#failures = new FailureMemory({ firstMs: REST_MS.first, longestMs: REST_MS.longest, now: options.elapsedMs });
  }

  /** Whether it is not worth asking for what is to be opened now. */
  isResting(merchant: Merchant): boolean {
    if (this.#opened.has(merchant)) return false;
    return this.#namesOf(merchant).some((name) => this.#isAway(name));
  }

  /** @returns the keys and the connection; or why there can be none; or undefined for not now */
  async open(merchant: Merchant): Promise<OpenedMerchant | Failure | undefined> {
    const { wait } = this.#options;
    const opened = this.#opened.get(merchant);
    if (opened !== undefined) return opened;
    if (this.isResting(merchant)) return undefined;
    // That says nothing about its secret, and is not remembered.
    if (!wait.hasPlace || this.#opening >= MAX_OPENING) return undefined;
    const names = this.#namesOf(merchant);
    const probes = names.filter((name) => this.#failures.isFailing(name));
    for (const name of probes) this.#probed.add(name);
    try {
      const made = await wait.for(() => this.#make(merchant));
      if (made === NOT_IN_TIME) return this.#notNow(merchant, names, "KMS did not answer in time");
      this.#opened.set(merchant, made);
      return made;
    } catch (error) {
      if (error instanceof KeyError)
        return failure("merchant_invalid", `The merchant has no usable key: ${error.message}`);
      return this.#notNow(merchant, names, error);
    } finally {
      for (const name of probes) this.#probed.delete(name);
    }
  }

  async #make(merchant: Merchant): Promise<OpenedMerchant> {
    const { masterKeys, now } = this.#options;
    const [signing, connection] = await Promise.all([
      withOpenSecrets(merchant, now(), this.#open),
      openConnection(merchant, this.#open),
    ]);
    const keys = merchantKeys(masterKeys, signing, now(), merchant.signatures);
    return { keys, ...(connection !== undefined && { connection }) };
  }

  /** One that is opened, were it after its message has gone, ends the rest of its name. */
  readonly #open: OpenSecret = async (ciphertext, merchantId, purpose) => {
    this.#opening += 1;
    try {
      const secret = await this.#options.openSecret(ciphertext, merchantId, purpose);
      this.#failures.worked(nameOf({ merchantId }, ciphertext));
      return secret;
    } finally {
      this.#opening -= 1;
    }
  };

  #namesOf(merchant: Merchant): string[] {
    const { connection } = merchant;
    const secrets = secretsToOpen(merchant, this.#options.now());
    if (connection !== undefined) secrets.push(...connectionSecrets(connection));
    return secrets.map((secret) => nameOf(merchant, secret));
  }

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
