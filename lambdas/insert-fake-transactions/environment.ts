/** Environment of `insert-fake-transactions`; the only file of the function that reads `process.env`. */
import { integer, parseEnvironment, text } from "../../core/environment.ts";
import { ENV } from "../../core/names.ts";

export function readEnvironment() {
  return parseEnvironment(
    {
      [ENV.transactionsTable]: text,
      [ENV.merchantsTable]: text,
      [ENV.confirmationUrl]: text,
      [ENV.dueShards]: integer(1),
      [ENV.merchantShards]: integer(1),
      [ENV.leaseSeconds]: integer(1),
    },
    process.env,
  );
}
