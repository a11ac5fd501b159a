/**
 * The merchants of the proof, behind one port: each has a path for its confirmations and one for its mirror. A few of
 * the calls fail at first, whoever makes them, so that both systems have to call again.
 */
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { CutoverLedger, Sender } from "./cutover-ledger.ts";
import type { Random } from "../seeded-random.ts";

/** Of the old system's calls. */
export const OLD_SYSTEM_HEADER = "x-old-system";
const MIRROR_PATH = "/mirror";
const FAILING_SHARE = 0.03;

interface Received {
  readonly data?: { readonly transactionId?: string; readonly version?: number; readonly challenge?: string };
}

export class CutoverMerchants {
  readonly #ledger: CutoverLedger;
  readonly #random: Random;
  readonly #seen = new Set<string>();
  readonly #server = createServer((request, response) => {
    this.#receive(request, response).catch(() => request.socket.destroy());
  });

  constructor(ledger: CutoverLedger, random: Random) {
    this.#ledger = ledger;
    this.#random = random;
    this.#server.keepAliveTimeout = 0;
  }

  /** @returns its port */
  async listen(): Promise<number> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    return (this.#server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  async #receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const { data } = JSON.parse(Buffer.concat(chunks).toString("utf8")) as Received;
    // Somebody vouches for these addresses: no challenge needs an answer.
    if (data?.transactionId === undefined || data.version === undefined) return end(response, 404);
    const { transactionId, version } = data;
    const sender = senderOf(request);
    if (this.#isFailing(`${sender} ${transactionId} ${version}`)) return end(response, 503);
    this.#ledger.accepted(sender, { transactionId, version });
    return end(response, 200);
  }

  #isFailing(call: string): boolean {
    if (this.#seen.has(call)) return false;
    this.#seen.add(call);
    return this.#random() < FAILING_SHARE;
  }
}

/** A call to the merchant itself confirms, whatever it says of itself. */
function senderOf({ headers, url = "" }: IncomingMessage): Sender {
  if (url.endsWith(MIRROR_PATH)) return "mirror";
  return headers[OLD_SYSTEM_HEADER] === undefined ? "pipeline" : "old system";
}

/** @param url of the merchant */
export function mirrorUrl(url: string): string {
  return `${url}${MIRROR_PATH}`;
}

function end(response: ServerResponse, status: number): void {
  response.writeHead(status).end();
}
