/** What some merchants do before a request is read: leave a connection unread for a while, or reset it at once. */
import { createServer, type Server, type Socket } from "node:net";
import type { Server as HttpServer } from "node:http";
import type { Server as HttpsServer } from "node:https";
import type { Random } from "../seeded-random.ts";
import type { FleetMerchant } from "./messages.ts";

const SLOW_SHARE_OF_DEADLINE = 0.35;
const LATE_SHARE_OF_DEADLINE = 2.5;
const LATE_SHARE = 0.3;
const AFTER_FIRST_BYTES_SHARE = 0.5;

export interface FrontDoorOptions {
  /** Over TLS the door is before the handshake. */
  readonly server: HttpServer | HttpsServer;
  readonly behaviour: () => FleetMerchant["behaviour"];
  readonly deadlineMs: number;
  readonly random: Random;
}

/** A caller that goes away is no trouble of the merchant's. */
const ignored = (): void => undefined;

/** @returns what is to listen in place of the server */
export function frontDoor({ server, behaviour, deadlineMs, random }: FrontDoorOptions): Server {
  const letIn = (socket: Socket): void => {
    if (socket.destroyed) return;
    server.emit("connection", socket);
    socket.resume();
  };
  return createServer({ pauseOnConnect: true }, (socket) => {
    socket.on("error", ignored);
    if (behaviour() === "resetting-early") {
      if (random() < AFTER_FIRST_BYTES_SHARE) socket.once("data", () => socket.resetAndDestroy()).resume();
      else socket.resetAndDestroy();
    } else if (behaviour() === "slow-accepting" && random() < LATE_SHARE) {
      // Read this late it would be a request that its caller has long given up.
      setTimeout(() => socket.resetAndDestroy(), deadlineMs * LATE_SHARE_OF_DEADLINE);
    } else if (behaviour() === "slow-accepting" || behaviour() === "slow-handshake") {
      setTimeout(letIn, deadlineMs * SLOW_SHARE_OF_DEADLINE * random(), socket);
    } else {
      letIn(socket);
    }
  });
}
