/**
 * The `MerchantGates` table in memory, for the pipeline's own gates and `release-due`; the same conditions as
 * `core/aws/gates-table.ts`.
 */
import type { GatesTable } from "../../../core/aws/gates-table.ts";
import { type Gate, OPEN_GATE } from "../../../core/merchant/gate.ts";

type Kept = Omit<Gate, "circuitOpenUntil" | "releaseRate"> & {
  readonly circuitOpenUntil?: number | undefined;
  readonly releaseRate?: number | undefined;
  readonly isWaiting: boolean;
};

export class GatesInMemory implements Pick<
  GatesTable,
  "read" | "openCircuit" | "claimProbe" | "closeCircuit" | "markWaiting" | "noteRelease" | "unmarkWaiting"
> {
  readonly #rows = new Map<string, Kept>();
  reads = 0;
  writes = 0;
  circuitsOpened = 0;

  async read(merchantIds: readonly string[]): Promise<{ gates: Map<string, Gate>; unread: Set<string> }> {
    this.reads += merchantIds.length;
    const found = merchantIds.flatMap((id) => {
      const row = this.#rows.get(id);
      return row === undefined ? [] : [[id, gateOf(row)] as const];
    });
    return { gates: new Map(found), unread: new Set() };
  }

  async waitingGates(): Promise<Map<string, Gate>> {
    return new Map([...this.#rows].filter(([, row]) => row.isWaiting).map(([id, row]) => [id, gateOf(row)]));
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

  async noteRelease(id: string, seenReleasedAt: number, rate: number, now: number): Promise<boolean> {
    const isUnseen = (row: Kept) => row.releasedAt === 0 || row.releasedAt === seenReleasedAt;
    return this.#update(id, isUnseen, { releaseRate: rate, releasedAt: now });
  }

  #update(id: string, condition: (row: Kept) => boolean, change: Partial<Kept>): boolean {
    this.writes += 1;
    const row = this.#rows.get(id) ?? { ...OPEN_GATE, isWaiting: false };
    if (!condition(row)) return false;
    this.#rows.set(id, { ...row, ...change });
    return true;
  }
}

function gateOf({ circuitOpenUntil, releaseRate, ...row }: Kept): Gate {
  return {
    ...row,
    ...(circuitOpenUntil !== undefined && { circuitOpenUntil }),
    ...(releaseRate !== undefined && { releaseRate }),
  };
}
