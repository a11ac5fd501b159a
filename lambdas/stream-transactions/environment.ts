/** Configuration of `stream-transactions`; the only file of it that reads `process.env`. */
import { decimal, integer, parseEnvironment, text } from "../../core/settings/environment.ts";
import { ENV } from "../../core/settings/names.ts";
import { z } from "zod";

const shape = {
  [ENV.transactionsTable]: text,
  [ENV.confirmationsQueueUrl]: text,
  [ENV.orderedQueueUrl]: text,
  [ENV.deadLetterQueueUrl]: text,
  [ENV.dueShards]: integer(1),
  [ENV.merchantShards]: integer(1),
  [ENV.leaseSeconds]: integer(1),
  [ENV.settledDays]: integer(1),
  [ENV.debugSamplePercent]: integer(0, 100),
  [ENV.order]: z.enum(["transaction", "merchant"]),
  [ENV.traceShare]: decimal(0, 1),
  [ENV.traceReservoirPerSecond]: integer(0),
};

export function readStreamEnvironment() {
  const env = parseEnvironment(shape, process.env);
  return {
    transactionsTable: env[ENV.transactionsTable],
    confirmationsQueueUrl: env[ENV.confirmationsQueueUrl],
    orderedQueueUrl: env[ENV.orderedQueueUrl],
    deadLetterQueueUrl: env[ENV.deadLetterQueueUrl],
    dueShards: env[ENV.dueShards],
    merchantShards: env[ENV.merchantShards],
    leaseMs: env[ENV.leaseSeconds] * 1000,
    settledDays: env[ENV.settledDays],
    debugSamplePercent: env[ENV.debugSamplePercent],
    order: env[ENV.order],
    sampling: { share: env[ENV.traceShare], reservoirPerSecond: env[ENV.traceReservoirPerSecond] },
  } as const;
}
