/**
 * Calls under way, for each merchant at each origin. What a merchant cannot take is refused at once, never held in the
 * task's window, and no number of merchants that hang can fill it:
 *
 *   own limit      starts small, grows by one with each quick answer while half of it is used (so by about half each
 *     round trip), halves with each time-out or failed connection, at least one
 *   fair share     at most a quarter of what is free in the window, so that the fuller it is the less a single merchant
 *     gets
 *   suspects       merchants whose last call was slow, timed out or could not connect, or that have said nothing for a
 *     second while calls were under way, share a quarter of the window: many that begin to hang at once cannot fill it
 *   held           a call without an answer gives up its room to others while it is judged whose fault that was, and
 *     counts against its merchant's own limit until then: else all that came meanwhile would be called in vain
 *   origin         all merchants behind one origin share half of the window
 */
const FIRST_LIMIT = 16;
const SHARE_OF_FREE = 0.25;
const SUSPECTS_SHARE = 0.25;
const ORIGIN_SHARE = 0.5;
/** Milliseconds without any answer, while calls are under way, after which a merchant is a suspect. */
const SILENT_MS = 1000;
/**
 * Lanes that are remembered though nothing is under way on them; those that had no call for longest are forgotten
 * first.
 */
const MAX_REMEMBERED = 50_000;

/** Of a lane that nothing was called on yet. */
const NO_LOAD: Load = Object.freeze({ underWay: 0 });

/** How a call ended, as far as room is concerned. */
export type CallEnd = "quick answer" | "slow answer" | "no answer" | "not made";

export interface BulkheadKey {
  readonly merchantId: string;
  readonly origin: string;
  /** The bulkhead's own: what it found for this key, so that it need not look for it again. */
  lane?: Lane;
}

interface Load {
  underWay: number;
}

export interface Lane extends Load {
  /** Under which it is found again. */
  readonly name: string;
  /** Of all merchants at its origin. */
  originLoad: Load;
  /** Milliseconds of the clock at which a call last ended, or the first of those under way began. */
  lastSignAt: number;
  limit: number;
  isSuspect: boolean;
  /** Calls that count among those of suspects. */
  suspectCalls: number;
  /** Calls that have ended and are still to be judged. */
  heldCalls: number;
}

export class AdaptiveBulkhead {
  readonly #window: number;
  readonly #now: () => number;
  readonly #isLate: (tookMs: number) => boolean;
  /**
   * Those that are not as a new one is, which are few of many merchants. In two halves, as in `RecentMap`: a Map whose
   * entries are moved to its end at each look is slow.
   */
  #lanes = new Map<string, Lane>();
  #older = new Map<string, Lane>();
  /** Those with calls under way. */
  readonly #origins = new Map<string, Load>();
  #underWay = 0;
  #suspectsUnderWay = 0;

  /**
   * @param window calls that the task has under way at most
   * @param isLate whether that is long compared with what answers take just now
   */
  constructor(window: number, now: () => number, isLate: (tookMs: number) => boolean) {
    this.#window = window;
    this.#now = now;
    this.#isLate = isLate;
  }

