/**
 * What is kept of the values of a metric in a few seconds: how many, their sum, least and greatest, and how they are
 * spread, in steps of 2 %, which is how exact percentiles are. Its size does not grow with the number of values.
 */
import { MathError } from "../../core/dashboard/metric-math.ts";

const STEP = Math.log(1.02);
const PERCENTILE = /^p(\d{1,2}(?:\.\d+)?|100)$/;
/** Percent of the values that are above the first and not above the second. */
const PERCENTILE_RANK = /^PR\((\d*\.?\d*):(\d*\.?\d*)\)$/;

export class Distribution {
  #count = 0;
  #sum = 0;
  #least = Number.POSITIVE_INFINITY;
  #greatest = Number.NEGATIVE_INFINITY;
  /** Count by step; step -Infinity is 0 and below. */
  readonly #steps = new Map<number, number>();

  add(value: number, times = 1): void {
    if (!Number.isFinite(value) || !(times > 0)) return;
    this.#count += times;
    this.#sum += value * times;
    this.#least = Math.min(this.#least, value);
    this.#greatest = Math.max(this.#greatest, value);
    const step = value > 0 ? Math.round(Math.log(value) / STEP) : Number.NEGATIVE_INFINITY;
    this.#steps.set(step, (this.#steps.get(step) ?? 0) + times);
  }

  merge(other: Distribution): void {
    this.#count += other.#count;
    this.#sum += other.#sum;
    this.#least = Math.min(this.#least, other.#least);
    this.#greatest = Math.max(this.#greatest, other.#greatest);
    for (const [step, count] of other.#steps) this.#steps.set(step, (this.#steps.get(step) ?? 0) + count);
  }

  /** @param statistic as CloudWatch calls it @throws MathError for one that is not known here */
  statistic(statistic: string): number | undefined {
    if (this.#count === 0) return undefined;
    switch (statistic.toLowerCase()) {
      case "sum":
        return this.#sum;
      case "samplecount":
        return this.#count;
      case "average":
        return this.#sum / this.#count;
      case "minimum":
        return this.#least;
      case "maximum":
        return this.#greatest;
      default:
        return this.#spread(statistic);
    }
  }

  #spread(statistic: string): number {
    const percentile = PERCENTILE.exec(statistic)?.[1];
    if (percentile !== undefined) return this.#percentile(Number(percentile) / 100);
    const [, above, upTo] = PERCENTILE_RANK.exec(statistic) ?? [];
    if (above === undefined || upTo === undefined) throw new MathError(`the statistic ${statistic} is not known here`);
    const [low, high] = [
      above === "" ? Number.NEGATIVE_INFINITY : Number(above),
      upTo === "" ? Number.POSITIVE_INFINITY : Number(upTo),
    ];
    const within = this.#sorted().filter(([value]) => value > low && value <= high);
    return (100 * within.reduce((sum, [, count]) => sum + count, 0)) / this.#count;
  }

  #percentile(part: number): number {
    if (part >= 1) return this.#greatest;
    let left = part * this.#count;
    for (const [value, count] of this.#sorted()) {
      left -= count;
      if (left <= 0) return value;
    }
    return this.#greatest;
  }

  /** Value of each step, and its count; never beyond what was seen. */
  #sorted(): readonly (readonly [number, number])[] {
    return [...this.#steps]
      .toSorted(([left], [right]) => left - right)
      .map(([step, count]) => {
        const value = step === Number.NEGATIVE_INFINITY ? Math.min(0, this.#greatest) : Math.exp(step * STEP);
        return [Math.min(this.#greatest, Math.max(this.#least, value)), count];
      });
  }
}
