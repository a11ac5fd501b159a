/**
 * Tells a fault of our own egress (NAT, routes, name servers) from faults of merchants: when merchants that have nothing to do with each other
 * get unreachable one after the other, and nobody is reached in between, it is us.
 *
 *   normal     -> suspected  five unrelated sites in a row gave no answer, none of them known to be gone
 *   suspected  -> normal     sites are reached again; or nothing was called for a minute
 *   suspected  -> faulty     it has lasted for half a second
 *   faulty     -> normal     anything was reached; or nothing was called for a minute; or for a minute all of them have refused
 *                            connections, which is an answer of a kind
 *
 * While it is not normal a call without an answer is not held against its merchant. While it is faulty only probes are to be made.
 * `#enter` is the one place that changes the mode. Why these figures: docs/decisions/0023.
 */
import type { AttemptOutcome } from "../core/next-step.ts";
import { siteOf } from "./site-of.ts";

export type EgressMode = "normal" | "suspected" | "faulty";

export interface EgressMonitorOptions {
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Told of the beginning and of the end of a fault. */
  readonly changed: (mode: "normal" | "faulty", details: Readonly<Record<string, unknown>>) => void;
}

/** Sites in a row. Fewer fail together by chance, and a pipeline with fewer merchants cannot tell. */
const SITES_IN_A_ROW = 5;
/** "Nobody is reached in between" allows for one reached site in so many: a network that is all but gone lets a little through. */
const MISSED_FOR_ONE_REACHED = 10;
/** Newest evidence that is looked at, one for each site. */
const REMEMBERED_SITES = 20;
const SUSPECTED_FOR_MS = 500;
/** A site that has given no answer for longer while others did is gone: that is no evidence against us. */
const GONE_AFTER_MS = 60_000;
/** After so long without a call nothing is known any more. */
const QUIET_MS = 60_000;
const PROBE_EVERY_MS = 3000;
const MAX_MISSING_SITES = 10_000;

interface Evidence {
  readonly site: string;
  readonly isReached: boolean;
  readonly at: number;
}

interface Missing {
  readonly since: number;
  /** Not once was there nothing at all: each connection was refused. */
  readonly isRefusing: boolean;
}

export class EgressMonitor {
  readonly #options: EgressMonitorOptions;
  #mode: EgressMode = "normal";
  /** When the suspicion began. */
  #faultSince = 0;
  #probedAt = 0;
  #lastError = "";
  #reachedAt = Number.NEGATIVE_INFINITY;
  #calledAt = Number.NEGATIVE_INFINITY;
  /** Newest last, each site once; it begins with one that was missed. */
  #newest: Evidence[] = [];
  /** Sites that have given no answer, those for longest first. */
  readonly #missing = new Map<string, Missing>();

  constructor(options: EgressMonitorOptions) {
    this.#options = options;
  }

