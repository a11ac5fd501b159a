/**
 * Puts out what a task has measured, every few seconds and once more at its end: metrics as lines of their own, and a
 * line for each merchant that fails or waits. What is counted and not to be published is a line of the log.
 */
import { emfDocuments, type EmfOptions } from "./emf.ts";
import type { MerchantTroubles } from "./merchant-troubles.ts";
import type { Meter } from "./meter.ts";
import { heldTo } from "./held-to.ts";
import { COUNTED_LINE, MERCHANT_LINE } from "../settings/names.ts";
import type { Log } from "./log-error.ts";

export interface PublisherOptions extends Omit<EmfOptions, "now"> {
  readonly meter: Pick<Meter, "take">;
  readonly troubles: Pick<MerchantTroubles, "take">;
  /** Names of metrics, or `*` for every one. */
  readonly published: readonly string[];
  /** Prints one line as it is. */
  readonly print: (line: string) => void;
  readonly log: Log;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

export class Publisher {
  readonly #options: PublisherOptions;

  constructor(options: PublisherOptions) {
    this.#options = options;
  }

  publish(): void {
    const { meter, troubles, namespace, service, published, print, log, now } = this.#options;
    const measured = meter.take();
    const { toPublish, counts } = heldTo(published, measured);
    for (const document of emfDocuments(toPublish, { namespace, service, now: now() })) print(JSON.stringify(document));
    if (Object.keys(counts).length > 0) log(COUNTED_LINE, { counts });
    for (const trouble of troubles.take()) log(MERCHANT_LINE, { ...trouble });
  }
}
