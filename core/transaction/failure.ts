/** Why a transaction was given up, as a row and a dead letter have it. */
import type { AttributeValue } from "./attribute-value.ts";
import { stringOf } from "./attribute-value.ts";
import { METRICS } from "../settings/names.ts";
import { FAILURE_FAULTS, type FailureCode, type Fault } from "./failure-faults.ts";

/** As what a transaction that was given up is counted. */
export const GIVEN_UP_AS = {
  merchant: METRICS.deadLetteredMerchant,
  producer: METRICS.deadLetteredProducer,
  pipeline: METRICS.deadLetteredPipeline,
} as const satisfies Record<Fault, string>;

/** Kept on the row as `failure` and in the dead-letter message. */
export interface Failure {
  readonly code: FailureCode;
  readonly fault: Fault;
  /** One sentence for a person: what was got, what was expected, what to do. */
  readonly reason: string;
}

const MAX_REASON_LENGTH = 1000;
/** In the place of a reason that was erased. */
export const WITHOUT_TEXT = "The reason was erased with what the transaction said.";

/** As it was kept on a row; undefined where there is none, or somebody else wrote it. */
export function readFailure(attribute: AttributeValue | undefined): Failure | undefined {
  const [code, fault, reason] = ["code", "fault", "reason"].map((name) => stringOf(attribute?.M?.[name]));
  if (!code || !reason || (fault !== "merchant" && fault !== "pipeline" && fault !== "producer")) return undefined;
  // A newer program may know more codes.
  return { code: code as FailureCode, fault, reason };
}

export function failure(code: FailureCode, reason: string): Failure {
  return { code, fault: FAILURE_FAULTS[code], reason: reason.slice(0, MAX_REASON_LENGTH) };
}
