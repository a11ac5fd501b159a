/**
 * What the order of deliveries alone can tell: whether one came after its merchant had accepted it, without saying that
 * a job sends it again, or after a newer version.
 */
import type { Finding } from "./evidence.ts";
import { isConfirmation, type Delivery } from "./fleet/ledger.ts";

export interface DeliveryFindings {
  readonly duplicates: readonly Finding[];
  readonly outOfOrder: readonly Finding[];
}

export function judgeDeliveries(deliveries: readonly Delivery[]): DeliveryFindings {
  const duplicates: Finding[] = [];
  const outOfOrder: Finding[] = [];
  const accepted = new Set<string>();
  const newestSeen = new Map<string, number>();
  for (const delivery of deliveries.toSorted((one, other) => one.sequence - other.sequence)) {
    const { transactionId, version, webhookId } = delivery;
    const at = `delivery ${delivery.sequence} of version ${version} to ${delivery.merchantId} as ${webhookId}`;
    const isSaidAgain = delivery.redelivery !== undefined;
    if (!isSaidAgain && (accepted.has(webhookId) || accepted.has(versionKey(delivery)))) {
      duplicates.push({ kind: "duplicate", transactionId, webhookId, detail: `${at}: accepted before` });
    }
    const newest = newestSeen.get(transactionId) ?? 0;
    if (version < newest)
      outOfOrder.push({ kind: "out of order", transactionId, detail: `${at}: version ${newest} came before` });
    newestSeen.set(transactionId, Math.max(newest, version));
    if (isConfirmation(delivery)) accepted.add(webhookId).add(versionKey(delivery));
  }
  return { duplicates, outOfOrder };
}

/** Key of one version of a transaction. */
export function versionKey({
  transactionId,
  version,
}: {
  readonly transactionId: string;
  readonly version: number;
}): string {
  return `${transactionId} ${version}`;
}
