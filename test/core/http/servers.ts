/** A server that talks bytes, and origins that call it. */
import type { Socket } from "node:net";
import type { Origins, OriginsOptions } from "../../../core/http/origins.ts";
import { type MerchantServer, startRawMerchant } from "../../support/merchant-server.ts";
import { overTcp } from "./connecting.ts";

const stops: (() => unknown)[] = [];

/** To be called after each test. */
export async function stopServers(): Promise<void> {
  await Promise.all(stops.splice(0).map((stop) => stop()));
}

/** @param answer called for each request that came whole, with how many there were */
export async function serverThat(
  answer: (socket: Socket, nth: number) => void,
  options: Partial<OriginsOptions> = {},
): Promise<{ origins: Origins; server: MerchantServer; requests: () => number }> {
  let requests = 0;
  return {
    ...(await rawServer((socket) => {
      socket.on("data", (bytes) => {
        if (bytes.toString("latin1").endsWith("}")) answer(socket, (requests += 1));
      });
    }, options)),
    requests: () => requests,
  };
}

export async function rawServer(talk: (socket: Socket) => void, options: Partial<OriginsOptions> = {}) {
  const server = await startRawMerchant((socket) => {
    socket.setNoDelay(true);
    talk(socket);
  });
  const origins = overTcp(options);
  stops.push(
    () => server.stop(),
    () => origins.close(),
  );
  return { origins, server };
}
