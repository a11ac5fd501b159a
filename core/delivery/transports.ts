/** Which transport carries a request: by what it needs, else the one of the settings. */
import type { ConnectionPools } from "../http/connection-pools.ts";
import type { Transport } from "../http/transport.ts";
import type { Posting } from "./attempt.ts";

export class Transports {
  readonly #http1: ConnectionPools;

  constructor(http1: ConnectionPools) {
    this.#http1 = http1;
  }

  of(_need: Pick<Posting, "identity" | "httpVersion">): Transport {
    return this.#http1;
  }

  /** What is in flight fails; neither connections nor timers are left. */
  close(): void {
    this.#http1.close();
  }
}
