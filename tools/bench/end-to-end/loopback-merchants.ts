/**
 * The merchants of the run in this process, each with a port of its own: they answer at once, and it is kept who was
 * called for what, and when.
 */
import { once } from "node:events";
import type { AddressInfo, Server } from "node:net";
import { Webhook } from "standardwebhooks";
import { LOOPBACK } from "../../../local/machine.ts";
import { headersOf, httpServer } from "../cost/world/http-responses.ts";

export interface Visit {
  /** Milliseconds of `performance.now()`. */
  readonly calledAt: number;
  readonly respondedAt: number;
}

/** One webhook in so many is verified. */
const VERIFIED_EVERY = 50;

export class LoopbackMerchants {
  readonly #servers: readonly Server[];
  /** The first visit for each transaction. */
  readonly visits = new Map<string, Visit>();
  /** Calls in all: what there is more of them than of visits came twice. */
  calls = 0;
  verified = 0;
  unverified = 0;
  /** By merchant, `whsec_…`. */
  #secrets: Readonly<Record<string, string>> = {};

  private constructor(count: number) {
    this.#servers = Array.from({ length: count }, () =>
      httpServer(({ head, body }, respond) => {
        const calledAt = performance.now();
        respond();
        this.#note(head, body.toString(), { calledAt, respondedAt: performance.now() });
      }),
    );
  }

  static async start(count: number): Promise<LoopbackMerchants> {
    const merchants = new LoopbackMerchants(count);
    await Promise.all(merchants.#servers.map((server) => once(server.listen(0, LOOPBACK), "listening")));
    return merchants;
  }

  get ports(): readonly number[] {
    return this.#servers.map((server) => (server.address() as AddressInfo).port);
  }

  trust(secrets: Readonly<Record<string, string>>): void {
    this.#secrets = secrets;
  }

  stop(): void {
    for (const server of this.#servers) server.close();
  }

  #note(head: string, body: string, visit: Visit): void {
    const { transactionId, merchantId } = (JSON.parse(body) as { data: { transactionId: string; merchantId: string } })
      .data;
    this.calls += 1;
    if (!this.visits.has(transactionId)) this.visits.set(transactionId, visit);
    if (this.calls % VERIFIED_EVERY !== 1) return;
    try {
      new Webhook(this.#secrets[merchantId] ?? "").verify(body, headersOf(head), { jsonParse: false });
      this.verified += 1;
    } catch {
      this.unverified += 1;
    }
  }
}
