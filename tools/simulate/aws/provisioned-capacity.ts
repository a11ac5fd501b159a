/**
 * Provisioned write capacity of the table and of each index, and the scaling that follows it: what is not used is kept
 * for five minutes and may be used at once; what is used is known a minute late; after two minutes above the target the
 * capacity grows to what was used over the target, which is what there was where it throttled, and shrinks after a
 * quarter of an hour below. A change takes effect some time later, and none begins before the one before has.
 */
import { capacityFor, leastCapacity, mostCapacity } from "../../../core/settings/table-capacity.ts";
import type { Settings } from "../../../core/settings/settings.ts";
import { PROVISIONED } from "./quotas.ts";
import { TargetTracking } from "./target-tracking.ts";

const PERCENT = 100;

/** Units of one resource. */
class ScaledUnits {
  readonly #now: () => number;
  readonly #least: number;
  readonly #most: number;
  readonly #tracking: TargetTracking;
  #perSecond: number;
  #left: number;
  #filledAt: number;
  #usedInMinute = 0;
  /** Seconds at which a change takes effect, and what it is to. */
  #change: { readonly at: number; readonly to: number } | undefined;

  constructor(now: () => number, first: number, least: number, most: number, utilizationPercent: number) {
    this.#now = now;
    this.#least = least;
    this.#most = most;
    this.#perSecond = first;
    this.#left = 0;
    this.#filledAt = now();
    this.#tracking = new TargetTracking({
      target: utilizationPercent,
      periodSeconds: PROVISIONED.periodSeconds,
      delaySeconds: PROVISIONED.metricDelaySeconds,
      valuesToGrow: PROVISIONED.valuesToGrow,
    });
  }

  get perSecond(): number {
    return this.#perSecond;
  }

  /** May be overdrawn by the last one that found something left. */
  get has(): boolean {
    const now = this.#now();
    if (now > this.#filledAt) {
      const stock = this.#perSecond * PROVISIONED.burstSeconds;
      this.#left = Math.min(stock, this.#left + ((now - this.#filledAt) * this.#perSecond) / 1000);
      this.#filledAt = now;
    }
    return this.#left > 0;
  }

  take(units: number): void {
    this.#left -= units;
    this.#usedInMinute += units;
  }

  /** Each second. */
  scale(second: number): void {
    if (this.#change !== undefined && second >= this.#change.at) {
      this.#perSecond = this.#change.to;
      this.#change = undefined;
    }
    if (this.#tracking.isDue(second)) {
      const used = this.#usedInMinute / PROVISIONED.periodSeconds;
      this.#tracking.measured(second, (PERCENT * used) / this.#perSecond);
      this.#usedInMinute = 0;
    }
    const wish = this.#tracking.wish(second);
    if (this.#change !== undefined || wish.kind === "stay") return;
    const to = Math.min(this.#most, Math.max(this.#least, Math.ceil(this.#perSecond * wish.factor)));
    if (to === this.#perSecond || to > this.#perSecond !== (wish.kind === "grow")) return;
    this.#change = { at: second + PROVISIONED.updateSeconds, to };
    this.#tracking.changed();
  }
}

export class ProvisionedCapacity {
  readonly table: ScaledUnits;
  readonly due: ScaledUnits;
  readonly merchant: ScaledUnits;
  readonly failed: ScaledUnits;

  /** It begins as it is after a long time at the target rate. */
  constructor(settings: Settings, now: () => number) {
    const first = capacityFor(settings, settings.targetRatePerSecond);
    const least = leastCapacity(settings);
    const most = mostCapacity(settings);
    const of = (name: keyof typeof first) =>
      new ScaledUnits(
        now,
        first[name].writes,
        least[name].writes,
        most[name].writes,
        settings.capacity.utilizationPercent,
      );
    this.table = of("table");
    this.due = of("due");
    this.merchant = of("merchant");
    this.failed = of("failed");
  }

  scale(second: number): void {
    for (const units of [this.table, this.due, this.merchant, this.failed]) units.scale(second);
  }

  /** Units a second that are paid for. */
  get writes(): number {
    return this.table.perSecond + this.due.perSecond + this.merchant.perSecond + this.failed.perSecond;
  }
}
