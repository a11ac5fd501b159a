/**
 * Whether a merchant may be called now. In this order: paused, URL disabled, circuit, rate limit, bulkhead; what is
 * turned away was not attempted and waits in the table.
 */
import type { MerchantHealthTable } from "../../aws/merchant-health-table.ts";
import type { CircuitState, MerchantHealth, WaitReason } from "../../merchant/merchant-health.ts";
import type { Merchant } from "../../merchant/merchant.ts";
import { auditedUrl } from "../../audit-log/audit-entry.ts";
import { METRICS } from "../../settings/names.ts";
import type { AttemptOutcome } from "../../retry/next-step.ts";
import type { Call, Resends } from "../attempt.ts";
import type { Destination } from "../destination.ts";
import type { AdaptiveBulkhead, BulkheadKey, CallEnd } from "./adaptive-bulkhead.ts";
import { Circuits, type CircuitsOptions, isUnanswered, type Probe } from "./circuits.ts";
import { MerchantHealthUnreadError } from "./merchant-health-directory.ts";
import type { Baseline } from "./latency-baseline.ts";
import { AgingMap } from "../../cache/aging-map.ts";
import type { RateLimiter } from "./rate-limiter.ts";
import type { BoundedWaitQueue } from "./bounded-wait-queue.ts";
import { logError } from "../../telemetry/log-error.ts";

export interface AdmissionControlOptions extends CircuitsOptions {
  readonly table: CircuitsOptions["table"] & Pick<MerchantHealthTable, "disable" | "markWaiting">;
  readonly bulkhead: Pick<AdaptiveBulkhead, "tryEnter" | "tryEnterBehind" | "hold" | "leave" | "learn" | "isDegraded">;
  readonly room: Pick<BoundedWaitQueue, "wait" | "hasWaiting">;
  readonly rateLimiter: Pick<RateLimiter, "take" | "takeSpare">;
  readonly baseline: Baseline;
}

export type Entry =
  | { readonly kind: "closed"; readonly reason: WaitReason }
  /**
   * `leave` must follow, with the outcome or with undefined when the call was not made, and with when it ended as
   * `elapsedMs` has it, where that was looked at. It never rejects. Where it is
   * still to be judged whose fault the outcome is, `HELD` comes before: the room is given up, and nothing is learnt
   * yet.
   */
  | {
      readonly kind: "open";
      readonly leave: (
        outcome: AttemptOutcome | typeof HELD | undefined,
        endedAt?: number,
      ) => Promise<void> | undefined;
    };

export const HELD = "held";

/** Milliseconds between two notes that something waits; `release-due` forgets a note after hours. */
const MARK_EVERY_MS = 1000;
/** What was requeued came back untried: `release-due` goes slower with this merchant. */
const IS_TURNED_AWAY: ReadonlySet<WaitReason> = new Set([
  // Nothing of it is requeued, unless there are channels that do not need the URL.
  "url unverified",
  "url disabled",
  "no room",
  "rate limit",
  "key unavailable",
  "token unavailable",
  "gate unread",
  "merchant unread",
]);
/** Parts of the deadline: up to which a response is quick, and from which it is none, were its status there at once. */
const QUICK_SHARE = 0.2;
const NO_RESPONSE_SHARE = 0.9;
/** Milliseconds that a call waits for room at most, and between two looks for it. */
const MAX_ROOM_WAIT_MS = 1000;
const ROOM_LOOK_EVERY_MS = 25;
const MAX_REMEMBERED = 50_000;

export class AdmissionControl implements Resends {
  readonly #options: AdmissionControlOptions;
  readonly #circuits: Circuits;
  readonly #marked: AgingMap<true>;

  constructor(options: AdmissionControlOptions) {
    this.#options = options;
    this.#marked = new AgingMap({ most: MAX_REMEMBERED, maxAgeMs: MARK_EVERY_MS, now: options.elapsedMs });
    this.#circuits = new Circuits(options);
  }

  /**
   * At once for nearly all: the health is known, the circuit closed, and there is room. What its own health row suffers
   * keeps this merchant back alone.
   *
   * @throws when no health row can be read; nothing was tried then
   */
  enter(merchant: Merchant, destination: Destination): Entry | Promise<Entry> {
    const { healthDirectory, bulkhead, elapsedMs } = this.#options;
    const { merchantId, maxConcurrency, rateLimitPerSecond } = merchant;
    const now = elapsedMs();
    const health = healthDirectory.get(merchantId, now);
    if (health instanceof Promise || rateLimitPerSecond !== undefined || health.circuitOpenUntil !== undefined)
      return this.#enterInTurn(merchant, destination, health);
    const reason = this.#reasonAt(health, destination);
    if (reason !== undefined) return closed(reason);
    const key = { merchantId, origin: destination.origin };
    return bulkhead.tryEnter(key, maxConcurrency, now)
      ? this.#opened(key, undefined, now)
      : this.#enterInTurn(merchant, destination, health);
  }

