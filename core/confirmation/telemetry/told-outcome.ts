/** An outcome as the steps of a transaction tell it: without the response as it is, which is for templates alone. */
import type { AttemptOutcome } from "../../retry/next-step.ts";

export function toldOutcome(outcome: AttemptOutcome): AttemptOutcome {
  if (outcome.kind !== "delivered" || outcome.response === undefined) return outcome;
  const { response: _response, ...told } = outcome;
  return told;
}
