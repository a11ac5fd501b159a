/** Which programs a stack has: by the mode the function that calls merchants or the workers, and those of the API. */
import type { DeliveryMode } from "./groups/delivery.ts";
import { FUNCTION_NAMES, WORKER_SERVICE } from "./names.ts";

export type FunctionKey = keyof typeof FUNCTION_NAMES;

const OF_THE_API: ReadonlySet<FunctionKey> = new Set([
  "confirmationsApi",
  "merchantSecrets",
  "apiAuthorizer",
  "auditLogChain",
  "runJobs",
]);

/** @param withApi as `hasApi` says of the settings. @param withEvents as `events.enabled` says */
export function functionsOf(mode: DeliveryMode, withApi = false, withEvents = false): readonly FunctionKey[] {
  const all = Object.keys(FUNCTION_NAMES) as FunctionKey[];
  return all.filter(
    (key) =>
      (mode === "lambda" || key !== "confirmationTransactions") &&
      (withApi || !OF_THE_API.has(key)) &&
      (withEvents || key !== "publishEvents"),
  );
}

/** Name under which the program that calls merchants logs and counts. */
export function callerOf(mode: DeliveryMode): string {
  return mode === "lambda" ? FUNCTION_NAMES.confirmationTransactions : WORKER_SERVICE;
}