  /**
   * For what is sent again while live traffic goes first: in where nobody of this merchant waits, and half of its room
   * and of its rate is free. Nothing is waited for.
   *
   * @throws when no health row can be read; nothing was tried then
   */
  enterBehind(merchant: Merchant, destination: Destination): Promise<Entry> {
    const { healthDirectory, room } = this.#options;
    if (room.hasWaiting(merchant.merchantId)) return Promise.resolve(closed("no room"));
    return this.#enterInTurn(merchant, destination, healthDirectory.get(merchant.merchantId), true);
  }

  async #enterInTurn(
    merchant: Merchant,
    destination: Destination,
    first: MerchantHealth | Promise<MerchantHealth>,
    isBehind = false,
  ): Promise<Entry> {
    const { healthDirectory, bulkhead } = this.#options;
    const { merchantId, maxConcurrency, rateLimitPerSecond } = merchant;
    const known = await readable(first);
    if (known === undefined) return closed("gate unread");
    const before = this.#reasonAt(known, destination);
    if (before !== undefined) return closed(before);
    const missing =
      rateLimitPerSecond === undefined
        ? undefined
        : await this.#missingToken(merchantId, rateLimitPerSecond, isBehind ? "takeSpare" : "take");
    if (missing !== undefined) return closed(missing);
    const key = { merchantId, origin: destination.origin };
    const isIn = isBehind ? bulkhead.tryEnterBehind(key, maxConcurrency) : await this.#waitForRoom(key, maxConcurrency);
    if (!isIn) return closed("no room");
    let probe: Probe | undefined;
    try {
      // Waiting for token and room takes time, in which the health row may have closed.
      const health = await readable(healthDirectory.get(merchantId));
      const isProbe = health !== undefined && this.#circuits.stateOf(health) === "half open";
      probe = isProbe ? await this.#circuits.claimProbe(merchantId, health) : undefined;
      const reason =
        health === undefined
          ? "gate unread"
          : (this.#reasonAt(health, destination) ?? (isProbe && probe === undefined ? "circuit open" : undefined));
      if (reason !== undefined) {
        bulkhead.leave(key, "not made");
        return closed(reason);
      }
    } catch (error) {
      bulkhead.leave(key, "not made");
      throw error;
    }
    return this.#opened(key, probe, this.#options.elapsedMs());
  }

  /** @returns why there is no token, whose fault that may be; undefined when one was taken */
  async #missingToken(
    merchantId: string,
    ratePerSecond: number,
    how: "take" | "takeSpare",
  ): Promise<WaitReason | undefined> {
    const { rateLimiter, warn } = this.#options;
    try {
      return (await rateLimiter[how](merchantId, ratePerSecond)) ? undefined : "rate limit";
    } catch (error) {
      logError(warn, "no token could be taken", error, { merchantId });
      return "gate unread";
    }
  }

  #opened(key: BulkheadKey, probe: Probe | undefined, startedAt: number): Entry {
    const { bulkhead, elapsedMs } = this.#options;
    let isHeld = false;
    return {
      kind: "open",
      leave: (outcome, endedAt) => {
        if (outcome === HELD) {
          isHeld = true;
          bulkhead.hold(key);
          return undefined;
        }
        const now = endedAt ?? elapsedMs();
        const end = this.#endOf(outcome, startedAt, now);
        if (isHeld) bulkhead.learn(key, end);
        else bulkhead.leave(key, end, now);
        const { merchantId } = key;
        if (outcome === undefined)
          return probe === undefined ? undefined : this.#circuits.returnProbe(merchantId, probe);
        return end === "not made" && probe === undefined
          ? undefined
          : this.#circuits.learn(merchantId, probe, outcome, now);
      },
    };
  }

  /**
   * Whether a request may be sent once more within its attempt, which has its place already; it takes a token of its
   * own.
   *
   * @throws when the shared record of tokens cannot be reached
   */
  mayResend({ merchantId, rateLimitPerSecond }: Call["merchant"]): boolean | Promise<boolean> {
    const { rateLimiter, count } = this.#options;
    if (!this.#circuits.mayResend(merchantId)) return false;
    if (rateLimitPerSecond === undefined) {
      count(METRICS.requestsResent);
      return true;
    }
    return rateLimiter.take(merchantId, rateLimitPerSecond).then((isTaken) => {
      if (isTaken) count(METRICS.requestsResent);
      return isTaken;
    });
  }

  /**
   * Room for a call that somebody asked for by hand: neither a pause, a disabled URL, a circuit nor the rate keeps it
   * back, and nothing is learnt from how it ends.
   *
   * @returns what gives the room back; undefined where there is none
   */
  async takeRoom(
    { merchantId, maxConcurrency }: Pick<Merchant, "merchantId" | "maxConcurrency">,
    { origin }: Destination,
  ): Promise<(() => void) | undefined> {
    const key = { merchantId, origin };
    if (!(await this.#waitForRoom(key, maxConcurrency))) return undefined;
    return () => this.#options.bulkhead.leave(key, "not made");
  }

  async #waitForRoom(key: BulkheadKey, ownLimit: number | undefined): Promise<boolean> {
    const { bulkhead, room } = this.#options;
    for (let waitedMs = 0; ; waitedMs += ROOM_LOOK_EVERY_MS) {
      if (bulkhead.tryEnter(key, ownLimit)) return true;
      if (waitedMs >= MAX_ROOM_WAIT_MS || bulkhead.isDegraded(key)) return false;
      if (!(await room.wait(key.merchantId, ROOM_LOOK_EVERY_MS))) return false;
    }
  }

  /** What keeps a call back that would be made now, apart from room and rate. */
  #reasonAt(health: MerchantHealth, { origin, path }: Destination): WaitReason | undefined {
    if (health.pausedAt !== undefined) return "paused";
    if (health.disabledUrls.includes(origin + path)) return "url disabled";
    return this.#circuits.stateOf(health) === "open" ? "circuit open" : undefined;
  }

  /** What is known of it without an attempt. @throws when its health row cannot be read */
  async healthOf(merchantId: string): Promise<{ readonly isPaused: boolean; readonly circuit: CircuitState }> {
    const health = await this.#options.healthDirectory.get(merchantId);
    return { isPaused: health.pausedAt !== undefined, circuit: this.#circuits.stateOf(health) };
  }

  /** Leaves a merchant alone that more than this program knows to fail. Never rejects. */
  openCircuit(merchantId: string): Promise<void> {
    return this.#circuits.open(merchantId);
  }

  /**
   * To be called before a transaction is parked for its merchant's sake: `release-due` looks only where this was noted.
   */
  async markWaiting(merchantId: string, reason: WaitReason): Promise<void> {
    const { table, now } = this.#options;
    if (this.#marked.get(merchantId) !== undefined) return;
    await table.markWaiting(merchantId, IS_TURNED_AWAY.has(reason), now());
    this.#marked.set(merchantId, true);
  }

  /**
   * The merchant wants no more at this URL, until another one is registered or it is enabled again.
   *
   * @returns false when that could not be written; the response is then a delivery or a failure like any other
   */
  async disable(merchantId: string, { origin, path }: Destination, why: string): Promise<boolean> {
    const { table, healthDirectory, count, warn } = this.#options;
    const url = origin + path;
    try {
      const isKnown = (await healthDirectory.get(merchantId)).disabledUrls.includes(url);
      if (isKnown) return true;
      if (!(await table.disable(merchantId, url))) {
        warn("url not disabled, the merchant has too many of them", { merchantId, url });
        return false;
      }
    } catch (error) {
      logError(warn, "url not disabled", error, { merchantId, url });
      return false;
    }
    healthDirectory.forget(merchantId);
    count(METRICS.urlDisabled);
    warn("url disabled", { merchantId, url: auditedUrl(url), why });
    return true;
  }

  /** What this process slept through says nothing about the merchant, and counts as not made. */
  #endOf(outcome: AttemptOutcome | undefined, startedAt: number, now: number): CallEnd {
    const { baseline, deadlineMs } = this.#options;
    if (outcome === undefined) return "not made";
    const tookMs = now - startedAt;
    if (isUnanswered(outcome) || tookMs >= deadlineMs * NO_RESPONSE_SHARE)
      return baseline.stalledMsSince(startedAt) > deadlineMs * QUICK_SHARE ? "not made" : "no response";
    baseline.responded(tookMs);
    const isQuick = tookMs <= deadlineMs * QUICK_SHARE || !baseline.isLate(baseline.withoutOwn(tookMs));
    return isQuick ? "quick response" : "slow response";
  }
}

/** @returns undefined where this gate alone could not be read. @throws when none could */
async function readable(reading: MerchantHealth | Promise<MerchantHealth>): Promise<MerchantHealth | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof MerchantHealthUnreadError) return undefined;
    throw error;
  }
}

function closed(reason: WaitReason): Entry {
  return { kind: "closed", reason };
}
