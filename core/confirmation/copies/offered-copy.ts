/** From what was sent, or would have been, to the copy for whoever listens. Nobody is asked here who does not. */
import type { Call } from "../../delivery/attempt.ts";
import { type CopiedCall, copiedRequest } from "../../delivery/copied-request.ts";
import type { Credentials, CredentialsAway } from "../../delivery/credentials.ts";
import type { UnsentCall } from "../../delivery/prepare.ts";
import type { CopiedResult, DeliveryCopy } from "../../copies/delivery-copy.ts";
import { UNMADE } from "../../jobs/merchant-call.ts";
import type { Merchant } from "../../merchant/merchant.ts";
import type { AttemptOutcome } from "../../retry/next-step.ts";
import type { Failure } from "../../transaction/failure.ts";
import type { Job } from "../job.ts";
import type { OfferedCopy } from "./copies.ts";

/** @param isOurs whether it got no response for a reason of our own network */
export function copyOfDelivery(
  { target, state }: Job,
  call: Call,
  outcome: AttemptOutcome,
  durationMs: number,
  isOurs: boolean,
): OfferedCopy {
  const ids = { transactionId: target.transactionId, version: target.version, attempt: state.attemptCount + 1 };
  return copyOfCall(call, resultOf(outcome, durationMs, isOurs), ids);
}

/** @param ids of its transaction, where it has one */
export function copyOfCall(
  call: CopiedCall,
  result: CopiedResult,
  ids: Pick<DeliveryCopy, "transactionId" | "version" | "attempt"> = {},
): OfferedCopy {
  return {
    size: call.webhook.body.length,
    make: () => ({ at: call.now, ...ids, request: copiedRequest(call), result }),
  };
}

/** Of one that has nowhere to go, signed as if it had: nobody was called, and that is what its row says. */
export function copyOfUnsent(
  ids: Pick<DeliveryCopy, "transactionId" | "version">,
  { merchant, keys, webhook }: UnsentCall,
  { code, reason }: Failure,
  now: number,
  credentialsOf: (merchant: Merchant) => Promise<Credentials | CredentialsAway | Failure>,
): OfferedCopy {
  const unsent = (found: Credentials["keys"]): DeliveryCopy => {
    const { headerLines } = merchant.connection ?? {};
    const call = { merchant, keys: found, webhook, now, headerLines, destination: undefined };
    return { at: now, ...ids, request: copiedRequest(call), result: { outcome: code, error: reason } };
  };
  return {
    size: webhook.body.length,
    make: () =>
      keys === undefined ? keysOf(merchant, credentialsOf).then((found) => found && unsent(found)) : unsent(keys),
  };
}

/** What it is signed with alone: nothing that a connection would need is opened, or asked for. */
async function keysOf(
  { connection: _none, ...merchant }: Merchant,
  credentialsOf: (merchant: Merchant) => Promise<Credentials | CredentialsAway | Failure>,
): Promise<Credentials["keys"] | undefined> {
  const got = await credentialsOf(merchant);
  return "code" in got || got.kind === "away" ? undefined : got.keys;
}

function resultOf(outcome: AttemptOutcome, durationMs: number, isOurs: boolean): CopiedResult {
  const { status } = outcome;
  const result = { durationMs, ...(status !== undefined && { status }) };
  if (outcome.kind === "delivered") return { outcome: outcome.kind, ...result };
  return { outcome: isOurs ? UNMADE.egressFault : outcome.class, ...result, error: outcome.error };
}
