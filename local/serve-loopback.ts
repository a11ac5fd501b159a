/**
 * An HTTP server of this machine: on loopback alone, on the port that was wanted. Whatever is asked of it, and whatever
 * goes wrong over it, ends that one connection at most: a fault of our own is a 500 that says which.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { errorLine } from "../core/errors/error-fields.ts";
import { LOOPBACK } from "./machine.ts";
import { portError } from "./processes/ports.ts";

export interface LoopbackServer {
  /** `http://127.0.0.1:<port>` */
  readonly origin: string;
  readonly stop: () => Promise<void>;
}

export interface LoopbackOptions {
  /** 0 for any free one. */
  readonly port: number;
  /** What it is, and the option by which somebody chooses another port. */
  readonly part: string;
  readonly option: string;
  readonly respond: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
}

const FAULT = 500;

/** @throws LocalError LOCAL_PORT_TAKEN, by rejecting */
export async function serveLoopback({ port, part, option, respond }: LoopbackOptions): Promise<LoopbackServer> {
  const server = createServer((request, response) => {
    respond(request, response).catch((error: unknown) => fail(request, response, error));
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", (cause) => reject(portError(cause, port, part, option)));
  server.listen({ port, host: LOOPBACK }, resolve);
  await promise;
  const address = server.address();
  return {
    origin: `http://${LOOPBACK}:${typeof address === "object" && address !== null ? address.port : port}`,
    async stop() {
      const closed = new Promise((done) => server.close(done));
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Whoever asked may be gone, in the middle of the body, or has a part of the response already. */
function fail(request: IncomingMessage, response: ServerResponse, error: unknown): void {
  if (request.socket.destroyed || response.headersSent) response.destroy();
  else refuse(response, FAULT, errorLine(error));
}

/** As text, which a browser takes for nothing else. */
export function refuse(response: ServerResponse, status: number, why: string): void {
  response.writeHead(status, {
    "content-type": "text/plain; charset=utf-8",
    "content-security-policy": "default-src 'none'",
    "x-content-type-options": "nosniff",
  });
  response.end(`${why}\n`);
}
