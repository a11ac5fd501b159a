/** Environment of `insert-fake-transactions`; the only file of the function that reads `process.env`. */
import { integer, parseEnvironment, text } from "../../core/environment.ts";
import { ENV } from "../../core/names.ts";

const TRACE_VARIABLE = "_X_AMZN_TRACE_ID";

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

/** X-Ray trace header of the invocation that runs now; Lambda sets it anew for each. */
export function currentTraceHeader(): string | undefined {
  return process.env[TRACE_VARIABLE];
}
