/**
 * The ordering keys of the demo: one transaction in twenty has one. Five keys are in use at a time, twenty transactions
 * on each; half of the keys name the one before, the other half rest on the queue alone. One of the five is of a
 * merchant that fails at first, so that each of its transactions holds back those behind it; since that takes seconds
 * each, the key is a short one.
 */
export interface PlannedOrder {
  readonly merchantId: string;
  readonly orderingKey: string;
  readonly orderingAfter?: string;
}

const ONE_IN = 20;
/** Which of them: not the one that may be bad. */
const REMAINDER = 10;
const KEYS_AT_A_TIME = 5;
const TRANSACTIONS_A_KEY = 20;
const HELD_BACK_A_KEY = 3;
const MERCHANTS = ["good-1", "good-2", "good-1", "good-2"] as const;
const HOLDING_BACK = "failing-at-first-1";

export class OrderPlanner {
  readonly #last = new Map<string, string>();
  #planned = 0;

  /** @param index of the transaction. To be asked for each, in the order in which they are written. */
  next(index: number, transactionId: string): PlannedOrder | undefined {
    if (index % ONE_IN !== REMAINDER) return undefined;
    const number = this.#planned;
    this.#planned += 1;
    const round = Math.floor(number / (KEYS_AT_A_TIME * TRANSACTIONS_A_KEY));
    const slot = number % KEYS_AT_A_TIME;
    const isEarly = Math.floor(number / KEYS_AT_A_TIME) % TRANSACTIONS_A_KEY < HELD_BACK_A_KEY;
    const isHeldBack = slot === MERCHANTS.length && isEarly;
    const merchantId = isHeldBack ? HOLDING_BACK : (MERCHANTS[slot % MERCHANTS.length] as string);
    const orderingKey = `account-${round * KEYS_AT_A_TIME + slot + 1}`;
    const key = `${merchantId} ${orderingKey}`;
    const before = slot % 2 === 0 ? this.#last.get(key) : undefined;
    this.#last.set(key, transactionId);
    return { merchantId, orderingKey, ...(before !== undefined && { orderingAfter: before }) };
  }
}
