/**
 * Which addresses of a merchant's name failed lately, so that another one is tried before them: also where only the
 * response was missing, which no race of connections can tell. Only an order: an address that is the only one is called
 * as ever.
 */
import { AgingMap } from "../cache/aging-map.ts";
import { interleaved } from "./address-race.ts";

const MAX_REMEMBERED = 10_000;
/** Milliseconds after which it is as good as the others again. */
const REMEMBERED_MS = 300_000;

export class FailingAddresses {
  readonly #failed: AgingMap<true>;

  constructor(now: () => number) {
    this.#failed = new AgingMap({ most: MAX_REMEMBERED, maxAgeMs: REMEMBERED_MS, now });
  }

  /** @param origin of the merchant: another one at the same address may be well */
  ended(origin: string, address: string, isHealthy: boolean): void {
    const key = `${origin} ${address}`;
    if (!isHealthy) this.#failed.set(key, true);
    else if (this.#failed.get(key) !== undefined) this.#failed.delete(key);
  }

  /** Families in turn, and those that failed lately last. */
  inOrder(origin: string, addresses: readonly string[]): readonly string[] {
    if (addresses.length < 2) return addresses;
    const { well = [], failing = [] } = Object.groupBy(interleaved(addresses), (address) =>
      this.#failed.get(`${origin} ${address}`) === undefined ? "well" : "failing",
    );
    return [...well, ...failing];
  }
}
