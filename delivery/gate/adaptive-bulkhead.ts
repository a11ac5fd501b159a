/**
 * Calls under way, for each merchant at each origin. What a merchant cannot take is turned away at once, never held in the task's
 * window, and no number of merchants that hang can fill it:
 *
 *   own limit      starts small, grows by one with each quick answer while half of it is used (so by about half each round trip),
 *                  halves with each time-out or failed connection, at least one
 *   fair share     at most a quarter of what is free in the window, so that the fuller it is the less a single merchant gets
 *   suspects       merchants whose last call timed out or could not connect share a quarter of the window
 *   origin         all merchants behind one origin share half of the window
 */
const FIRST_LIMIT = 16;
const SHARE_OF_FREE = 0.25;
const SUSPECTS_SHARE = 0.25;
const ORIGIN_SHARE = 0.5;
/** Merchants that are remembered; those that had no call for longest are forgotten first. */
const MAX_REMEMBERED = 50_000;

/** How a call ended, as far as room is concerned. */
export type CallEnd = "quick answer" | "slow answer" | "no answer" | "not made";

export interface BulkheadKey {
  readonly merchantId: string;
  readonly origin: string;
}

interface Lane {
  underWay: number;
  limit: number;
  isSuspect: boolean;
  /** Calls that count among those of suspects: those that began while it was one. */
  suspectCalls: number;
}

export class AdaptiveBulkhead {
  readonly #window: number;
  readonly #lanes = new Map<string, Lane>();
  readonly #origins = new Map<string, number>();
  #underWay = 0;
  #suspectsUnderWay = 0;

  /** @param window calls that the task has under way at most */
  constructor(window: number) {
    this.#window = window;
  }

  /**
   * @param ownLimit calls that the merchant allows. @default none
   * @returns false when there is no room; else `leave` must follow
   */
  tryEnter({ merchantId, origin }: BulkheadKey, ownLimit = Number.POSITIVE_INFINITY): boolean {
    const lane = this.#laneOf(merchantId, origin);
    const originUnderWay = this.#origins.get(origin) ?? 0;
    const fairShare = Math.max(1, Math.floor((this.#window - this.#underWay) * SHARE_OF_FREE));
    if (this.#underWay >= this.#window) return false;
    if (lane.underWay >= Math.min(lane.limit, ownLimit, fairShare)) return false;
    if (originUnderWay >= Math.max(1, this.#window * ORIGIN_SHARE)) return false;
    if (lane.isSuspect && this.#suspectsUnderWay >= Math.max(1, this.#window * SUSPECTS_SHARE)) return false;
    lane.underWay += 1;
    if (lane.isSuspect) {
      lane.suspectCalls += 1;
      this.#suspectsUnderWay += 1;
    }
    this.#origins.set(origin, originUnderWay + 1);
    this.#underWay += 1;
    return true;
  }

  leave({ merchantId, origin }: BulkheadKey, end: CallEnd): void {
    const lane = this.#laneOf(merchantId, origin);
    const isUsed = lane.underWay * 2 >= lane.limit;
    lane.underWay -= 1;
    this.#underWay -= 1;
    if (lane.suspectCalls > 0) {
      lane.suspectCalls -= 1;
      this.#suspectsUnderWay -= 1;
    }
    const originUnderWay = (this.#origins.get(origin) ?? 1) - 1;
    if (originUnderWay > 0) this.#origins.set(origin, originUnderWay);
    else this.#origins.delete(origin);
    if (end === "no answer") lane.limit = Math.max(1, Math.floor(lane.limit / 2));
    if (end === "quick answer" && isUsed) lane.limit = Math.min(this.#window, lane.limit + 1);
    if (end !== "not made") lane.isSuspect = end === "no answer";
  }

  get underWay(): number {
    return this.#underWay;
  }

  #laneOf(merchantId: string, origin: string): Lane {
    const key = `${merchantId} ${origin}`;
    const known = this.#lanes.get(key);
    if (known !== undefined) return known;
    const lane: Lane = { underWay: 0, limit: FIRST_LIMIT, isSuspect: false, suspectCalls: 0 };
    if (this.#lanes.size >= MAX_REMEMBERED) this.#forgetIdle();
    this.#lanes.set(key, lane);
    return lane;
  }

  /** Forgets the tenth that has been known for longest, as far as nothing is under way. */
  #forgetIdle(): void {
    let left = MAX_REMEMBERED / 10;
    for (const [key, lane] of this.#lanes) {
      if (left-- <= 0) return;
      if (lane.underWay === 0) this.#lanes.delete(key);
    }
  }
}
