/** A transaction is given up: dead letter first, record second, so that a row is FAILED only when its letter exists. */
import type { Failure } from "../../transaction/failure.ts";
import type { ConfirmationMessage } from "../../transaction/message.ts";
import type { Job } from "../job.ts";
import { doneWith, effect, type GiveUp } from "./effect.ts";

/** @param state what is known of it by now. @default what its row said */
export function giveUp(job: Job, failure: Failure, state = job.state): GiveUp {
  const { merchantId } = job;
  const message = forSteps({ message: job.message, state });
  const { attemptCount } = state;
  return effect("give up", { kind: "failed", failure, state } as const, doneWith(job), {
    send: { kind: "dead letter", message, merchantId, failure, attemptCount, deduplicationId: undefined },
    givenUp: { failure, state },
  });
}

/** The message of a row that has steps is for programs alone that know them. */
export function forSteps({ message, state }: Pick<Job, "message" | "state">): ConfirmationMessage {
  return state.steps === undefined ? message : { ...message, hasSteps: true };
}
