/**
 * Access tokens of merchants, each asked for once however many messages need it, and kept until shortly before it ends.
 *
 *   no token    -> a message that has its merchant's room asks, within a `BoundedWait`; others of the merchant join it,
 *                  up to a share of the places
 *   kept        -> used at once; in the last part of its life one is asked for in the background
 *   failed      -> rests, by merchant and credentials, for a second, then twice as long each time, up to a minute; then
 *                  one message asks again. The second failure in a row opens the merchant's circuit, for all programs
 *   refused     -> a token that the webhook answered with 401 is dropped, once in a minute
 *
 * A token that comes late is there for the next message. So a token server that is silent costs others nothing.
 */
import { RecentMap } from "../../cache/recent-map.ts";
import type { AttemptOutcome } from "../../retry/next-step.ts";
import { type BoundedWait, NOT_IN_TIME } from "../bounded-wait.ts";
import { FailureMemory } from "../failure-memory.ts";
import { REST_MS } from "../key-ring.ts";
import type { OpenedOAuth2 } from "../opened-connection.ts";
import { type Log, logError } from "../../telemetry/log-error.ts";
import type { GrantedToken } from "./token-request.ts";

export interface AccessToken {
  readonly name: string;
  readonly value: string;
}

/** No token now. */
export interface TokenAway {
  readonly kind: "away";
  readonly error: string;
  /** What it says about the merchant; undefined where that is nothing. */
  readonly outcome?: FailedOutcome;
}

export type FailedOutcome = Extract<AttemptOutcome, { kind: "failed" }>;

/** What asking came to. `isOurs`: a fault of our own network. */
export type Asked = GrantedToken | { readonly error: string; readonly isOurs: boolean };

export interface AccessTokensOptions {
  /** Asks for one, within a deadline of its own. Never rejects. */
  readonly ask: (client: OpenedOAuth2) => Promise<Asked>;
  readonly wait: Pick<BoundedWait, "for" | "hasPlace" | "mostWaiting">;
  /** Leaves a merchant alone, for all programs. Never rejects. */
  readonly openCircuit: (merchantId: string) => Promise<void>;
  /** Told now and then while tokens cannot be had. */
  readonly warn: Log;
  /** Milliseconds since any moment, untouched by steps of the clock. */
  readonly elapsedMs: () => number;
}

interface Kept extends AccessToken {
  readonly until: number;
  /** From when on the next one is asked for. */
  readonly renewAt: number;
}

interface Entry {
  token: Kept | undefined;
  asking: Promise<Kept | TokenAway> | undefined;
  waiting: number;
  /** In a row. */
  failures: number;
  lastError: string;
  refusedAt: number;
}

const MOST_KEPT = 5000;
/** Requests for tokens that are in flight at once. */
const MOST_ASKING = 100;
/** Of the places to wait, for one merchant's messages. */
const SHARE_OF_PLACES = 0.25;
/** Of a token's life: kept out of use at its end, as a call takes a while; and in which the next one is asked for. */
const MARGIN = { share: 0.1, mostMs: 30_000 };
const RENEWAL = { share: 0.2, mostMs: 120_000 };
const FAILURES_TO_OPEN = 2;
const REFUSED_AGAIN_MS = 60_000;
const WARN_EVERY_MS = 10_000;

export class AccessTokens {
  readonly #options: AccessTokensOptions;
  readonly #failures: FailureMemory;
  readonly #entries = new RecentMap<Entry>(MOST_KEPT);
  /** Those that failed before and are asked for once more just now. */
  readonly #probed = new Set<string>();
  #asking = 0;
  #warnedAt = Number.NEGATIVE_INFINITY;

  constructor(options: AccessTokensOptions) {
    this.#options = options;
    this.#failures = new FailureMemory({ firstMs: REST_MS.first, longestMs: REST_MS.longest, now: options.elapsedMs });
  }

  /** Whether it is not worth asking for one now. @param name as of `tokenName` */
  isResting(name: string): boolean {
    return this.#usable(this.#entries.get(name)) === undefined && this.#isAway(name);
  }

