/**
 * Which programs a stack has: by the mode the function that calls merchants or the workers, and those of what the
 * settings ask for.
 */
import { hasApi } from "./groups/api.ts";
import { hasReceipts } from "./groups/channels.ts";
import type { DeliveryMode } from "./groups/delivery.ts";
import { FUNCTION_NAMES, WORKER_SERVICE } from "./names.ts";
import type { Settings } from "./settings.ts";

export type FunctionKey = keyof typeof FUNCTION_NAMES;

const OF_THE_API: ReadonlySet<FunctionKey> = new Set([
  "confirmationsApi",
  "merchantSecrets",
  "apiAuthorizer",
  "auditLogChain",
  "runJobs",
  "importTransactions",
]);

/** What of a stack has functions of its own. @default none of it */
export interface StackParts {
  readonly api?: boolean;
  readonly events?: boolean;
  readonly receipts?: boolean;
}

export function functionsOf(mode: DeliveryMode, { api, events, receipts }: StackParts = {}): readonly FunctionKey[] {
  const all = Object.keys(FUNCTION_NAMES) as FunctionKey[];
  return all.filter(
    (key) =>
      (mode === "lambda" || key !== "confirmationTransactions") &&
      (api === true || !OF_THE_API.has(key)) &&
      (events === true || key !== "publishEvents") &&
      (receipts === true || key !== "receiveReceipts"),
  );
}

/** Those of a stack with these settings. */
export function functionsWith(settings: Settings): readonly FunctionKey[] {
  const parts = { api: hasApi(settings), events: settings.events.enabled, receipts: hasReceipts(settings) };
  return functionsOf(settings.delivery.mode, parts);
}

/** Name under which the program that calls merchants logs and counts. */
export function callerOf(mode: DeliveryMode): string {
  return mode === "lambda" ? FUNCTION_NAMES.confirmationTransactions : WORKER_SERVICE;
}
