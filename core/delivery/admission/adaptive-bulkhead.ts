/**
 * Calls in flight, for each merchant at each origin. What a merchant cannot take is refused at once, never held in the
 * task's window, and no number of merchants that hang can fill it:
 *
 *   own limit      starts small, grows by one with each quick response while half of it is used (so by about half each
 *     round trip), halves with each time-out or failed connection, at least one
 *   fair share     at most a quarter of what is free in the window, so that the fuller it is the less a single merchant
 *     gets
 *   degraded       merchants whose last call was slow, timed out or could not connect, or that have said nothing for a
 *     second while calls were in flight, share a quarter of the window: many that begin to hang at once cannot fill it
 *   held           a call without a response gives up its room to others while it is judged whose fault that was, and
 *     counts against its merchant's own limit until then: else all that came meanwhile would be called in vain
 *   origin         all merchants behind one origin share half of the window
 */
const FIRST_LIMIT = 16;
const SHARE_OF_FREE = 0.25;
const DEGRADED_SHARE = 0.25;
const ORIGIN_SHARE = 0.5;
/** Of a merchant's room, for what goes behind live traffic. */
const SHARE_BEHIND = 0.5;
/** Milliseconds without any response, while calls are in flight, after which a merchant is degraded. */
const SILENT_MS = 1000;
/**
 * Slots that are remembered though nothing is in flight on them; those that had no call for longest are forgotten
 * first.
 */
const MAX_REMEMBERED = 50_000;
/** Slots that come into use before the older half of those that are as a new one is forgotten, and loads of origins. */
const USED_A_TURN = 4096;

/** Of a slot that nothing was called on yet. */
const NO_LOAD: Load = Object.freeze({ inFlight: 0 });

/** How a call ended, as far as room is concerned. */
export type CallEnd = "quick response" | "slow response" | "no response" | "not made";

export interface BulkheadKey {
  readonly merchantId: string;
  readonly origin: string;
  /** The bulkhead's own: what it found for this key, so that it need not look for it again. */
  slot?: BulkheadSlot;
}

interface Load {
  inFlight: number;
}

export interface BulkheadSlot extends Load {
  /** Under which it is found again. */
  readonly name: string;
  /** Of all merchants at its origin. */
  originLoad: Load;
  /** Milliseconds of the clock at which a call last ended, or the first of those in flight began. */
  lastSignAt: number;
  limit: number;
  isDegraded: boolean;
  /** Calls that count among those of degraded. */
  degradedCalls: number;
  /** Calls that have ended and are still to be judged. */
  heldCalls: number;
}

export class AdaptiveBulkhead {
  readonly #window: number;
  readonly #now: () => number;
  readonly #isLate: (tookMs: number) => boolean;
  /**
   * In two halves, as in `RecentMap`: a Map whose entries are moved to its end at each look is slow. None is taken out
   * when its last call ends: entries that come and go with each call are what `TurnoverMap` tells of.
   */
  #slots = new Map<string, BulkheadSlot>();
  #older = new Map<string, BulkheadSlot>();
  #usedLeft = USED_A_TURN;
  /** Those with calls in flight, and some that had. */
  #origins = new Map<string, Load>();
  #inFlight = 0;
  #degradedInFlight = 0;

  /**
   * @param window calls that the task has in flight at most
   * @param isLate whether that is long compared with what answers take just now
   */
  constructor(window: number, now: () => number, isLate: (tookMs: number) => boolean) {
    this.#window = window;
    this.#now = now;
    this.#isLate = isLate;
  }

