/**
 * The `MerchantGates` table in memory, for the pipeline's own health rows and `release-due`; the same conditions as
 * `core/aws/merchant-health-table.ts`.
 */
import type { MerchantHealthTable } from "../../../core/aws/merchant-health-table.ts";
import { type MerchantHealth, HEALTHY } from "../../../core/merchant/merchant-health.ts";

type Kept = Omit<MerchantHealth, "circuitOpenUntil" | "releaseRate"> & {
  readonly circuitOpenUntil?: number | undefined;
  readonly releaseRate?: number | undefined;
  readonly isWaiting: boolean;
};

export class HealthInMemory implements Pick<
  MerchantHealthTable,
  "read" | "openCircuit" | "claimProbe" | "closeCircuit" | "markWaiting" | "noteRequeueRate" | "unmarkWaiting"
> {
  readonly #rows = new Map<string, Kept>();
  reads = 0;
  writes = 0;
  circuitsOpened = 0;

  async read(
    merchantIds: readonly string[],
  ): Promise<{ healthRows: Map<string, MerchantHealth>; unread: Set<string> }> {
    this.reads += merchantIds.length;
    const found = merchantIds.flatMap((id) => {
      const row = this.#rows.get(id);
      return row === undefined ? [] : [[id, healthOf(row)] as const];
    });
    return { healthRows: new Map(found), unread: new Set() };
  }

  async waitingMerchants(): Promise<Map<string, MerchantHealth>> {
    return new Map([...this.#rows].filter(([, row]) => row.isWaiting).map(([id, row]) => [id, healthOf(row)]));
  }

  async openCircuit(id: string, seen: number | undefined, until: number, trips: number): Promise<boolean> {
    const isOpened = this.#update(id, (row) => row.circuitOpenUntil === seen, {
      circuitOpenUntil: until,
      circuitTrips: trips,
    });
    if (isOpened && seen === undefined) this.circuitsOpened += 1;
    return isOpened;
  }

  async claimProbe(id: string, seen: number, until: number): Promise<boolean> {
    return this.#update(id, (row) => row.circuitOpenUntil === seen, { circuitOpenUntil: until });
  }

  async closeCircuit(id: string, seen: number, now: number): Promise<boolean> {
    return this.#update(id, (row) => row.circuitOpenUntil === seen, {
      circuitOpenUntil: undefined,
      circuitTrips: 0,
      releaseRate: undefined,
      releasedAt: now,
    });
  }

  async markWaiting(id: string, isTurnedAway: boolean, now: number): Promise<void> {
    this.#update(id, () => true, { isWaiting: true, waitingAt: now, ...(isTurnedAway && { turnedAwayAt: now }) });
  }

  async unmarkWaiting(id: string, seenWaitingAt: number): Promise<boolean> {
    return this.#update(id, (row) => row.waitingAt === seenWaitingAt, { isWaiting: false, releaseRate: undefined });
  }

  async noteRequeueRate(id: string, seenReleasedAt: number, rate: number, now: number): Promise<boolean> {
    const isUnseen = (row: Kept) => row.releasedAt === 0 || row.releasedAt === seenReleasedAt;
    return this.#update(id, isUnseen, { releaseRate: rate, releasedAt: now });
  }

  #update(id: string, condition: (row: Kept) => boolean, change: Partial<Kept>): boolean {
    this.writes += 1;
    const row = this.#rows.get(id) ?? { ...HEALTHY, isWaiting: false };
    if (!condition(row)) return false;
    this.#rows.set(id, { ...row, ...change });
    return true;
  }
}

function healthOf({ circuitOpenUntil, releaseRate, ...row }: Kept): MerchantHealth {
  return {
    ...row,
    ...(circuitOpenUntil !== undefined && { circuitOpenUntil }),
    ...(releaseRate !== undefined && { releaseRate }),
  };
}
