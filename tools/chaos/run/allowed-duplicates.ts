/**
 * What may be delivered again: what was in flight when a worker ended (see `local/demo/in-flight-deliveries.ts`). A
 * killed worker is allowed each such delivery; one that was asked to stop only if the table was kept from taking its
 * records while it stopped. One allowance is for one more delivery of one webhook-id.
 */
import { InFlightDeliveries, type InFlightOptions } from "../../../local/demo/in-flight-deliveries.ts";

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
    return inFlight.length;
  }
}