  /**
   * @param ownLimit calls that the merchant allows. @default none
   * @param now by the clock. @default it is looked at
   * @returns false when there is no room; else `leave` must follow
   */
  tryEnter(key: BulkheadKey, ownLimit = Number.POSITIVE_INFINITY, now = this.#now()): boolean {
    const { merchantId, origin } = key;
    const slot = this.#slotOf(merchantId, origin);
    if (slot.inFlight > 0) this.#degradeSilent(slot, now);
    const fairShare = Math.max(1, Math.floor((this.#window - this.#inFlight) * SHARE_OF_FREE));
    if (this.#inFlight >= this.#window) return false;
    if (slot.inFlight >= fairShare || slot.inFlight + slot.heldCalls >= Math.min(slot.limit, ownLimit)) return false;
    const originLoad = this.#loadOf(slot, origin);
    if (originLoad.inFlight >= Math.max(1, this.#window * ORIGIN_SHARE)) return false;
    if (slot.isDegraded && this.#degradedInFlight >= Math.max(1, this.#window * DEGRADED_SHARE)) return false;
    if (slot.inFlight === 0) {
      slot.lastSignAt = now;
      this.#remember(slot);
    }
    slot.inFlight += 1;
    if (slot.isDegraded) this.#countDegraded(slot, 1);
    originLoad.inFlight += 1;
    this.#inFlight += 1;
    key.slot = slot;
    return true;
  }

  /**
   * The same for what goes behind live traffic: only up to half of what the merchant may have, one call at least, and
   * of a degraded one no more than that.
   */
  tryEnterBehind(key: BulkheadKey, ownLimit = Number.POSITIVE_INFINITY): boolean {
    const { inFlight, heldCalls, limit, isDegraded } = this.#slotOf(key.merchantId, key.origin);
    const fairShare = (this.#window - this.#inFlight) * SHARE_OF_FREE;
    const half = isDegraded ? 0 : Math.min(limit, ownLimit, fairShare) * SHARE_BEHIND;
    return inFlight + heldCalls < Math.max(1, half) && this.tryEnter(key, ownLimit);
  }

  /** Leaves while it is still to be judged what came of the call; `learn` must follow. */
  hold(key: BulkheadKey): void {
    const slot = (key.slot ??= this.#slotOf(key.merchantId, key.origin));
    slot.heldCalls += 1;
    this.leave(key, "not made");
  }

  /** @param now by the clock. @default it is looked at */
  leave(
    { merchantId, origin, slot = this.#slotOf(merchantId, origin) }: BulkheadKey,
    end: CallEnd,
    now = this.#now(),
  ): void {
    const isUsed = slot.inFlight * 2 >= slot.limit;
    slot.inFlight -= 1;
    this.#inFlight -= 1;
    if (end !== "not made") slot.lastSignAt = now;
    if (slot.degradedCalls > 0) this.#countDegraded(slot, -1);
    slot.originLoad.inFlight -= 1;
    if (end === "no response") slot.limit = Math.max(1, Math.floor(slot.limit / 2));
    if (end === "quick response" && isUsed) slot.limit = Math.min(this.#window, slot.limit + 1);
    if (end !== "not made") slot.isDegraded = end !== "quick response";
  }

  /** What a call has shown that was held. */
  learn({ merchantId, origin, slot = this.#slotOf(merchantId, origin) }: BulkheadKey, end: CallEnd): void {
    slot.heldCalls -= 1;
    if (end === "not made") return;
    slot.lastSignAt = this.#now();
    slot.isDegraded = end !== "quick response";
    if (end === "no response") slot.limit = Math.max(1, Math.floor(slot.limit / 2));
    if (slot.inFlight === 0) this.#remember(slot);
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  /** Whether it is not worth waiting for room. */
  isDegraded({ merchantId, origin }: BulkheadKey): boolean {
    return this.#slotOf(merchantId, origin).isDegraded;
  }

  #degradeSilent(slot: BulkheadSlot, now: number): void {
    const silentMs = now - slot.lastSignAt;
    if (slot.isDegraded || slot.inFlight === 0 || silentMs < SILENT_MS || !this.#isLate(silentMs)) return;
    slot.isDegraded = true;
    this.#countDegraded(slot, slot.inFlight - slot.degradedCalls);
  }

  #countDegraded(slot: BulkheadSlot, calls: number): void {
    slot.degradedCalls += calls;
    this.#degradedInFlight += calls;
  }

  #isAsNew({ inFlight, heldCalls, limit, isDegraded }: BulkheadSlot): boolean {
    return inFlight === 0 && heldCalls === 0 && limit === FIRST_LIMIT && !isDegraded;
  }

  /** One with calls in flight is known to all of its slots; another may be an old one. */
  #loadOf(slot: BulkheadSlot, origin: string): Load {
    if (slot.originLoad.inFlight > 0) return slot.originLoad;
    const known = this.#origins.get(origin);
    if (known !== undefined) return (slot.originLoad = known);
    if (this.#origins.size >= Math.max(USED_A_TURN, 2 * this.#window))
      this.#origins = new Map([...this.#origins].filter(([, { inFlight }]) => inFlight > 0));
    const load = { inFlight: 0 };
    this.#origins.set(origin, load);
    return (slot.originLoad = load);
  }

  #slotOf(merchantId: string, origin: string): BulkheadSlot {
    const name = `${merchantId} ${origin}`;
    return (
      this.#slots.get(name) ??
      this.#older.get(name) ?? {
        name,
        inFlight: 0,
        originLoad: NO_LOAD,
        lastSignAt: 0,
        limit: FIRST_LIMIT,
        isDegraded: false,
        degradedCalls: 0,
        heldCalls: 0,
      }
    );
  }

  #remember(slot: BulkheadSlot): void {
    if (this.#slots.get(slot.name) === slot) return;
    if (this.#usedLeft <= 0 || this.#slots.size >= MAX_REMEMBERED / 2) this.#forgetOlder();
    this.#usedLeft -= 1;
    this.#slots.set(slot.name, slot);
  }

  /** Whatever is in flight or held is remembered, and what is not as a new one is, as long as there are few. */
  #forgetOlder(): void {
    const forgotten = this.#older;
    this.#older = this.#slots;
    this.#slots = new Map();
    const isFull = this.#older.size >= MAX_REMEMBERED / 2;
    for (const [name, slot] of forgotten) {
      const isKept = slot.inFlight + slot.heldCalls > 0 || !(isFull || this.#isAsNew(slot));
      if (isKept && this.#older.get(name) !== slot) this.#slots.set(name, slot);
    }
    this.#usedLeft = Math.max(USED_A_TURN, this.#slots.size);
  }
}
