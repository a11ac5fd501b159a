/** Calls under way for each merchant: what a saturated merchant cannot take is turned away, never held in the task's window. */
export class Bulkhead {
  readonly #underWay = new Map<string, number>();

  /** @returns false when the merchant has `limit` calls under way; else `leave` must follow */
  tryEnter(merchantId: string, limit: number): boolean {
    const underWay = this.#underWay.get(merchantId) ?? 0;
    if (underWay >= limit) return false;
    this.#underWay.set(merchantId, underWay + 1);
    return true;
  }

  leave(merchantId: string): void {
    const underWay = (this.#underWay.get(merchantId) ?? 0) - 1;
    if (underWay > 0) this.#underWay.set(merchantId, underWay);
    else this.#underWay.delete(merchantId);
  }
}
