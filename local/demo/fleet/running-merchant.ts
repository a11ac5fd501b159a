/**
 * A merchant at its port, which it keeps whatever becomes of it.
 *
 * States: listening ↔ closed, by `turn`; while it listens, `turn` changes how it answers.
 */
import { once } from "node:events";
import type { Server as HttpServer } from "node:http";
import type { Server as HttpsServer } from "node:https";
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { frontDoor } from "./front-door.ts";
import { merchantServer, type MerchantServerOptions } from "./merchant-server.ts";
import type { FleetMerchant, Turn } from "./messages.ts";

const LOOPBACK = "127.0.0.1";

export type RunningMerchantOptions = Omit<MerchantServerOptions, "behaviour"> &
  Pick<FleetMerchant, "behaviour" | "silentAt">;

export class RunningMerchant {
  readonly #options: RunningMerchantOptions;
  readonly #server: HttpServer | HttpsServer;
  #behaviour: FleetMerchant["behaviour"];
  readonly #sockets = new Set<Socket>();
  #door: Server | undefined;
  #port = 0;
  #address = LOOPBACK;

  constructor(options: RunningMerchantOptions) {
    this.#options = options;
    this.#behaviour = options.behaviour;
    this.#server = merchantServer({ ...options, behaviour: () => this.#behaviour });
  }

  /** @returns its port */
  async listen(): Promise<number> {
    const { deadlineMs, random } = this.#options;
    const door = frontDoor({ server: this.#server, behaviour: () => this.#behaviour, deadlineMs, random });
    door.on("connection", (socket) => {
      this.#sockets.add(socket);
      socket.once("close", () => this.#sockets.delete(socket));
    });
    door.listen(this.#port, this.#address);
    await once(door, "listening");
    this.#door = door;
    this.#port = (door.address() as AddressInfo).port;
    const { silentAt } = this.#options;
    if (silentAt !== undefined) await listenInSilence(this.#port, silentAt);
    return this.#port;
  }

  /** Goes to another loopback address, on the same port. */
  async move(to: string): Promise<void> {
    this.#close();
    this.#address = to;
    await this.listen();
  }

  async turn(into: Turn): Promise<void> {
    if (into === "closed") return this.#close();
    this.#behaviour = into;
    if (this.#door === undefined) await this.listen();
  }

  #close(): void {
    this.#door?.close();
    this.#door = undefined;
    for (const socket of this.#sockets) socket.destroy();
  }
}

/** Machines without that address do without. */
async function listenInSilence(port: number, address: string): Promise<void> {
  const server = createServer((socket) => {
    socket.on("error", () => undefined).resume();
  });
  server.listen(port, address);
  await once(server, "listening").catch(() => undefined);
}
