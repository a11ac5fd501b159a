/**
 * Why a transaction was given up, and whose fault it was: `merchant`, when its endpoint or its registered URL is to
 * blame, `producer`, when what it wrote can never be delivered, or not in time, `pipeline` for everything else on our
 * side of the wire. Only the last counts against our objective. Each code has its heading in docs/errors.md.
 */

export const FAULTS = ["merchant", "producer", "pipeline"] as const;
export type Fault = (typeof FAULTS)[number];

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
} as const satisfies Readonly<Record<string, Fault>>;

export type FailureCode = keyof typeof FAILURE_FAULTS;
