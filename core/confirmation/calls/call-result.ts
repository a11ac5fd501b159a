/** What a call came to, as its job keeps it. */
import type { Destination } from "../../delivery/destination.ts";
import type { RecordedAttempt } from "../../delivery/recorded-attempt.ts";
import { type MerchantCall, type MerchantCallResult, UNMADE, VERIFIED } from "../../jobs/merchant-call.ts";
import { originOf } from "../../merchant/ownership.ts";
import type { ChallengeResult } from "../../aws/merchant-origins.ts";

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

/** Says nothing about the address, and may be over in a moment. */
const PASSING: ReadonlySet<string> = new Set([UNMADE.noRoom, UNMADE.keyUnavailable, UNMADE.egressFault]);

/** Whether a challenge is to be made again, as long as there is time. */
export function isPassing({ outcome }: MerchantCallResult): boolean {
  return PASSING.has(outcome);
}

/** What it says about the address that was challenged. */
export function challengeResult(
  { jobId, merchantId, url }: MerchantCall,
  { outcome, error }: MerchantCallResult,
): ChallengeResult {
  const said = { merchantId, jobId, origin: originOf(url) ?? "" };
  return { ...said, error: outcome === VERIFIED ? undefined : error === undefined ? outcome : `${outcome}: ${error}` };
}
