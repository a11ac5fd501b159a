/**
 * The books of the fleet: every delivery that reached a merchant, in order of arrival, and what became of it.
 * An entry is `answered` only if the whole response was handed over while the caller's socket was open;
 * otherwise the caller had gone and cannot know the response.
 */

/** One delivery, as its merchant saw it. */
export interface Delivery {
  /** Order of arrival over the whole fleet, from 1. */
  readonly sequence: number;
  readonly merchantId: string;
  readonly webhookId: string;
  readonly transactionId: string;
  readonly version: number;
  /** The signature held against the merchant's own secret. A delivery without a valid one confirms nothing. */
  readonly verified: boolean;
  readonly arrivedAtMs: number;
  /** What it told: merchant, outcome, amount and currency, as JSON; left out where nothing could be read. */
  readonly content?: string;
  /** Its merchant answers 202 for what it acknowledges later. @default 202 accepts */
  readonly isAcknowledging?: true;
  /** When its merchant acknowledged it, by a callback that was taken. */
  readonly acknowledgedAtMs?: number;
  /** The job that it says sends it again; left out where it says nothing of one. */
  readonly redelivery?: string;
  /** Status of the response, once it was finished while the caller's socket was open. */
  readonly responseStatus?: number;
  readonly respondedAtMs?: number;
}

export type Arrival = Omit<Delivery, "responseStatus" | "respondedAtMs">;

/** Cheap numbers for progress. */
export interface LedgerCounts {
  readonly deliveries: number;
  /** Different webhook-ids that were answered with a 2xx. */
  readonly confirmed: number;
  /** Deliveries without a valid signature. */
  readonly unverified: number;
}

const ACCEPTED = 202;

/** True if the merchant accepted the delivery and its caller was there to hear it. */
export function isConfirmation(delivery: Delivery): boolean {
  const { responseStatus, verified, isAcknowledging, acknowledgedAtMs } = delivery;
  if (acknowledgedAtMs !== undefined) return verified;
  if (isAcknowledging && responseStatus === ACCEPTED) return false;
  return verified && responseStatus !== undefined && responseStatus >= 200 && responseStatus < 300;
}

export class Ledger {
  readonly #deliveries: Delivery[] = [];
  readonly #indexBySequence = new Map<number, number>();
  readonly #deliveriesByWebhookId = new Map<string, number>();
  readonly #confirmed = new Set<string>();
  readonly #open = new Map<number, number>();
  #unverified = 0;

  /** Deliveries of a webhook-id so far. */
  deliveriesOf(webhookId: string): number {
    return this.#deliveriesByWebhookId.get(webhookId) ?? 0;
  }

  arrived(arrival: Arrival): void {
    this.#indexBySequence.set(arrival.sequence, this.#deliveries.length);
    this.#deliveries.push(arrival);
    this.#open.set(arrival.sequence, arrival.arrivedAtMs);
    this.#deliveriesByWebhookId.set(arrival.webhookId, this.deliveriesOf(arrival.webhookId) + 1);
    if (!arrival.verified) this.#unverified += 1;
  }

  answered(sequence: number, status: number, respondedAtMs: number): void {
    const index = this.#indexBySequence.get(sequence);
    const delivery = index === undefined ? undefined : this.#deliveries[index];
    if (index === undefined || delivery === undefined || !this.#open.delete(sequence)) return;
    const closed = { ...delivery, responseStatus: status, respondedAtMs };
    this.#deliveries[index] = closed;
    if (isConfirmation(closed)) this.#confirmed.add(closed.webhookId);
  }

  /** The newest delivery of a webhook-id was acknowledged. */
  acknowledged(webhookId: string, acknowledgedAtMs: number): void {
    const index = this.#deliveries.findLastIndex((delivery) => delivery.webhookId === webhookId);
    const delivery = this.#deliveries[index];
    if (delivery === undefined || delivery.acknowledgedAtMs !== undefined) return;
    this.#deliveries[index] = { ...delivery, acknowledgedAtMs };
    this.#confirmed.add(webhookId);
  }

  /** The caller has gone before the response was finished. */
  abandoned(sequence: number): void {
    this.#open.delete(sequence);
  }

  counts(): LedgerCounts {
    return { deliveries: this.#deliveries.length, confirmed: this.#confirmed.size, unverified: this.#unverified };
  }

  /** Deliveries that arrived up to that moment and are neither answered nor abandoned yet. */
  openSince(arrivedUpToMs: number): number {
    return this.#open
      .values()
      .filter((arrivedAtMs) => arrivedAtMs <= arrivedUpToMs)
      .toArray().length;
  }

  deliveries(): readonly Delivery[] {
    return this.#deliveries.toSorted((one, other) => one.sequence - other.sequence);
  }
}
