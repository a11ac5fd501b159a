/**
 * Why a transaction was given up, and whose fault it was: `merchant`, when its endpoint or its registered URL is to blame, `producer`, when
 * a version that was sent already was written anew, `pipeline` for everything else on our side of the wire. Each code has its heading in docs/errors.md.
 */
import type { AttributeValue } from "./attribute-value.ts";
import { stringOf } from "./attribute-value.ts";

export const FAILURE_FAULTS = {
  attempts_exhausted: "merchant",
  aborted_by_merchant: "merchant",
  expired: "merchant",
  expired_untried: "pipeline",
  url_missing: "merchant",
  url_invalid: "merchant",
  url_not_allowed: "merchant",
  merchant_unknown: "pipeline",
  merchant_invalid: "pipeline",
  row_invalid: "pipeline",
  version_invalid: "pipeline",
  version_lowered: "pipeline",
  content_changed: "producer",
  body_too_large: "pipeline",
  release_unheard: "pipeline",
  message_unreadable: "pipeline",
} as const;

export type FailureCode = keyof typeof FAILURE_FAULTS;
export type Fault = (typeof FAILURE_FAULTS)[FailureCode];

/** Kept on the row as `failure` and in the dead-letter message. */
export interface Failure {
  readonly code: FailureCode;
  readonly fault: Fault;
  /** One sentence for a person: what was got, what was expected, what to do. */
  readonly reason: string;
}

const MAX_REASON_LENGTH = 1000;

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
