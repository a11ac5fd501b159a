/** Environment of `insert-fake-transactions`; the only file of the function that reads `process.env`. */
import { decimal, integer, parseEnvironment, text } from "../../core/settings/environment.ts";
import { ENV } from "../../core/settings/names.ts";

export function readEnvironment() {
  return parseEnvironment(
    {
      [ENV.transactionsTable]: text,
      [ENV.merchantsTable]: text,
      [ENV.confirmationUrl]: text,
      [ENV.dueShards]: integer(1),
      [ENV.merchantShards]: integer(1),
      [ENV.leaseSeconds]: integer(1),
      [ENV.traceShare]: decimal(0, 1),
      [ENV.traceReservoirPerSecond]: integer(0),
    },
    process.env,
  );
}
