/**
 * Answers the container's health check: healthy while the task keeps asking for messages. A dependency that is down is
 * no reason to end it. Only to GET: a webhook that is sent here is never taken for delivered.
 */
import { createServer, type Server } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";

export interface Health {
  readonly port: number;
  close(): void;
}

/** @param port 0 for any free one */
export async function serveHealth(port: number, isHealthy: () => boolean): Promise<Health> {
  const server: Server = createServer((request, response) => {
    const status = request.method !== "GET" ? 405 : request.url === "/health" ? (isHealthy() ? 200 : 503) : 404;
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify({ healthy: status === 200 }));
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return { port: (server.address() as AddressInfo).port, close: () => server.close() };
}
