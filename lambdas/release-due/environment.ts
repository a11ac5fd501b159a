/** Configuration of `release-due`; the only file of it that reads `process.env`. */
import { z } from "zod";
import { integer, parseEnvironment, text } from "../../core/settings/environment.ts";
import { ENV } from "../../core/settings/names.ts";

const shape = {
  [ENV.transactionsTable]: text,
  [ENV.merchantsTable]: text,
  [ENV.merchantGatesTable]: text,
  [ENV.confirmationsQueueUrl]: text,
  [ENV.orderedQueueUrl]: text,
  [ENV.deadLetterQueueUrl]: text,
  [ENV.dueShards]: integer(1),
  [ENV.merchantShards]: integer(1),
  [ENV.maxReleaseRate]: integer(1),
  [ENV.circuitMaxOpenSeconds]: integer(1),
  [ENV.leaseSeconds]: integer(1),
  [ENV.releaseEverySeconds]: integer(1),
  [ENV.releaseRestAfterSeconds]: integer(0),
  [ENV.maxUnheardReleases]: integer(1),
  [ENV.settledDays]: integer(1),
  [ENV.debugSamplePercent]: integer(0, 100),
  [ENV.order]: z.enum(["transaction", "merchant"]),
};

export function readReleaseEnvironment() {
  const env = parseEnvironment(shape, process.env);
  return {
    transactionsTable: env[ENV.transactionsTable],
    merchantsTable: env[ENV.merchantsTable],
    merchantGatesTable: env[ENV.merchantGatesTable],
    confirmationsQueueUrl: env[ENV.confirmationsQueueUrl],
    orderedQueueUrl: env[ENV.orderedQueueUrl],
    deadLetterQueueUrl: env[ENV.deadLetterQueueUrl],
    dueShards: env[ENV.dueShards],
    merchantShards: env[ENV.merchantShards],
    maxReleaseRate: env[ENV.maxReleaseRate],
    maxOpenMs: env[ENV.circuitMaxOpenSeconds] * 1000,
    leaseMs: env[ENV.leaseSeconds] * 1000,
    everyMs: env[ENV.releaseEverySeconds] * 1000,
    restAfterMs: env[ENV.releaseRestAfterSeconds] * 1000,
    maxUnheard: env[ENV.maxUnheardReleases],
    settledDays: env[ENV.settledDays],
    debugSamplePercent: env[ENV.debugSamplePercent],
    order: env[ENV.order],
  } as const;
}
