/**
 * What taking a million transactions by the API costs, besides their confirmation: requests, the function, the reads of
 * merchants, and, where the API puts messages on the queue itself, the second send of each, which SQS swallows and
 * bills.
 */
import { PRICES_USD } from "../../../core/settings/prices.ts";
import { type Cost, costOf, MILLION } from "../cost-item.ts";
import { BATCHES, LOG_BYTES, ROUND_TRIP_MS } from "./quantities.ts";

export interface IntakeKind {
  /** Transactions of a request. */
  readonly batch: number;
  /** `api.enqueue: direct`. */
  readonly isDirect: boolean;
}

/** Of `lib/confirmations-api`. */
const MEMORY_GB = 1;
/** Statements of a call to DynamoDB, and calls side by side (`core/aws/write-all.ts`). */
const WRITES = { each: 25, sideBySide: 4 } as const;
/** Milliseconds of CPU of a request and of each transaction in it (`npm run bench -- --api`). */
const CPU_MS = { request: 1.3, transaction: 0.05 } as const;
const GB = 1e9;

export function intakeCost({ batch, isDirect }: IntakeKind): Cost {
  const requests = MILLION / batch;
  const writeRounds = Math.ceil(Math.ceil(batch / WRITES.each) / WRITES.sideBySide);
  const sendRounds = isDirect ? 1 : 0;
  const ms =
    CPU_MS.request + CPU_MS.transaction * batch + ROUND_TRIP_MS.read + (writeRounds + sendRounds) * ROUND_TRIP_MS.write;
  const sends = isDirect ? requests * Math.ceil(batch / BATCHES.messages) : 0;
  return costOf([
    {
      item: "API requests",
      of: `requests of ${batch}`,
      usd: (requests * PRICES_USD.perMillionApiRequests) / MILLION,
    },
    {
      item: "confirmations-api",
      of: `${Math.round(ms)} ms each`,
      usd:
        (requests * PRICES_USD.perMillionInvocations) / MILLION +
        ((requests * ms) / 1000) * MEMORY_GB * PRICES_USD.perLambdaGbSecond,
    },
    {
      item: "Table reads",
      of: "a consistent read of a merchant for each, at most",
      usd: PRICES_USD.perMillionReads,
    },
    {
      item: "Queue requests",
      of: "sent a second time",
      usd: (sends * PRICES_USD.perMillionQueueRequests) / MILLION,
    },
    {
      item: "Logs",
      of: "runs of the function",
      usd: ((requests * LOG_BYTES.execution) / GB) * PRICES_USD.perLogGb,
    },
  ]);
}
