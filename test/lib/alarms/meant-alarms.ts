/**
 * Every metric alarm as it is meant, by its id: what is measured, beyond what it is raised, who is told, and its
 * heading in the runbook. Written out a second time on purpose: a threshold that changes has to be meant.
 */
import type { AlarmRow } from "./alarm-rows.ts";

type Meant = readonly [of: string, when: string, told: AlarmRow["told"], heading: string, missing?: string];

const FAILED =
  "IF(byWorker + byRelease >= 10, 100 * (byWorker + byRelease) / (byWorker + byRelease + confirmed + " +
  "FILL(acknowledged, 0)), 0)";
const LATE = "IF(count >= 10, 100 - inTime, 0)";

/** @returns rows in the order of their ids */
export function meantAlarms(): AlarmRow[] {
  return Object.entries(MEANT)
    .map(([id, [of, when, reported, heading, missing = "notBreaching"]]) => ({
      id,
      of,
      when,
      missing,
      told: reported,
      address: `docs/runbook.md#${heading}`,
    }))
    .toSorted((one, other) => one.id.localeCompare(other.id));
}

const MEANT: Readonly<Record<string, Meant>> = {
  Canary: ["CanaryConfirmed", "< 1 in 3 of 5 × 60 s", "nobody", "canaries-are-not-confirmed", "breaching"],
  SuccessBurn1h: [FAILED, "> 1.44 in 1 of 1 × 3600 s", "nobody", "too-many-confirmations-fail"],
  SuccessBurn5m: [FAILED, "> 1.44 in 1 of 1 × 300 s", "nobody", "too-many-confirmations-fail"],
  SuccessBurn6h: [FAILED, "> 0.6 in 1 of 1 × 21600 s", "nobody", "too-many-confirmations-fail"],
  SuccessBurn30m: [FAILED, "> 0.6 in 1 of 1 × 1800 s", "nobody", "too-many-confirmations-fail"],
  SuccessBurn3d: [FAILED, "> 0.1 in 3 of 3 × 86400 s", "ticket", "too-many-confirmations-fail"],
  LateBurn1h: [LATE, "> 14.4 in 1 of 1 × 3600 s", "nobody", "too-many-confirmations-take-too-long"],
  LateBurn5m: [LATE, "> 14.4 in 1 of 1 × 300 s", "nobody", "too-many-confirmations-take-too-long"],
  LateBurn6h: [LATE, "> 6 in 1 of 1 × 21600 s", "nobody", "too-many-confirmations-take-too-long"],
  LateBurn30m: [LATE, "> 6 in 1 of 1 × 1800 s", "nobody", "too-many-confirmations-take-too-long"],
  LateBurn3d: [LATE, "> 1 in 3 of 3 × 86400 s", "ticket", "too-many-confirmations-take-too-long"],
  DeadLettersOfMerchants: [
    "IF(given >= 10, 100 * given / (given + confirmed + FILL(acknowledged, 0)), 0)",
    "> 1 in 1 of 1 × 900 s",
    "ticket",
    "merchants-lose-many-confirmations",
  ],
  CallsFail: [
    "IF(delivered + failed >= 100, 100 * (failed + released) / (delivered + failed), 0)",
    "> 5 in 1 of 1 × 21600 s",
    "ticket",
    "many-calls-to-merchants-fail",
  ],
  DeadLetters: ["ApproximateNumberOfMessagesVisible", "> 0 in 1 of 1 × 60 s", "ticket", "confirmations-were-given-up"],
  NewDeadLetters: ["NumberOfMessagesSent", "> 0 in 1 of 1 × 300 s", "ticket", "more-confirmations-were-given-up"],
  DeadLettersOfPipelineWorker: [
    "DeadLetteredPipeline",
    "> 0 in 1 of 1 × 60 s",
    "ticket",
    "the-pipeline-gave-up-confirmations",
  ],
  DeadLettersOfPipelineStreamTransactions: [
    "DeadLetteredPipeline",
    "> 0 in 1 of 1 × 60 s",
    "ticket",
    "the-pipeline-gave-up-confirmations",
  ],
  DeadLettersOfPipelineReleaseDue: [
    "DeadLetteredPipeline",
    "> 0 in 1 of 1 × 60 s",
    "ticket",
    "the-pipeline-gave-up-confirmations",
  ],
  SetAsideWorker: ["SetAside", "> 0 in 1 of 1 × 300 s", "ticket", "something-cannot-be-read"],
  SetAsideStreamTransactions: ["SetAside", "> 0 in 1 of 1 × 300 s", "ticket", "something-cannot-be-read"],
  SetAsideReleaseDue: ["SetAside", "> 0 in 1 of 1 × 300 s", "ticket", "something-cannot-be-read"],
  StreamBehind: ["IteratorAge", "> 300000 in 5 of 5 × 60 s", "ticket", "the-stream-is-behind"],
  OldestMessage: ["ApproximateAgeOfOldestMessage", "> 430 in 3 of 3 × 60 s", "ticket", "confirmations-are-late"],
  InFlight: [
    "ApproximateNumberOfMessagesNotVisible",
    "> 72000 in 3 of 3 × 60 s",
    "ticket",
    "too-many-messages-are-in-flight",
  ],
  InFlightOrdered: [
    "ApproximateNumberOfMessagesNotVisible",
    "> 72000 in 3 of 3 × 60 s",
    "ticket",
    "too-many-messages-are-in-flight",
  ],
  NothingReleased: ["runs - errors", "< 1 in 2 of 2 × 300 s", "ticket", "nothing-is-released", "breaching"],
  OldestOrdered: [
    "ApproximateAgeOfOldestMessage",
    "> 352800 in 3 of 3 × 60 s",
    "ticket",
    "ordered-confirmations-are-too-old",
  ],
  OrderedBacklog: [
    "ApproximateNumberOfMessagesVisible",
    "> 60000 in 3 of 3 × 60 s",
    "ticket",
    "ordered-confirmations-pile-up",
  ],
  OrderedUnread: [
    "IF(waiting > 0 AND (FILL(received, 0) + FILL(empty, 0)) < 1, 1, 0)",
    "> 0 in 5 of 5 × 60 s",
    "ticket",
    "nobody-reads-the-ordered-queue",
  ],
  TransactionsWritesThrottled: ["WriteThrottleEvents", "> 1200 in 5 of 5 × 60 s", "ticket", "a-table-is-throttled"],
  TransactionsReadsThrottled: ["ReadThrottleEvents", "> 1200 in 5 of 5 × 60 s", "ticket", "a-table-is-throttled"],
  DueIndexWritesThrottled: ["WriteThrottleEvents", "> 1200 in 5 of 5 × 60 s", "ticket", "a-table-is-throttled"],
  DueIndexReadsThrottled: ["ReadThrottleEvents", "> 1200 in 5 of 5 × 60 s", "ticket", "a-table-is-throttled"],
  MerchantIndexWritesThrottled: ["WriteThrottleEvents", "> 1200 in 5 of 5 × 60 s", "ticket", "a-table-is-throttled"],
  MerchantsReadsThrottled: ["ReadThrottleEvents", "> 1200 in 5 of 5 × 60 s", "ticket", "a-table-is-throttled"],
  GatesWritesThrottled: ["WriteThrottleEvents", "> 1200 in 5 of 5 × 60 s", "ticket", "a-table-is-throttled"],
  GatesReadsThrottled: ["ReadThrottleEvents", "> 1200 in 5 of 5 × 60 s", "ticket", "a-table-is-throttled"],
  StreamTransactionsFails: ["Errors", "> 0 in 3 of 3 × 300 s", "ticket", "a-function-fails"],
  StreamTransactionsThrottled: ["Throttles", "> 0 in 3 of 3 × 300 s", "ticket", "a-function-is-held-back"],
  ReceiveAcknowledgementsFails: ["Errors", "> 0 in 3 of 3 × 300 s", "ticket", "a-function-fails"],
  ReceiveAcknowledgementsThrottled: ["Throttles", "> 0 in 3 of 3 × 300 s", "ticket", "a-function-is-held-back"],
  ReleaseDueFails: ["Errors", "> 0 in 3 of 3 × 300 s", "ticket", "a-function-fails"],
  ReleaseDueThrottled: ["Throttles", "> 0 in 3 of 3 × 300 s", "ticket", "a-function-is-held-back"],
  ConfirmationWebhookFails: ["Errors", "> 0 in 3 of 3 × 300 s", "ticket", "a-function-fails"],
  ConfirmationWebhookThrottled: ["Throttles", "> 0 in 3 of 3 × 300 s", "ticket", "a-function-is-held-back"],
  SigningKeysFails: ["Errors", "> 0 in 3 of 3 × 300 s", "ticket", "a-function-fails"],
  SigningKeysThrottled: ["Throttles", "> 0 in 3 of 3 × 300 s", "ticket", "a-function-is-held-back"],
  AuditTransactionsFails: ["Errors", "> 0 in 3 of 3 × 300 s", "ticket", "a-function-fails"],
  AuditTransactionsThrottled: ["Throttles", "> 0 in 3 of 3 × 300 s", "ticket", "a-function-is-held-back"],
  CanaryFails: ["Errors", "> 0 in 3 of 3 × 300 s", "ticket", "a-function-fails"],
  CanaryThrottled: ["Throttles", "> 0 in 3 of 3 × 300 s", "ticket", "a-function-is-held-back"],
  EgressFault: ["EgressFault", "> 0 in 1 of 1 × 60 s", "ticket", "our-own-network-is-at-fault"],
  DependencyUnavailable: ["DependencyUnavailable", "> 0 in 1 of 1 × 60 s", "ticket", "workers-cannot-read-a-table"],
  CrashLoop: ["starts - tasks / 15", "> 3 in 1 of 1 × 900 s", "ticket", "workers-do-not-stay-up"],
  ClockSkew: ["ClockSkew", "> 60000 in 1 of 1 × 60 s", "ticket", "the-clock-of-a-worker-is-wrong"],
  TasksMissing: ["2 - FILL(running, 0)", "> 0 in 10 of 10 × 60 s", "ticket", "workers-are-missing"],
  ScaledToMax: ["MemoryUtilization", ">= 40 in 15 of 15 × 60 s", "ticket", "no-more-workers-may-be-started"],
  MetricsRefused: ["EMFValidationErrors", "> 0 in 1 of 1 × 900 s", "ticket", "metrics-are-refused"],
  NatPorts1: ["ErrorPortAllocation", "> 0 in 3 of 5 × 60 s", "ticket", "a-nat-gateway-is-out-of-ports"],
  NatPorts2: ["ErrorPortAllocation", "> 0 in 3 of 5 × 60 s", "ticket", "a-nat-gateway-is-out-of-ports"],
  Lost: ["Lost", "> 0 in 1 of 1 × 3600 s", "page", "transactions-are-lost", "ignore"],
  AuditSilent: ["Lost", "< 1 in 3 of 3 × 3600 s", "ticket", "the-audit-is-behind", "breaching"],
  ProtectionOff: ["Errors", "> 0 in 1 of 1 × 3600 s", "ticket", "deletion-protection-is-off"],
};
