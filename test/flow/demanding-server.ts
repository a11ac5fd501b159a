/** A merchant's own server for flow tests: HTTP/1.1 and 2 over TLS, which nobody reaches without a certificate. */
import { once } from "node:events";
import { createSecureServer, type Http2ServerRequest, type Http2ServerResponse } from "node:http2";
import type { AddressInfo, Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import type { TestCertificate } from "../../tools/chaos/run/certificate.ts";

export interface ShownDelivery {
  /** Whose certificate was shown. */
  readonly who: string;
  readonly path: string;
  readonly httpVersion: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/** @returns a status, or a body with 200 */
type Answer = (delivery: ShownDelivery) => number | string | Promise<number | string>;

export class DemandingServer {
  readonly #certificate: TestCertificate;
  readonly #server: ReturnType<typeof createSecureServer>;
  readonly #open = new Set<Socket>();
  readonly deliveries: ShownDelivery[] = [];
  /** How it answers from now on. */
  answer: Answer = () => 200;

  private constructor(certificate: TestCertificate, clients: readonly string[]) {
    this.#certificate = certificate;
    const options = { ...certificate, ca: [...clients], requestCert: true, rejectUnauthorized: true, allowHTTP1: true };
    this.#server = createSecureServer(options, (request, response) => void this.#receive(request, response));
    this.#server.on("connection", (socket: Socket) => {
      this.#open.add(socket);
      socket.on("error", () => undefined).on("close", () => this.#open.delete(socket));
    });
  }

  /** @param clients certificates that are let in */
  static async start(certificate: TestCertificate, clients: readonly string[]): Promise<DemandingServer> {
    const server = new DemandingServer(certificate, clients);
    server.#server.listen(0, "127.0.0.1");
    await once(server.#server, "listening");
    return server;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  url(path: string): string {
    return `https://127.0.0.1:${this.port}${path}`;
  }

  to(path: string): ShownDelivery[] {
    return this.deliveries.filter((delivery) => delivery.path === path);
  }

  /** Lets in these and no others from now on; whoever is in has to come in again. */
  letIn(clients: readonly string[]): void {
    this.#server.setSecureContext({ ...this.#certificate, ca: [...clients] });
    for (const socket of this.#open) socket.destroy();
  }

  async stop(): Promise<void> {
    for (const socket of this.#open) socket.destroy();
    this.#server.close();
    await once(this.#server, "close");
  }

  async #receive(request: Http2ServerRequest, response: Http2ServerResponse): Promise<void> {
    const socket = (request.stream?.session?.socket ?? request.socket) as TLSSocket;
    const who = String(socket.getPeerCertificate().subject?.["CN"] ?? "");
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer);
    } catch {
      return;
    }
    const { url: path, httpVersion, headers } = request;
    const delivery = { who, path, httpVersion, headers, body: Buffer.concat(chunks).toString() };
    this.deliveries.push(delivery);
    const answered = await this.answer(delivery);
    if (typeof answered === "number") response.writeHead(answered).end();
    else response.writeHead(200).end(answered);
  }
}