  /** For a message that has its merchant's room. */
  async tokenFor(client: OpenedOAuth2): Promise<AccessToken | TokenAway> {
    const { wait } = this.#options;
    const { name } = client;
    const entry = this.#entryOf(name);
    const token = this.#usable(entry);
    if (token !== undefined) {
      if (this.#options.elapsedMs() >= token.renewAt && !this.#isAway(name)) this.#renew(entry, client);
      return token;
    }
    if (this.#isAway(name)) return away(entry.lastError);
    const share = Math.max(1, Math.floor(wait.mostWaiting * SHARE_OF_PLACES));
    const isFull = entry.asking === undefined && this.#asking >= MOST_ASKING;
    // That says nothing about the merchant, and is not remembered.
    if (!wait.hasPlace || entry.waiting >= share || isFull) return away("too many wait for tokens");
    const isProbe = this.#failures.isFailing(name);
    if (isProbe) this.#probed.add(name);
    entry.waiting += 1;
    try {
      const got = await wait.for(() => (entry.asking ??= this.#ask(entry, client)));
      if (got !== NOT_IN_TIME) return got;
      this.#failures.failed(name);
      return blamed((entry.lastError = "the token server did not answer in time"), "timeout");
    } finally {
      entry.waiting -= 1;
      if (isProbe) this.#probed.delete(name);
    }
  }

  /** The webhook would not have it. One that was had in its place just now stays: it would be no better. */
  refused({ name, value }: AccessToken): void {
    const entry = this.#entries.get(name);
    const now = this.#options.elapsedMs();
    if (entry?.token?.value !== value || now - entry.refusedAt < REFUSED_AGAIN_MS) return;
    entry.token = undefined;
    entry.refusedAt = now;
  }

  #entryOf(name: string): Entry {
    let entry = this.#entries.get(name);
    if (entry === undefined) {
      entry = {
        token: undefined,
        asking: undefined,
        waiting: 0,
        failures: 0,
        lastError: "",
        refusedAt: Number.NEGATIVE_INFINITY,
      };
      this.#entries.set(name, entry);
    }
    return entry;
  }

  #usable(entry: Entry | undefined): Kept | undefined {
    const token = entry?.token;
    return token !== undefined && this.#options.elapsedMs() < token.until ? token : undefined;
  }

  #isAway(name: string): boolean {
    return this.#failures.isResting(name) || this.#probed.has(name);
  }

  #renew(entry: Entry, client: OpenedOAuth2): void {
    if (entry.asking === undefined && this.#asking < MOST_ASKING) entry.asking = this.#ask(entry, client);
  }

  async #ask(entry: Entry, client: OpenedOAuth2): Promise<Kept | TokenAway> {
    const { elapsedMs, ask } = this.#options;
    const askedAt = elapsedMs();
    this.#asking += 1;
    const asked = await ask(client);
    this.#asking -= 1;
    entry.asking = undefined;
    if ("error" in asked) return this.#failed(entry, client, asked);
    const { value, lifeMs } = asked;
    const until = askedAt + lifeMs - Math.min(lifeMs * MARGIN.share, MARGIN.mostMs);
    const renewAt = until - Math.min(lifeMs * RENEWAL.share, RENEWAL.mostMs);
    entry.token = { name: client.name, value, until, renewAt };
    entry.failures = 0;
    this.#failures.worked(client.name);
    return entry.token;
  }

  #failed(entry: Entry, client: OpenedOAuth2, { error, isOurs }: Extract<Asked, { error: string }>): TokenAway {
    const { warn, elapsedMs, openCircuit } = this.#options;
    const { name, merchantId } = client;
    this.#failures.failed(name);
    entry.lastError = error;
    if (elapsedMs() - this.#warnedAt >= WARN_EVERY_MS) {
      this.#warnedAt = elapsedMs();
      logError(warn, "a merchant's token cannot be had now", error, { merchantId, isOurs });
    }
    if (isOurs) return away(error);
    entry.failures += 1;
    // While the one before is still of use nothing is kept back.
    if (entry.failures >= FAILURES_TO_OPEN && this.#usable(entry) === undefined) void openCircuit(merchantId);
    return blamed(error, "connection");
  }
}

function away(error: string): TokenAway {
  return { kind: "away", error };
}

/** To the merchant's circuit it is as if nobody was there. */
function blamed(error: string, failureClass: FailedOutcome["class"]): TokenAway {
  return { kind: "away", error, outcome: { kind: "failed", class: failureClass, error } };
}
