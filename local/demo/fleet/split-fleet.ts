/**
 * A fleet in two processes: well merchants in one, and in the other those whose responses cost them much themselves
 * (endless bodies, bombs), so that what these do to their own process is not taken for what the pipeline does to the
 * well ones. Where that is measured the second process also gives way to every other on this machine: in the world its
 * merchants compute on machines of their own.
 */
import { Fleet } from "./fleet.ts";
import type { Delivery, LedgerCounts } from "./ledger.ts";
import type { FleetMerchant, Turn, Watchers } from "./messages.ts";

/** What merchants are asked, in however many processes they are. */
export type MerchantFleet = Omit<Fleet, "pid">;

export class SplitFleet implements MerchantFleet {
  readonly #well = new Fleet();
  readonly #apart: Fleet;
  readonly #isApart: (merchantId: string) => boolean;

  /**
   * @param givesWay whether those apart give way; on a machine without time to spare they may then be late for their
   * own rules
   */
  constructor(isApart: (merchantId: string) => boolean, givesWay = false) {
    this.#isApart = isApart;
    this.#apart = new Fleet({ givesWay });
  }

  /** @returns the port of each merchant, by id */
  async listen(
    merchants: readonly FleetMerchant[],
    deadlineMs: number,
    seed: number,
  ): Promise<Readonly<Record<string, number>>> {
    const of = (isApart: boolean) => merchants.filter(({ merchantId }) => this.#isApart(merchantId) === isApart);
    const [well, apart] = await Promise.all([
      this.#well.listen(of(false), deadlineMs, seed),
      this.#apart.listen(of(true), deadlineMs, seed),
    ]);
    return { ...well, ...apart };
  }

  async trust(secrets: Readonly<Record<string, string>>, acknowledgementUrl?: string): Promise<void> {
    await Promise.all(this.#both.map((fleet) => fleet.trust(secrets, acknowledgementUrl)));
  }

  turn(merchantId: string, into: Turn): Promise<void> {
    return (this.#isApart(merchantId) ? this.#apart : this.#well).turn(merchantId, into);
  }

  move(merchantId: string, to: string): Promise<void> {
    return (this.#isApart(merchantId) ? this.#apart : this.#well).move(merchantId, to);
  }

  async watch(): Promise<Watchers> {
    const [well, apart] = await Promise.all([this.#well.watch(), this.#apart.watch()]);
    return { ...well, origins: [...well.origins, ...apart.origins] };
  }

  async reached(): Promise<readonly string[]> {
    return (await Promise.all(this.#both.map((fleet) => fleet.reached()))).flat();
  }

  async counts(): Promise<LedgerCounts> {
    const [well, apart] = await Promise.all([this.#well.counts(), this.#apart.counts()]);
    return {
      deliveries: well.deliveries + apart.deliveries,
      confirmed: well.confirmed + apart.confirmed,
      unverified: well.unverified + apart.unverified,
    };
  }

  async open(arrivedUpToMs: number): Promise<number> {
    const open = await Promise.all(this.#both.map((fleet) => fleet.open(arrivedUpToMs)));
    return open.reduce((sum, count) => sum + count, 0);
  }

  async ledger(): Promise<readonly Delivery[]> {
    const [well, apart] = await Promise.all([this.#well.ledger(), this.#apart.ledger()]);
    return inOneBook(well, apart);
  }

  async stop(): Promise<void> {
    await Promise.all(this.#both.map((fleet) => fleet.stop()));
  }

  get #both(): readonly [Fleet, Fleet] {
    return [this.#well, this.#apart];
  }
}

/** By time of arrival, numbered anew; what one book has keeps its order, and a merchant is in one book only. */
export function inOneBook(one: readonly Delivery[], other: readonly Delivery[]): readonly Delivery[] {
  return [...one, ...other]
    .toSorted((a, b) => a.arrivedAtMs - b.arrivedAtMs)
    .map((delivery, index) => ({ ...delivery, sequence: index + 1 }));
}
