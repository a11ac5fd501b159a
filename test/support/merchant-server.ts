/**
 * A merchant on loopback that answers as a test says, and keeps what it was sent. Raw, so that it can misbehave at any
 * point.
 */
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import { type AddressInfo, createServer as createTcpServer, type Socket } from "node:net";

export interface Delivery {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface MerchantServer {
  readonly port: number;
  readonly origin: string;
  readonly deliveries: Delivery[];
  /** Connections that were ever opened, and those that are open now. */
  readonly opened: Socket[];
  readonly open: Set<Socket>;
  stop(): Promise<void>;
}

type MerchantResponse = (response: ServerResponse, request: IncomingMessage) => void;

export async function startMerchant(answer: MerchantResponse): Promise<MerchantServer> {
  const deliveries: Delivery[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { method, url, headers } = request;
      deliveries.push({ method, url, headers, body: Buffer.concat(chunks).toString() });
      answer(response, request);
    });
  });
  return { ...(await listening(server)), deliveries };
}

/** Talks bytes rather than HTTP. */
export async function startRawMerchant(talk: (socket: Socket) => void): Promise<MerchantServer> {
  return { ...(await listening(createTcpServer(talk))), deliveries: [] };
}

async function listening(server: ReturnType<typeof createTcpServer>): Promise<Omit<MerchantServer, "deliveries">> {
  const opened: Socket[] = [];
  const open = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    opened.push(socket);
    open.add(socket);
    socket.on("error", () => undefined);
    socket.on("close", () => open.delete(socket));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    port,
    origin: `http://127.0.0.1:${port}`,
    opened,
    open,
    async stop() {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
