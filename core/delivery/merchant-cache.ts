/**
 * All that a task remembers of merchants, for each in one place: whoever needs one part of it needs the others right
 * after, and of many thousand merchants none is in the processor's cache. Those that were not asked for longest are
 * forgotten first.
 */
import { RecentMap } from "../cache/recent-map.ts";
import type { OutcomeWindow } from "./admission/outcome-window.ts";
import type { Merchant } from "../merchant/merchant.ts";
import type { SigningKey } from "../signing/merchant-keys.ts";
import type { Destination } from "./destination.ts";
import type { MerchantHealth } from "../merchant/merchant-health.ts";

export interface CachedHealth {
  readonly health: MerchantHealth;
  /** When it was written here, or its read began, by the clock of the directory. */
  since: number;
  /** Milliseconds; 0 for one that is not to be used any more. */
  readonly forMs: number;
}

export interface MerchantEntry {
  readonly merchant: Merchant;
  /**
   * Those that its webhooks are signed with, newest first; undefined where KMS has to open a secret of its before it
   * can be called.
   */
  readonly keys: readonly SigningKey[] | undefined;
  /** Of its own URL, once that was checked and is its own: what may be delivered to. */
  destination?: Destination | undefined;
  /** Its mirror's, where it has one and is cut over. @default it has none */
  readonly mirrorKeys?: readonly SigningKey[] | undefined;
}

/** One object, as there are many. */
export interface CachedMerchant extends MerchantEntry {
  /** From when on its row is read again, by a clock that no step touches. */
  until: number;
}

/** Each part belongs to the one that fills it in. */
export interface CachedMerchantEntry {
  merchant: CachedMerchant | undefined;
  health: CachedHealth | undefined;
  outcomes: OutcomeWindow | undefined;
}

/**
 * They fill up over days, whatever the rate: 200,000 take some 200 MB of heap, and as much outside of it where they
 * have an ed25519 key.
 */
const MOST = 200_000;
/** A part of the heap is for them, and the rest for what they are remembered for. */
const HEAP_BYTES_FOR_EACH = 5120;

export class MerchantCache {
  readonly #all: RecentMap<CachedMerchantEntry>;

  /** @param most that are remembered */
  constructor(most = MOST) {
    this.#all = new RecentMap(most);
  }

  /** @param heapBytes V8's own bound, which is half of what memory a container has */
  static thatFit(heapBytes: number): MerchantCache {
    return new MerchantCache(Math.min(MOST, Math.floor(heapBytes / HEAP_BYTES_FOR_EACH)));
  }

  get(merchantId: string): CachedMerchantEntry | undefined {
    return this.#all.get(merchantId);
  }

  /** To be filled in: a new one if it is not known. */
  remember(merchantId: string): CachedMerchantEntry {
    const known = this.#all.get(merchantId);
    if (known !== undefined) return known;
    const merchant: CachedMerchantEntry = { merchant: undefined, health: undefined, outcomes: undefined };
    this.#all.set(merchantId, merchant);
    return merchant;
  }
}
