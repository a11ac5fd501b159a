/**
 * Whether merchants that are equally eligible are served alike: for how many looks in a row one of them gets nothing of
 * what waits for it while others get something. Eligible for a look is who had something waiting all through it, with a
 * circuit that was closed all through it.
 */
import { circuitAt } from "../../../core/merchant/merchant-health.ts";
import type { Settings } from "../../../core/settings/settings.ts";
import { waitKeys } from "../../../core/transaction/row/index-keys.ts";
import type { HealthInMemory } from "../aws/merchant-health.ts";
import type { DueIndex } from "./due-index.ts";
import type { Merchant } from "./merchant.ts";
import type { VirtualTime } from "./virtual-time.ts";

export interface FairnessParts {
  readonly time: VirtualTime;
  readonly settings: Settings;
  readonly healthTable: HealthInMemory;
  readonly index: DueIndex;
  readonly merchants: readonly Merchant[];
}

interface Seen {
  readonly isEligible: boolean;
  /** Rows that have left the partitions of what waits for it. */
  readonly left: number;
}

export class Fairness {
  readonly #parts: FairnessParts;
  readonly #seen = new Map<Merchant, Seen>();
  readonly #looksWithout = new Map<Merchant, number>();
  mostLooks = 0;

  constructor(parts: FairnessParts) {
    this.#parts = parts;
  }

  /** After each look. @param isLooked whether a merchant was among those that the look was for */
  async looked(isLooked: (merchantId: string) => boolean): Promise<void> {
    const { merchants, healthTable } = this.#parts;
    const found = await healthTable.waitingMerchants();
    const looked = merchants.filter(({ id }) => isLooked(id));
    const now = new Map(looked.map((merchant) => [merchant, this.#see(merchant, found.get(merchant.id))] as const));
    const eligible = looked.filter((one) => this.#seen.get(one)?.isEligible === true && now.get(one)?.isEligible);
    const isServed = (one: Merchant) => (now.get(one)?.left ?? 0) > (this.#seen.get(one)?.left ?? 0);
    const isAnyServed = eligible.some(isServed);
    for (const one of looked) {
      const isWithout = isAnyServed && eligible.includes(one) && !isServed(one);
      const looks = isWithout ? (this.#looksWithout.get(one) ?? 0) + 1 : 0;
      this.#looksWithout.set(one, looks);
      this.mostLooks = Math.max(this.mostLooks, looks);
      this.#seen.set(one, now.get(one) as Seen);
    }
  }

  #see(merchant: Merchant, health: Parameters<typeof circuitAt>[0] | undefined): Seen {
    const { settings, index, time } = this.#parts;
    const keys = waitKeys(merchant.id, settings.merchantShards);
    const waiting = keys.reduce((sum, key) => sum + index.parkedUnder(key), 0);
    const left = keys.reduce((sum, key) => sum + index.leftFrom(key), 0);
    const isClosed =
      health === undefined || circuitAt(health, time.now(), settings.circuit.maxOpenSeconds * 1000) === "closed";
    return { isEligible: waiting > 0 && isClosed, left };
  }
}
