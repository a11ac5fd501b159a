/**
 * Which sites gave no response one after the other, and who was reached in between: the evidence of the egress monitor.
 * Sites that were gone before tell nothing. Why these figures: docs/decisions/0023.
 */

/** Sites in a row. Fewer fail together by chance, and a pipeline with fewer merchants cannot tell. */
export const SITES_IN_A_ROW = 5;
/**
 * "Nobody is reached in between" allows for one reached site in so many: a network that is all but gone lets a little
 * through.
 */
const MISSED_FOR_ONE_REACHED = 10;
/** Newest evidence that is looked at, one for each site. */
const REMEMBERED_SITES = 20;
/** A site that has given no response for longer while others did is gone: that is no evidence against us. */
const GONE_AFTER_MS = 60_000;
/** After so long without a call nothing is known any more. */
export const QUIET_MS = 60_000;
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

export class MissedSites {
  readonly #now: () => number;
  /** Newest last, each site once; it begins with one that was missed. */
  #newest: Evidence[] = [];
  /** Sites that have given no response, those for longest first. */
  readonly #missing = new Map<string, Missing>();
  /** When a fault of ours began, while there is one: who could not be reached since is not gone for that. */
  faultSince: number | undefined;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Sites that are weighed. */
  get sites(): readonly string[] {
    return this.#newest.map(({ site }) => site);
  }

  get isAnyMissing(): boolean {
    return this.#missing.size > 0;
  }

  /** When the first of those that are weighed was missed; undefined while there are none. */
  get sinceMs(): number | undefined {
    return this.#newest[0]?.at;
  }

  /** @param isEvidence whether it may be our fault: nothing that began later was answered */
  missed(site: string, isEvidence: boolean, isRefusal: boolean): void {
    const now = this.#now();
    const { since, isRefusing } = this.#missing.get(site) ?? { since: now, isRefusing: true };
    this.#missing.set(site, { since, isRefusing: isRefusing && isRefusal });
    const [oldest] = this.#missing.keys();
    if (this.#missing.size > MAX_MISSING_SITES && oldest !== undefined) this.#missing.delete(oldest);
    if (isEvidence && !this.isGone(site)) this.#note({ site, isReached: false, at: now });
  }

  isBack(site: string): void {
    this.#missing.delete(site);
  }

  /** To be weighed against those that were missed. */
  reached(site: string): void {
    if (this.#newest.length > 0) this.#note({ site, isReached: true, at: this.#now() });
  }

  /**
   * Since long before, and not only since a fault of ours has begun; one that refuses all the while is gone whenever
   * that began.
   */
  isGone(site: string): boolean {
    const missing = this.#missing.get(site);
    if (missing === undefined) return false;
    const until = missing.isRefusing ? this.#now() : (this.faultSince ?? this.#now());
    return until - missing.since > GONE_AFTER_MS;
  }

  get areAllGone(): boolean {
    return this.#newest.length > 0 && this.#newest.every(({ site, isReached }) => isReached || this.isGone(site));
  }

  get areInARow(): boolean {
    const now = this.#now();
    let missed = 0;
    let reached = 0;
    for (let index = this.#newest.length - 1; index >= 0; index -= 1) {
      const { site, isReached, at } = this.#newest[index] as Evidence;
      if (now - at > QUIET_MS) return false;
      if (isReached) reached += 1;
      else if (!this.isGone(site)) missed += 1;
      if (missed >= SITES_IN_A_ROW && missed >= reached * MISSED_FOR_ONE_REACHED) return true;
    }
    return false;
  }

  /** Who could not be reached during a fault of ours is not gone for that. */
  forget(): void {
    for (const site of this.#missing.keys()) if (!this.isGone(site)) this.#missing.delete(site);
    this.#newest = [];
  }

  #note(evidence: Evidence): void {
    const known = this.#newest.findIndex(({ site }) => site === evidence.site);
    if (known >= 0) this.#newest.splice(known, 1);
    this.#newest.push(evidence);
    if (this.#newest.length > REMEMBERED_SITES) this.#newest.shift();
    // Who was reached before all that were missed tells nothing.
    while (this.#newest[0]?.isReached === true) this.#newest.shift();
  }
}
