/**
 * What may be delivered again: what was in flight when a worker ended (see `demo/in-flight-deliveries.ts`). A killed
 * worker is allowed each such delivery; one that was asked to stop only if the table was kept from taking its records
 * while it stopped. One allowance is for one more delivery of one webhook-id.
 */
import type { Delivery } from "../../demo/fleet/ledger.ts";
import { versionKey } from "../../demo/judge-deliveries.ts";
import { InFlightDeliveries, type InFlightOptions } from "../../demo/in-flight-deliveries.ts";

interface Resent {
  readonly transactionId: string;
  readonly version: number;
  readonly attempts: readonly { readonly resends: number }[];
}

/**
 * What was sent again within a try, since a connection was closed before an answer began: its merchant may have had
 * it. One entry for each time that a row tells of.
 *
 * @returns webhook-ids
 */
export function allowedByResends(
  rows: readonly Resent[],
  deliveries: readonly Pick<Delivery, "transactionId" | "version" | "webhookId">[],
): string[] {
  const webhookIds = new Map(deliveries.map((delivery) => [versionKey(delivery), delivery.webhookId]));
  return rows.flatMap((row) => {
    const webhookId = webhookIds.get(versionKey(row));
    const resends = row.attempts.reduce((sum, attempt) => sum + attempt.resends, 0);
    return webhookId === undefined ? [] : Array.from({ length: resends }, () => webhookId);
  });
}

export class AllowedDuplicates {
  readonly #ends: InFlightDeliveries;
  readonly #webhookIds: string[] = [];

  constructor(options: InFlightOptions) {
    this.#ends = new InFlightDeliveries(options);
  }

  /** One entry for each time that a delivery was in flight when a worker ended. */
  get webhookIds(): readonly string[] {
    return this.#webhookIds;
  }

  /**
   * To be called at each end of a worker, as soon as its process is gone. @returns how many were in flight, allowed or
   * not
   */
  async workerEnded(endedAtMs: number, isAllowed: boolean): Promise<number> {
    const inFlight = await this.#ends.at(endedAtMs);
    if (isAllowed) this.#webhookIds.push(...inFlight);
    return inFlight.size;
  }
}
