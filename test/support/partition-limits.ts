/**
 * What DynamoDB lets through to one item, and to one value of an index key: 1,000 writes and 3,000 reads a second
 * (DynamoDB Developer Guide, "Best practices for designing and using partition keys effectively"); what is more is
 * throttled. Counted by whole seconds, without bursts, which AWS promises to nobody.
 */
export type Access = "read" | "write";

/** Asked before each access; true for one that is throttled. */
export type Throttles = (key: string, access: Access) => boolean;

export const MOST_A_SECOND: Readonly<Record<Access, number>> = { write: 1000, read: 3000 };

export class PartitionLimits {
  readonly #now: () => number;
  readonly #most: Readonly<Record<Access, number>>;
  readonly #taken = new Map<string, number>();
  #second = 0;

  constructor(now: () => number, most: Readonly<Record<Access, number>> = MOST_A_SECOND) {
    this.#now = now;
    this.#most = most;
  }

  readonly throttles: Throttles = (key, access) => {
    const second = Math.floor(this.#now() / 1000);
    if (second !== this.#second) this.#taken.clear();
    this.#second = second;
    const taken = this.#taken.get(`${access} ${key}`) ?? 0;
    if (taken >= this.#most[access]) return true;
    this.#taken.set(`${access} ${key}`, taken + 1);
    return false;
  };
}

/** As the SDK tells it when its own attempts were in vain. */
export function throttlingError(key: string): Error {
  const error = new Error(`Throughput exceeds the current capacity of the partition of ${key}`);
  error.name = "ThrottlingException";
  return error;
}