  /** A connection was made, or an answer began. */
  reached(origin: string): void {
    const now = this.#options.now();
    this.#reachedAt = now;
    this.#calledAt = now;
    if (this.#missing.size > 0) this.#missing.delete(siteOf(origin));
    // Nobody was missed that it could be weighed against.
    if (this.#newest.length === 0) return;
    this.#note({ site: siteOf(origin), isReached: true, at: now });
    if (this.#mode === "faulty") this.#enter("normal");
    else this.#look();
  }

  /**
   * To be told of every call that was made, when it has ended.
   *
   * @param startedAt epoch milliseconds
   * @returns whether it got no answer for a reason that is, or may be, ours
   */
  isOurs(origin: string, startedAt: number, outcome: AttemptOutcome): boolean {
    if (outcome.kind === "delivered" || outcome.status !== undefined || outcome.isReached === true) {
      this.reached(origin);
      return false;
    }
    // Refused by ourselves: its name was found, and nothing was called.
    if (outcome.class === "refused") return false;
    // Somebody was reached since it began, perhaps it itself: then its silence is its own.
    this.#lastError = outcome.error;
    this.#missed(siteOf(origin), this.#reachedAt < startedAt, outcome.hasNoListener === true);
    this.#look();
    return this.#mode !== "normal";
  }

  get isFaulty(): boolean {
    this.#look();
    return this.#mode === "faulty";
  }

  /** Whether messages may be received now: always, but during a fault only every few seconds, for the calls that show its end. */
  mayReceive(): boolean {
    if (!this.isFaulty) return true;
    const now = this.#options.now();
    if (now - this.#probedAt < PROBE_EVERY_MS) return false;
    this.#probedAt = now;
    return true;
  }

  /** @param isEvidence whether it may be our fault: nothing else was reached since the call began */
  #missed(site: string, isEvidence: boolean, isRefusal: boolean): void {
    const now = this.#options.now();
    this.#calledAt = now;
    const { since, isRefusing } = this.#missing.get(site) ?? { since: now, isRefusing: true };
    this.#missing.set(site, { since, isRefusing: isRefusing && isRefusal });
    const [oldest] = this.#missing.keys();
    if (this.#missing.size > MAX_MISSING_SITES && oldest !== undefined) this.#missing.delete(oldest);
    if (isEvidence && !this.#isGone(site)) this.#note({ site, isReached: false, at: now });
  }

  #note(evidence: Evidence): void {
    const known = this.#newest.findIndex(({ site }) => site === evidence.site);
    if (known >= 0) this.#newest.splice(known, 1);
    this.#newest.push(evidence);
    if (this.#newest.length > REMEMBERED_SITES) this.#newest.shift();
    // Who was reached before all that were missed tells nothing.
    while (this.#newest[0]?.isReached === true) this.#newest.shift();
  }

  /** Since long before, and not only since a fault of ours has begun; one that refuses all the while is gone whenever that began. */
  #isGone(site: string): boolean {
    const missing = this.#missing.get(site);
    if (missing === undefined) return false;
    const until = this.#mode === "normal" || missing.isRefusing ? this.#options.now() : this.#faultSince;
    return until - missing.since > GONE_AFTER_MS;
  }

  #look(): void {
    const now = this.#options.now();
    if (this.#mode !== "normal" && now - this.#calledAt > QUIET_MS) return this.#enter("normal");
    if (this.#mode === "faulty") {
      if (this.#newest.every(({ site, isReached }) => isReached || this.#isGone(site))) this.#enter("normal");
      return;
    }
    const isInARow = this.#isInARow(now);
    if (!isInARow && this.#mode === "suspected") this.#enter("normal");
    if (isInARow && this.#mode === "normal") this.#enter("suspected");
    if (isInARow && now - this.#faultSince >= SUSPECTED_FOR_MS) this.#enter("faulty");
  }

  #isInARow(now: number): boolean {
    let missed = 0;
    let reached = 0;
    for (let index = this.#newest.length - 1; index >= 0; index -= 1) {
      const { site, isReached, at } = this.#newest[index] as Evidence;
      if (now - at > QUIET_MS) return false;
      if (isReached) reached += 1;
      else if (!this.#isGone(site)) missed += 1;
      if (missed >= SITES_IN_A_ROW && missed >= reached * MISSED_FOR_ONE_REACHED) return true;
    }
    return false;
  }

  #enter(mode: EgressMode): void {
    const { now, changed } = this.#options;
    const before = this.#mode;
    if (mode === "normal" && before === "faulty") this.#forgetMissing();
    this.#mode = mode;
    if (mode === "suspected") this.#faultSince = now();
    if (mode === "faulty") this.#probedAt = now();
    const sites = this.#newest.map(({ site }) => site);
    if (mode === "faulty") changed(mode, { sites, error: this.#lastError });
    if (mode === "normal" && before === "faulty") changed(mode, { lastedMs: now() - this.#faultSince });
  }

  /** Who could not be reached during a fault of ours is not gone for that. */
  #forgetMissing(): void {
    for (const site of this.#missing.keys()) if (!this.#isGone(site)) this.#missing.delete(site);
    this.#newest = [];
  }
}
