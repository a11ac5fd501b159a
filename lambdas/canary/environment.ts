/** Environment of `canary`; the only file of the function that reads `process.env`. */
import { integer, parseEnvironment, text } from "../../core/settings/environment.ts";
import { ENV } from "../../core/settings/names.ts";

export function readCanaryEnvironment() {
  const env = parseEnvironment(
    {
      [ENV.transactionsTable]: text,
      [ENV.merchantsTable]: text,
      [ENV.confirmationUrl]: text,
      [ENV.dueShards]: integer(1),
      [ENV.merchantShards]: integer(1),
      [ENV.leaseSeconds]: integer(1),
      [ENV.confirmWithinSeconds]: integer(1),
    },
    process.env,
  );
  return {
    transactionsTable: env[ENV.transactionsTable],
    merchantsTable: env[ENV.merchantsTable],
    confirmationUrl: env[ENV.confirmationUrl],
    dueShards: env[ENV.dueShards],
    merchantShards: env[ENV.merchantShards],
    leaseSeconds: env[ENV.leaseSeconds],
    withinSeconds: env[ENV.confirmWithinSeconds],
  } as const;
}
