/** Entries of the merchants' books for tests. */
import type { Delivery } from "../../../local/demo/fleet/ledger.ts";

export function delivery(sequence: number, changes: Partial<Delivery> = {}): Delivery {
  return {
    sequence,
    merchantId: "m",
    webhookId: "msg_1",
    transactionId: "t-1",
    version: 1,
    verified: true,
    arrivedAtMs: sequence,
    responseStatus: 200,
    respondedAtMs: sequence,
    ...changes,
  };
}
