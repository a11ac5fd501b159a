/** What the producer wrote, and what became of it. */
import type { WrittenOrder } from "./order-by-arrivals.ts";
import type { PoisonKind } from "../plan/poison-row.ts";

export interface WrittenTransaction {
  readonly transactionId: string;
  /** Every version that the table accepted, oldest first; empty if it cannot be read. */
  readonly versions: readonly number[];
  readonly poison?: PoisonKind;
  readonly order?: WrittenOrder;
  readonly merchantId?: string;
  /** Epoch milliseconds. */
  readonly beganAtMs?: number;
  /** Nothing is wrong with it but its manner. */
  readonly isPlain?: boolean;
  /** Its newest version was put once more with another content. */
  readonly isRewritten?: boolean;
}
