/** A merchant on loopback for flow tests: remembers every request and answers as each test tells it to, by path. */
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";

export interface Delivery {
  /** When it came, epoch milliseconds. */
  readonly at: number;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

interface ReceivedResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A status to answer with, or more than that; a promise holds the response back. */
export type MerchantResponse = (delivery: Delivery, nth: number) => number | ReceivedResponse | Promise<number>;

export class MerchantServer {
  readonly #server: Server;
  readonly #answers = new Map<string, MerchantResponse>();
  readonly deliveries: Delivery[] = [];

  private constructor(server: Server) {
    this.#server = server;
  }

  /** @param port 0 for any free one */
  static async start(port = 0): Promise<MerchantServer> {
    const merchant: MerchantServer = new MerchantServer(
      createServer((request, response) => {
        const chunks: Buffer[] = [];
        request.on("data", (chunk: Buffer) => chunks.push(chunk));
        request.on("end", () => {
          const delivery = {
            at: Date.now(),
            path: request.url ?? "",
            headers: request.headers,
            body: Buffer.concat(chunks).toString(),
          };
          merchant.deliveries.push(delivery);
          void merchant.#respond(delivery).then(({ status, headers, body }) =>
            response.writeHead(status, headers).end(body),
          );
        });
      }),
    );
    merchant.#server.listen(port, "127.0.0.1");
    await once(merchant.#server, "listening");
    return merchant;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  url(path: string): string {
    return `http://127.0.0.1:${this.port}${path}`;
  }

  /** How calls to a path are answered from now on. Default: 200. */
  respond(path: string, response: MerchantResponse): void {
    this.#answers.set(path, response);
  }

  to(path: string): Delivery[] {
    return this.deliveries.filter((delivery) => delivery.path === path);
  }

  /** Without challenges of its address, which it answers like anything else: wrongly. */
  confirmationsTo(path: string): Delivery[] {
    return this.to(path).filter(({ body }) => !body.startsWith('{"type":"webhook.challenge"'));
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  async #respond(delivery: Delivery): Promise<ReceivedResponse> {
    const response = this.#answers.get(delivery.path);
    const answered = response === undefined ? 200 : await response(delivery, this.to(delivery.path).length);
    return typeof answered === "number" ? { status: answered } : answered;
  }
}
