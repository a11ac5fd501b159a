/**
 * One message that is out, by whatever channel: of which transaction at which version, by what kind, and when. Two of
 * the same key are a step that was done twice.
 */
import type { ChannelKind } from "../../../../core/channels/channel.ts";
import { type Delivery, isConfirmation } from "../../../../local/demo/fleet/ledger.ts";
import { isRecipient, RECIPIENT_BY_ID } from "../../plan/recipients.ts";

export interface SentStep {
  readonly transactionId: string;
  readonly version: number;
  readonly kind: ChannelKind;
  /** Epoch milliseconds since when its recipient, or the service, has it. */
  readonly atMs: number;
}

export function stepKey({ transactionId, version, kind }: Omit<SentStep, "atMs">): string {
  return `${transactionId} v${version} ${kind}`;
}

/** Whether what is sent there arrives: else nothing that is sent counts as done. */
export function isVain(merchantId: string, kind: ChannelKind): boolean {
  const { told } = RECIPIENT_BY_ID.get(merchantId) ?? {};
  return told?.channels.find((channel) => channel.kind === kind)?.isVain === true;
}

/** Id of the recipient's channel of that kind. */
export function channelIdOf(merchantId: string, kind: ChannelKind): string {
  const { told } = RECIPIENT_BY_ID.get(merchantId) ?? {};
  return told?.channels.find((channel) => channel.kind === kind)?.id ?? "web";
}

/** What recipients' webhooks responded to with 2xx, 202 among it. */
export function webSteps(deliveries: readonly Delivery[]): SentStep[] {
  return deliveries
    .filter((delivery) => isRecipient(delivery.merchantId) && isTaken(delivery))
    .map(({ transactionId, version, respondedAtMs = 0 }): SentStep => ({
      transactionId,
      version,
      kind: "webhook",
      atMs: respondedAtMs,
    }));
}

function isTaken(delivery: Delivery): boolean {
  const { verified, responseStatus = 0, redelivery } = delivery;
  const isGood = responseStatus >= 200 && responseStatus < 300;
  return redelivery === undefined && verified && (isGood || isConfirmation(delivery));
}
