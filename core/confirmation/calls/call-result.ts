/** What a call came to, as its job keeps it. */
import type { Destination } from "../../delivery/destination.ts";
import type { RecordedAttempt } from "../../delivery/recorded-attempt.ts";
import { type MerchantCallResult, UNMADE } from "../../jobs/merchant-call.ts";

/** @param isOurs whether it got no response for a reason of our own network */
export function resultOf(
  { origin, path }: Destination,
  { outcome, request, response }: RecordedAttempt,
  durationMs: number,
  isOurs: boolean,
): MerchantCallResult {
  const error = outcome.kind === "failed" ? outcome.error : undefined;
  const { answer } = outcome;
  return {
    outcome: isOurs ? UNMADE.egressFault : outcome.kind === "failed" ? outcome.class : "delivered",
    ...(error !== undefined && { error: isOurs ? `Our own network was at fault: ${error}` : error }),
    durationMs,
    ...(request !== undefined && { request: { url: origin + path, ...request } }),
    ...(response !== undefined && { response: { ...response, ...(answer !== undefined && { body: answer }) } }),
  };
}
