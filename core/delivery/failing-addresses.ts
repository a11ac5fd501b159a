/**
 * Which addresses of a merchant's name failed lately, so that another one is tried before them: also where only the
 * answer was missing, which no race of connections can tell. Only an order: an address that is the only one is called
 * as ever.
 */
import { RecentMap } from "../cache/recent-map.ts";
import { interleaved } from "./address-race.ts";

const MAX_REMEMBERED = 10_000;
/** Milliseconds after which it is as good as the others again. */
const REMEMBERED_MS = 300_000;

export class FailingAddresses {
  readonly #now: () => number;
  readonly #failedAt = new RecentMap<number>(MAX_REMEMBERED);

  constructor(now: () => number) {
    this.#now = now;
  }

  /** @param origin of the merchant: another one at the same address may be well */
  ended(origin: string, address: string, isWell: boolean): void {
    const key = `${origin} ${address}`;
    if (!isWell) this.#failedAt.set(key, this.#now());
    else if (this.#failedAt.get(key) !== undefined) this.#failedAt.delete(key);
  }

  /** Families in turn, and those that failed lately last. */
  inOrder(origin: string, addresses: readonly string[]): readonly string[] {
    if (addresses.length < 2) return addresses;
    const { well = [], failing = [] } = Object.groupBy(interleaved(addresses), (address) =>
      this.#hasFailed(`${origin} ${address}`) ? "failing" : "well",
    );
    return [...well, ...failing];
  }

  #hasFailed(key: string): boolean {
    const failedAt = this.#failedAt.get(key);
    return failedAt !== undefined && this.#now() - failedAt < REMEMBERED_MS;
  }
}
