/** The MerchantGates table in memory, with the conditions of the real one; a test compares the two. */
import type { MerchantHealthTable } from "../../core/aws/merchant-health-table.ts";
import { type MerchantHealth, HEALTHY } from "../../core/merchant/merchant-health.ts";
import { throttlingError, type Throttles } from "./partition-limits.ts";

const MAX_CLOCK_SKEW_MS = 10_000;

interface Row {
  health: MerchantHealth;
  isWaiting: boolean;
  rateSlot?: number;
  rateTaken: number;
}

export class MemoryMerchantHealth implements Pick<MerchantHealthTable, keyof MerchantHealthTable> {
  readonly rows = new Map<string, Row>();
  isDown = false;
  /** Asked for each item that is read or written, by its merchant. */
  throttles: Throttles = () => false;

  health(merchantId: string): MerchantHealth {
    return this.rows.get(merchantId)?.health ?? HEALTHY;
  }

  put(merchantId: string, changes: Partial<MerchantHealth>): void {
    const row = this.#row(merchantId);
    row.health = { ...row.health, ...changes };
  }

  resume(merchantId: string): void {
    const row = this.#row(merchantId);
    const { pausedAt: _, ...health } = row.health;
    row.health = health;
  }

  async read(
    merchantIds: readonly string[],
  ): Promise<{ healthRows: Map<string, MerchantHealth>; unread: Set<string> }> {
    this.#beUp();
    const unread = new Set(merchantIds.filter((id) => this.throttles(id, "read")));
    const found = merchantIds.flatMap((id) => {
      if (unread.has(id)) return [];
      const row = this.rows.get(id);
      return row === undefined ? [] : [[id, row.health] as const];
    });
    return { healthRows: new Map(found), unread };
  }

  async openCircuit(merchantId: string, seen: number | undefined, until: number, trips: number): Promise<boolean> {
    return this.#changeCircuit(merchantId, seen, { circuitOpenUntil: until, circuitTrips: trips });
  }

  async claimProbe(merchantId: string, seen: number, until: number): Promise<boolean> {
    return this.#changeCircuit(merchantId, seen, { circuitOpenUntil: until });
  }

  async closeCircuit(merchantId: string, seen: number, now: number): Promise<boolean> {
    const isClosed = this.#changeCircuit(merchantId, seen, { releasedAt: now });
    if (!isClosed) return false;
    const row = this.#row(merchantId);
    const { circuitOpenUntil: _, releaseRate: __, ...health } = row.health;
    row.health = { ...health, circuitTrips: 0 };
    return true;
  }

  async disable(merchantId: string, url: string): Promise<boolean> {
    this.#beWritable(merchantId);
    const { disabledUrls } = this.health(merchantId);
    if (disabledUrls.includes(url)) return true;
    if (disabledUrls.length >= 50) return false;
    this.put(merchantId, { disabledUrls: [...disabledUrls, url] });
    return true;
  }

  async markWaiting(merchantId: string, isTurnedAway: boolean, now: number): Promise<void> {
    this.#beWritable(merchantId);
    this.put(merchantId, { waitingAt: now, ...(isTurnedAway && { turnedAwayAt: now }) });
    this.#row(merchantId).isWaiting = true;
  }

  async unmarkWaiting(merchantId: string, seenWaitingAt: number): Promise<boolean> {
    this.#beWritable(merchantId);
    const row = this.#row(merchantId);
    if (row.health.waitingAt !== seenWaitingAt) return false;
    const { releaseRate: _, ...health } = row.health;
    row.health = health;
    row.isWaiting = false;
    return true;
  }

  async noteRequeueRate(merchantId: string, seenReleasedAt: number, rate: number, now: number): Promise<boolean> {
    this.#beWritable(merchantId);
    const { releasedAt } = this.health(merchantId);
    if (releasedAt !== 0 && releasedAt !== seenReleasedAt) return false;
    this.put(merchantId, { releaseRate: rate, releasedAt: now });
    return true;
  }

  async takeTokens(merchantId: string, slot: number, count: number, tokensASlot: number): Promise<number> {
    this.#beWritable(merchantId);
    const row = this.#row(merchantId);
    const { rateSlot } = row;
    if (rateSlot !== undefined && rateSlot > slot && rateSlot <= slot + MAX_CLOCK_SKEW_MS) return 0;
    if (rateSlot !== slot) row.rateTaken = 0;
    row.rateSlot = slot;
    const taken = Math.min(count, Math.max(0, tokensASlot - row.rateTaken));
    row.rateTaken += taken;
    return taken;
  }

  async waiting(): Promise<Map<string, MerchantHealth>> {
    this.#beUp();
    return new Map([...this.rows].flatMap(([id, { isWaiting, health }]) => (isWaiting ? [[id, health] as const] : [])));
  }

  #changeCircuit(merchantId: string, seen: number | undefined, changes: Partial<MerchantHealth>): boolean {
    this.#beWritable(merchantId);
    if (this.health(merchantId).circuitOpenUntil !== seen) return false;
    this.put(merchantId, changes);
    return true;
  }

  #row(merchantId: string): Row {
    const row = this.rows.get(merchantId) ?? { health: HEALTHY, isWaiting: false, rateTaken: 0 };
    this.rows.set(merchantId, row);
    return row;
  }

  #beWritable(merchantId: string): void {
    this.#beUp();
    if (this.throttles(merchantId, "write")) throw throttlingError(merchantId);
  }

  #beUp(): void {
    if (this.isDown) throw new Error("the table of gates is down");
  }
}
