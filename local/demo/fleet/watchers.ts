/**
 * Listeners on addresses that no allow-list has: other loopback addresses on the very ports of the merchants, IPv6,
 * this machine's own addresses, and a port of 127.0.0.1 that is no merchant's. Whatever connects to one has got past
 * the guard.
 */
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { networkInterfaces } from "node:os";
import type { Watchers } from "./messages.ts";

const OTHER_LOOPBACK = ["127.0.0.2", "127.1.2.3", "::1"] as const;
const LOOPBACK = "127.0.0.1";

/** @returns the origin of each connection that was accepted so far */
export class WatchedAddresses {
  readonly #reached: string[] = [];
  readonly #origins: string[] = [];

  get reached(): readonly string[] {
    return this.#reached;
  }

  get origins(): readonly string[] {
    return this.#origins;
  }

  async open(): Promise<Watchers> {
    const own = Object.values(networkInterfaces())
      .flatMap((addresses = []) => addresses)
      .filter(({ internal, scopeid = 0 }) => !internal && scopeid === 0)
      .map(({ address }) => address);
    for (const address of [...OTHER_LOOPBACK, ...own]) await this.#listen(address, 0);
    const loopbackPort = await this.#listen(LOOPBACK, 0);
    if (loopbackPort === undefined) throw new Error(`No port of ${LOOPBACK} could be listened on.`);
    return { origins: this.#origins, loopbackPort };
  }

  /** The same port as a merchant's, elsewhere: the guard must look at the address too. */
  async openBeside(port: number): Promise<void> {
    for (const address of OTHER_LOOPBACK) await this.#listen(address, port);
  }

  /** @returns undefined where this machine has no such address or the port is taken */
  async #listen(address: string, port: number): Promise<number | undefined> {
    const server = createServer((socket) => {
      this.#reached.push(origin);
      socket.on("error", () => undefined);
      socket.destroy();
    });
    server.listen(port, address);
    try {
      await once(server, "listening");
    } catch {
      return undefined;
    }
    const host = address.includes(":") ? `[${address}]` : address;
    const { port: given } = server.address() as AddressInfo;
    const origin = `http://${host}:${given}`;
    this.#origins.push(origin);
    return given;
  }
}
