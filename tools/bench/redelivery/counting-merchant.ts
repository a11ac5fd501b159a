/** A merchant on loopback that answers at once and keeps, by transaction, when it was called and how often, and why. */
import { once } from "node:events";
import type { AddressInfo, Server } from "node:net";
import { LOOPBACK } from "../../../local/machine.ts";
import { headersOf, httpServer } from "../cost/world/http-responses.ts";

const REDELIVERY_HEADER = "webhook-redelivery";

export class CountingMerchant {
  readonly #server: Server;
  /** Milliseconds of `performance.now()` at the first call. */
  readonly calledAt = new Map<string, number>();
  /** Calls that said of themselves that they are redeliveries. */
  readonly redelivered = new Map<string, number>();
  /** Further calls that did not. */
  unsaid = 0;

  private constructor() {
    this.#server = httpServer(({ head, body }, respond) => {
      const at = performance.now();
      respond();
      const { transactionId } = (JSON.parse(body.toString()) as { data: { transactionId: string } }).data;
      if (headersOf(head)[REDELIVERY_HEADER] !== undefined)
        this.redelivered.set(transactionId, (this.redelivered.get(transactionId) ?? 0) + 1);
      else if (this.calledAt.has(transactionId)) this.unsaid += 1;
      else this.calledAt.set(transactionId, at);
    });
  }

  static async start(): Promise<CountingMerchant> {
    const merchant = new CountingMerchant();
    await once(merchant.#server.listen(0, LOOPBACK), "listening");
    return merchant;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  stop(): void {
    this.#server.close();
  }
}
