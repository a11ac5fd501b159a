/** Asks a merchant's token server: a destination like any other, through the guard and within a deadline. */
import type { AddressGuard } from "../address-guard.ts";
import { parseDestination } from "../destination.ts";
import type { EgressMonitor } from "../egress-monitor.ts";
import type { OpenedOAuth2 } from "../opened-connection.ts";
import { post } from "../post.ts";
import type { Transport } from "../../http/transport.ts";
import type { Asked } from "./access-tokens.ts";
import { readTokenResponse, tokenRequest } from "./token-request.ts";

/** A token server that takes longer is not waited for by anybody. */
const LONGEST_MS = 5000;
/** How a failure's reason begins. */
const NAMED = /^confirmationUrl: /;

export interface AskForTokenOptions {
  readonly transport: Transport;
  readonly guard: AddressGuard;
  /** Of any call. */
  readonly deadlineMs: number;
  readonly isOurs: EgressMonitor["isOurs"];
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Milliseconds since any moment, untouched by steps of the clock. */
  readonly elapsedMs: () => number;
}

/** Never rejects. */
export function askForToken(options: AskForTokenOptions): (client: OpenedOAuth2) => Promise<Asked> {
  const { transport, guard, isOurs, now, elapsedMs } = options;
  const deadlineMs = Math.min(options.deadlineMs, LONGEST_MS);
  return async (client) => {
    const destination = parseDestination(client.tokenUrl, guard);
    if ("code" in destination)
      return { error: `the token address may not be called: ${destination.reason.replace(NAMED, "")}`, isOurs: false };
    const beganAt = elapsedMs();
    const response = await post(transport, tokenRequest(client, destination), { deadlineMs }, now);
    if (response.kind === "failed")
      return {
        error: `the token server: ${response.error}`,
        isOurs: await isOurs(destination.origin, beganAt, response),
      };
    const read = readTokenResponse(response);
    return "error" in read ? { ...read, isOurs: false } : read;
  };
}
