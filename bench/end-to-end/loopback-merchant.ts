/** The merchants of the run as one server in this process: answers at once, and remembers when it was called for what. */
import { once } from "node:events";
import type { AddressInfo, Server } from "node:net";
import { Webhook } from "standardwebhooks";
import { headersOf, httpServer } from "../cost/world/http-answers.ts";

export interface Visit {
  /** Milliseconds of `performance.now()`. */
  readonly calledAt: number;
  readonly answeredAt: number;
}

/** One webhook in so many is verified. */
const VERIFIED_EVERY = 50;

export class LoopbackMerchant {
  readonly #server: Server;
  /** The first visit for each transaction. */
  readonly visits = new Map<string, Visit>();
  /** Calls in all: what there is more of them than of visits came twice. */
  calls = 0;
  verified = 0;
  unverified = 0;
  /** By merchant, `whsec_…`. */
  #secrets: Readonly<Record<string, string>> = {};

  private constructor() {
    this.#server = httpServer(({ head, body }, answer) => {
      const calledAt = performance.now();
      answer();
      this.#note(head, body.toString(), { calledAt, answeredAt: performance.now() });
    });
  }

  static async start(): Promise<LoopbackMerchant> {
    const merchant = new LoopbackMerchant();
    merchant.#server.listen(0, "127.0.0.1");
    await once(merchant.#server, "listening");
    return merchant;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  trust(secrets: Readonly<Record<string, string>>): void {
    this.#secrets = secrets;
  }

  stop(): void {
    this.#server.close();
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
