/** Events as the catalogue shows them: made as the pipeline makes them, of rows as it writes them. */
import { merchantEvent, resyncEvent, snapshotEvent, transactionEvent } from "./envelope.ts";
import {
  type ConfirmationEvent,
  MERCHANT_EVENTS,
  type MerchantState,
  TRANSACTION_EVENTS,
  type TransactionState,
} from "./event-types.ts";
import type { TransactionStep } from "./transaction-events.ts";

const SOURCE = "/pipelines/default";
const WRITTEN_AT = Date.parse("2026-11-22T10:00:04Z");
const FIRST_SEQUENCE = 4_421_584_500_000_000_000n;
const AT = "2026-11-22T10:00:04.120Z";

const accepted: TransactionState = {
  transactionId: "t-1",
  merchantId: "acme",
  outcome: "APPROVED",
  version: 1,
  state: "PENDING",
  generation: 0,
  attemptCount: 0,
};
const failedOnce = { attemptCount: 1, lastAttempt: { at: AT, outcome: "status_5xx", status: 503 } } as const;
const delivered = { attemptCount: 1, lastAttempt: { at: AT, outcome: "delivered", status: 200 } } as const;
const confirmed: TransactionState = { ...accepted, ...delivered, state: "CONFIRMED", settledAt: AT };
const failed: TransactionState = {
  ...accepted,
  ...failedOnce,
  attemptCount: 8,
  state: "FAILED",
  failure: "attempts_exhausted",
  settledAt: AT,
};
const redelivery = { jobId: "3f0a6a3c-6f0c-4a4e-9a52-0d1d0f3c7b11", generation: 1 } as const;

const STATES: Readonly<Record<TransactionStep["type"], TransactionState>> = {
  [TRANSACTION_EVENTS.accepted]: accepted,
  [TRANSACTION_EVENTS.attempted]: { ...accepted, ...failedOnce },
  [TRANSACTION_EVENTS.scheduled]: { ...accepted, state: "SCHEDULED", waitingFor: "circuit open" },
  [TRANSACTION_EVENTS.requeued]: { ...accepted, ...failedOnce, generation: 1 },
  [TRANSACTION_EVENTS.confirmed]: confirmed,
  [TRANSACTION_EVENTS.failed]: failed,
  [TRANSACTION_EVENTS.reopened]: { ...accepted, generation: 4 },
  [TRANSACTION_EVENTS.redeliveryRequested]: { ...confirmed, redelivery },
  [TRANSACTION_EVENTS.redelivered]: { ...confirmed, redelivery: { ...redelivery, result: "delivered" } },
  [TRANSACTION_EVENTS.erased]: { ...confirmed, erasedAt: "2026-11-22T10:05:00.000Z" },
  [TRANSACTION_EVENTS.changed]: accepted,
  [TRANSACTION_EVENTS.removed]: confirmed,
};

const healthy: MerchantState = { merchantId: "acme", failing: false, paused: false, disabledUrls: 0, backlog: false };

const MERCHANTS = {
  [MERCHANT_EVENTS.failing]: { ...healthy, failing: true },
  [MERCHANT_EVENTS.recovered]: healthy,
  [MERCHANT_EVENTS.disabled]: { ...healthy, disabledUrls: 1 },
  [MERCHANT_EVENTS.enabled]: healthy,
  [MERCHANT_EVENTS.paused]: { ...healthy, paused: true },
  [MERCHANT_EVENTS.resumed]: healthy,
  [MERCHANT_EVENTS.backlog]: { ...healthy, failing: true, backlog: true },
  [MERCHANT_EVENTS.backlogCleared]: healthy,
} as const;

/** One of each type. */
export function exampleEvents(): ConfirmationEvent[] {
  const resync = { resyncId: "9b0c7f7e-3a53-4d2f-8d0e-7a5a3d1c2b10", since: WRITTEN_AT };
  const { resyncId } = resync;
  let made = 0n;
  const place = () => {
    made += 1n;
    return {
      eventId: `c4ca4238a0b923820dcc509a6f75849${made.toString(36)}`,
      sequenceNumber: String(FIRST_SEQUENCE + made),
      writtenAt: WRITTEN_AT,
    };
  };
  return [
    ...Object.entries(STATES).map(([type, state]) =>
      transactionEvent({ type: type as TransactionStep["type"], state }, place(), SOURCE),
    ),
    snapshotEvent(confirmed, resync, SOURCE),
    ...Object.entries(MERCHANTS).map(([type, state]) =>
      merchantEvent({ type: type as keyof typeof MERCHANTS, state }, place(), 0, SOURCE),
    ),
    resyncEvent({ resyncId, transactions: 20_000 }, resync, SOURCE),
  ].map(({ event }) => event);
}
