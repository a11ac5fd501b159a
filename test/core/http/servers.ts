/** A server that talks bytes, and origins that call it. */
import type { Socket } from "node:net";
import type { ConnectionPools, ConnectionPoolsOptions } from "../../../core/http/connection-pools.ts";
import { type MerchantServer, startRawMerchant } from "../../support/merchant-server.ts";
import { overTcp } from "./connecting.ts";

const stops: (() => unknown)[] = [];

/** To be called after each test. */
export async function stopServers(): Promise<void> {
  await Promise.all(stops.splice(0).map((stop) => stop()));
}

/** @param respond called for each request that came whole, with how many there were */
export async function serverThat(
  respond: (socket: Socket, nth: number) => void,
  options: Partial<ConnectionPoolsOptions> = {},
): Promise<{ pools: ConnectionPools; server: MerchantServer; requests: () => number }> {
  let requests = 0;
  return {
    ...(await rawServer((socket) => {
      socket.on("data", (bytes) => {
        if (bytes.toString("latin1").endsWith("}")) respond(socket, (requests += 1));
      });
    }, options)),
    requests: () => requests,
  };
}

export async function rawServer(talk: (socket: Socket) => void, options: Partial<ConnectionPoolsOptions> = {}) {
  const server = await startRawMerchant((socket) => {
    socket.setNoDelay(true);
    talk(socket);
  });
  const pools = overTcp(options);
  stops.push(
    () => server.stop(),
    () => pools.close(),
  );
  return { pools, server };
}
