/**
 * Why a transaction was given up, and whose fault it was: `merchant`, when its endpoint or its registered URL is to
 * blame, `producer`, when what it wrote can never be delivered, or not in time, `pipeline` for everything else on our
 * side of the wire. Only the last counts against our objective. Each code has its heading in docs/errors.md.
 */
import type { AttributeValue } from "./attribute-value.ts";
import { stringOf } from "./attribute-value.ts";
import { METRICS } from "../settings/names.ts";

export const FAILURE_FAULTS = {
  attempts_exhausted: "merchant",
  aborted_by_merchant: "merchant",
  unacknowledged: "merchant",
  channels_exhausted: "merchant",
  channel_failed: "merchant",
  channels_unavailable: "pipeline",
  expired: "merchant",
  expired_untried: "pipeline",
  expired_when_written: "producer",
  url_missing: "merchant",
  url_invalid: "merchant",
  url_not_allowed: "merchant",
  url_port_not_allowed: "merchant",
  merchant_unknown: "producer",
  merchant_deleted: "producer",
  merchant_invalid: "pipeline",
  row_invalid: "producer",
  version_invalid: "producer",
  version_lowered: "producer",
  content_changed: "producer",
  body_too_large: "producer",
  restore_undecided: "pipeline",
  release_unheard: "pipeline",
  message_unreadable: "pipeline",
} as const;

export type FailureCode = keyof typeof FAILURE_FAULTS;
export type Fault = (typeof FAILURE_FAULTS)[FailureCode];

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
