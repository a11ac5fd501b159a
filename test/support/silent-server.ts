/**
 * A server on loopback that takes every connection and never answers whole: a service that is there and says nothing.
 */
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";

/** Nothing at all; the head and then nothing; a byte now and then, for ever. */
export const SILENCES = ["silent", "silent after the head", "dripping"] as const;
export type Silence = (typeof SILENCES)[number];

const HEAD = "HTTP/1.1 200 OK\r\ncontent-type: application/x-amz-json-1.0\r\ncontent-length: 100000\r\n\r\n{";
const DRIP_EVERY_MS = 5;

export interface SilentServer extends AsyncDisposable {
  readonly endpoint: string;
  /** Requests whose beginning came. */
  requests(): number;
}

export async function silentServer(silence: Silence = "silent"): Promise<SilentServer> {
  const sockets = new Set<Socket>();
  let requests = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    let drip: NodeJS.Timeout | undefined;
    socket.on("close", () => {
      sockets.delete(socket);
      clearInterval(drip);
    });
    socket.once("data", () => {
      requests += 1;
      if (silence === "silent") return;
      socket.write(HEAD);
      if (silence === "dripping") drip = setInterval(() => socket.write(" "), DRIP_EVERY_MS);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: () => requests,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
