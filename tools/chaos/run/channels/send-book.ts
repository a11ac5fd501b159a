/**
 * The suite's own book of what the worker sent by channels, as the proxies saw it: when the service had carried it out,
 * and whether the worker was told. What was carried out and not told, or was not recorded when the worker was killed,
 * was in flight: it may be done once more.
 */
import type { ChannelSend } from "../../proxy/channel-sends.ts";
import type { CallEnd } from "../../proxy/fault-proxy.ts";

export interface BookedSend extends ChannelSend {
  /** Epoch milliseconds; the service has it since then. */
  readonly carriedOutAtMs: number;
  /** Its sender got the response. */
  readonly isTold: boolean;
}

export class SendBook {
  readonly #sends: BookedSend[] = [];
  #open = 0;

  /** Those that were carried out and are over. */
  get carriedOut(): readonly BookedSend[] {
    return this.#sends;
  }

  /** Calls that have no end yet. */
  get open(): number {
    return this.#open;
  }

  /** @returns to be told of its end */
  began(send: ChannelSend): (end: CallEnd) => void {
    this.#open += 1;
    return ({ carriedOutAtMs, isTold }) => {
      this.#open -= 1;
      if (carriedOutAtMs !== undefined) this.#sends.push({ ...send, carriedOutAtMs, isTold });
    };
  }
}
