/**
 * A good merchant whose server closes connections without announcing it, as servers with short idle limits do: soon
 * after a response, or just when the next request is on its way. Such a request was never read: nothing of it is in the
 * books.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Random } from "../seeded-random.ts";

const CROSSING_SHARE = 0.05;
const LONGEST_IDLE_MS = 400;

export class UnannouncedCloses {
  readonly #random: Random;
  readonly #used = new WeakSet<Socket>();
  readonly #idle = new WeakMap<Socket, NodeJS.Timeout>();

  constructor(random: Random) {
    this.#random = random;
  }

  /** @returns whether the connection was closed before the request was read */
  closes({ socket }: IncomingMessage, response: ServerResponse): boolean {
    clearTimeout(this.#idle.get(socket));
    if (this.#used.has(socket) && this.#random() < CROSSING_SHARE) {
      socket.destroy();
      return true;
    }
    this.#used.add(socket);
    response.once("finish", () => {
      this.#idle.set(
        socket,
        setTimeout(() => socket.destroy(), this.#random() * LONGEST_IDLE_MS),
      );
    });
    return false;
  }
}