  /**
   * @param ownLimit calls that the merchant allows. @default none
   * @returns false when there is no room; else `leave` must follow
   */
  tryEnter(key: BulkheadKey, ownLimit = Number.POSITIVE_INFINITY): boolean {
    const { merchantId, origin } = key;
    const lane = this.#laneOf(merchantId, origin);
    if (lane.underWay > 0) this.#suspectSilent(lane);
    const fairShare = Math.max(1, Math.floor((this.#window - this.#underWay) * SHARE_OF_FREE));
    if (this.#underWay >= this.#window) return false;
    if (lane.underWay >= fairShare || lane.underWay + lane.heldCalls >= Math.min(lane.limit, ownLimit)) return false;
    const originLoad = this.#loadOf(lane, origin);
    if (originLoad.underWay >= Math.max(1, this.#window * ORIGIN_SHARE)) return false;
    if (lane.isSuspect && this.#suspectsUnderWay >= Math.max(1, this.#window * SUSPECTS_SHARE)) return false;
    if (lane.underWay === 0) {
      lane.lastSignAt = this.#now();
      this.#remember(lane);
    }
    lane.underWay += 1;
    if (lane.isSuspect) this.#countSuspect(lane, 1);
    if (originLoad.underWay === 0) this.#origins.set(origin, originLoad);
    originLoad.underWay += 1;
    this.#underWay += 1;
    key.lane = lane;
    return true;
  }

  /** Leaves while it is still to be judged what came of the call; `learn` must follow. */
  hold(key: BulkheadKey): void {
    const lane = (key.lane ??= this.#laneOf(key.merchantId, key.origin));
    lane.heldCalls += 1;
    this.leave(key, "not made");
  }

  leave({ merchantId, origin, lane = this.#laneOf(merchantId, origin) }: BulkheadKey, end: CallEnd): void {
    const isUsed = lane.underWay * 2 >= lane.limit;
    lane.underWay -= 1;
    this.#underWay -= 1;
    if (end !== "not made") lane.lastSignAt = this.#now();
    if (lane.suspectCalls > 0) this.#countSuspect(lane, -1);
    lane.originLoad.underWay -= 1;
    if (lane.originLoad.underWay === 0) this.#origins.delete(origin);
    if (end === "no answer") lane.limit = Math.max(1, Math.floor(lane.limit / 2));
    if (end === "quick answer" && isUsed) lane.limit = Math.min(this.#window, lane.limit + 1);
    if (end !== "not made") lane.isSuspect = end !== "quick answer";
    if (this.#isAsNew(lane)) this.#lanes.delete(lane.name);
  }

  /** What a call has shown that was held. */
  learn({ merchantId, origin, lane = this.#laneOf(merchantId, origin) }: BulkheadKey, end: CallEnd): void {
    lane.heldCalls -= 1;
    if (end === "not made") {
      if (this.#isAsNew(lane)) this.#lanes.delete(lane.name);
      return;
    }
    lane.lastSignAt = this.#now();
    lane.isSuspect = end !== "quick answer";
    if (end === "no answer") lane.limit = Math.max(1, Math.floor(lane.limit / 2));
    if (lane.underWay === 0) this.#remember(lane);
  }

  get underWay(): number {
    return this.#underWay;
  }

  /** Whether it is not worth waiting for room. */
  isSuspect({ merchantId, origin }: BulkheadKey): boolean {
    return this.#laneOf(merchantId, origin).isSuspect;
  }

  #suspectSilent(lane: Lane): void {
    const silentMs = this.#now() - lane.lastSignAt;
    if (lane.isSuspect || lane.underWay === 0 || silentMs < SILENT_MS || !this.#isLate(silentMs)) return;
    lane.isSuspect = true;
    this.#countSuspect(lane, lane.underWay - lane.suspectCalls);
  }

  #countSuspect(lane: Lane, calls: number): void {
    lane.suspectCalls += calls;
    this.#suspectsUnderWay += calls;
  }

  #isAsNew({ underWay, heldCalls, limit, isSuspect }: Lane): boolean {
    return underWay === 0 && heldCalls === 0 && limit === FIRST_LIMIT && !isSuspect;
  }

  /** One with calls under way is known to all of its lanes; another may be an old one. */
  #loadOf(lane: Lane, origin: string): Load {
    if (lane.originLoad.underWay === 0) lane.originLoad = this.#origins.get(origin) ?? { underWay: 0 };
    return lane.originLoad;
  }

  #laneOf(merchantId: string, origin: string): Lane {
    const name = `${merchantId} ${origin}`;
    return (
      this.#lanes.get(name) ??
      this.#older.get(name) ?? {
        name,
        underWay: 0,
        originLoad: NO_LOAD,
        lastSignAt: 0,
        limit: FIRST_LIMIT,
        isSuspect: false,
        suspectCalls: 0,
        heldCalls: 0,
      }
    );
  }

  #remember(lane: Lane): void {
    if (this.#lanes.size >= MAX_REMEMBERED / 2) this.#forgetOlder();
    this.#lanes.set(lane.name, lane);
  }

  /** Whatever is under way or held is remembered. */
  #forgetOlder(): void {
    const forgotten = this.#older;
    this.#older = this.#lanes;
    this.#lanes = new Map();
    for (const [name, lane] of forgotten)
      if (lane.underWay + lane.heldCalls > 0 && !this.#older.has(name)) this.#lanes.set(name, lane);
  }
}
