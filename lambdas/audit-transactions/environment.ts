/** Configuration of `audit-transactions`; the only file of it that reads `process.env`. */
import { integer, parseEnvironment, text } from "../../core/settings/environment.ts";
import { ENV } from "../../core/settings/names.ts";

const shape = {
  [ENV.transactionsTable]: text,
  [ENV.merchantsTable]: text,
  [ENV.merchantGatesTable]: text,
  [ENV.auditsTable]: text,
  [ENV.auditQueueUrl]: text,
  [ENV.manifestsBucket]: text,
  [ENV.masterKeysSecretArn]: text,
  [ENV.dueShards]: integer(1),
  [ENV.merchantShards]: integer(1),
  [ENV.leaseSeconds]: integer(1),
  [ENV.auditEveryHours]: integer(1),
  [ENV.auditTableEveryHours]: integer(1),
  [ENV.auditSegments]: integer(1),
  [ENV.auditSettleSeconds]: integer(1),
  [ENV.manifestAfterHours]: integer(1),
  [ENV.manifestAgainAfterDays]: integer(1),
};

const HOUR_MS = 3_600_000;

export function readAuditEnvironment() {
  const env = parseEnvironment(shape, process.env);
  return {
    transactionsTable: env[ENV.transactionsTable],
    merchantsTable: env[ENV.merchantsTable],
    merchantGatesTable: env[ENV.merchantGatesTable],
    auditsTable: env[ENV.auditsTable],
    queueUrl: env[ENV.auditQueueUrl],
    manifestsBucket: env[ENV.manifestsBucket],
    masterKeysSecretArn: env[ENV.masterKeysSecretArn],
    dueShards: env[ENV.dueShards],
    merchantShards: env[ENV.merchantShards],
    leaseMs: env[ENV.leaseSeconds] * 1000,
    everyMs: env[ENV.auditEveryHours] * HOUR_MS,
    tableEveryMs: env[ENV.auditTableEveryHours] * HOUR_MS,
    segments: env[ENV.auditSegments],
    settleMs: env[ENV.auditSettleSeconds] * 1000,
    manifestAfterMs: env[ENV.manifestAfterHours] * HOUR_MS,
    manifestAgainAfterMs: env[ENV.manifestAgainAfterDays] * 24 * HOUR_MS,
  } as const;
}

export type AuditEnvironment = ReturnType<typeof readAuditEnvironment>;
