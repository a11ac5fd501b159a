/**
 * Which rows are parked, by their ids: counting arrivals and departures goes wrong where the stream tells something
 * again. After SIGKILL it goes on from a checkpoint that is behind the table, so that a row that the look at the table
 * found parked is seen to be parked once more. Of one row, what the stream says is newer than what the table said when
 * it was looked at, sooner or later: both end at the same.
 */
import type { AttributeMap } from "../../core/transaction/attribute-value.ts";
import { stringOf } from "../../core/transaction/attribute-value.ts";

export type ParkedAs = "for its time" | "for its merchant";

export class ParkedRows {
  readonly #parked = new Map<string, ParkedAs>();
  /** Rows that the stream told of, until the look at the table is over. */
  #told: Set<string> | undefined = new Set();
  #forMerchant = 0;

  get count(): number {
    return this.#parked.size;
  }

  get forMerchant(): number {
    return this.#forMerchant;
  }

  /** By the stream. @param as undefined for a row that is not parked */
  observe(id: string, as: ParkedAs | undefined): void {
    this.#told?.add(id);
    this.#set(id, as);
  }

  /** By a look at the table, which may be behind what the stream has said meanwhile. */
  find(id: string, as: ParkedAs): void {
    if (this.#told?.has(id) !== true) this.#set(id, as);
  }

  /** Nothing more is found: ids need not be kept for it. */
  lookedThrough(): void {
    this.#told = undefined;
  }

  #set(id: string, as: ParkedAs | undefined): void {
    const before = this.#parked.get(id);
    this.#forMerchant += Number(as === "for its merchant") - Number(before === "for its merchant");
    if (as === undefined) this.#parked.delete(id);
    else this.#parked.set(id, as);
  }
}

export function idOf(image: AttributeMap | undefined): string {
  return stringOf(image?.["transactionId"]) ?? "";
}
