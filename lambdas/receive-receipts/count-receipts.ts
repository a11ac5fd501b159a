/**
 * Counts receipts that were recorded, and what they confirmed: nobody else does, as the message that sent it confirmed
 * nothing. What is confirmed in the sandbox counts apart, as the worker counts it. What a receipt only notes the worker
 * goes on with, and counts.
 */
import type { RecordedReceipt } from "../../core/aws/record-receipt.ts";
import type { CampaignCounts } from "../../core/campaigns/campaign-counts.ts";
import type { ReceiptedKind } from "../../core/settings/groups/channels.ts";
import { METRICS } from "../../core/settings/names.ts";

export interface CountedReceipt {
  readonly channel: ReceiptedKind;
  /** It says that the message arrived; else that it did not. */
  readonly isDelivered: boolean;
  readonly recorded: RecordedReceipt & { readonly kind: "recorded" };
}

export interface CountReceiptsParts {
  readonly count: (metric: string) => void;
  /** Of what was confirmed. */
  readonly countConfirmed: (metric: typeof METRICS.confirmed | typeof METRICS.sandboxConfirmed) => void;
  /** Of a metric that is counted as a whole too. */
  readonly countPart: (metric: string, dimension: "kind", part: string) => void;
  readonly isSandbox: (merchantId: string | undefined) => Promise<boolean>;
  /** @default no label is counted */
  readonly campaigns?: Pick<CampaignCounts, "registered" | "count"> | undefined;
}

export async function countReceipt(
  { count, countConfirmed, countPart, isSandbox, campaigns }: CountReceiptsParts,
  { channel, isDelivered, recorded }: CountedReceipt,
): Promise<void> {
  count(METRICS.receiptsRecorded);
  if (!isDelivered) {
    count(METRICS.undelivered);
    countPart(METRICS.undelivered, "kind", channel);
  }
  if (!recorded.isConfirmed) return;
  if (await isSandbox(recorded.merchantId)) return countConfirmed(METRICS.sandboxConfirmed);
  countConfirmed(METRICS.confirmed);
  const label = campaigns?.registered(recorded.campaign);
  if (label !== undefined) campaigns?.count(label, "delivered", channel);
}
