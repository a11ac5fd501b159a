/**
 * What carries requests to origins: `ConnectionPools` of our own, or undici's. Whoever makes a request hears of its
 * response as a `RequestHandler`, whatever carries it.
 */
import type { OpeningPhase } from "./dial.ts";
import type { RequestHandler } from "./connection.ts";

/** `http1`: ours. */
export const TRANSPORTS = ["http1", "undici"] as const;
export type TransportName = (typeof TRANSPORTS)[number];

export interface Transport {
  /**
   * @param origin scheme, host and port, in the spelling of the URL standard
   * @param isAfresh on a connection that carried no request before
   * @throws never: the handler hears of what goes wrong
   */
  send(origin: string, handler: RequestHandler, isAfresh?: boolean): void;
  /**
   * One that waits for a connection there is not wanted any more.
   * @returns how far the opening of one had come, if it was waiting
   */
  withdraw(origin: string, handler: RequestHandler): OpeningPhase | undefined;
}
