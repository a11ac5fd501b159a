/** Which programs a stack has, by the mode: the function that calls merchants, or the workers. */
import type { DeliveryMode } from "./groups/delivery.ts";
import { FUNCTION_NAMES, WORKER_SERVICE } from "./names.ts";

export type FunctionKey = keyof typeof FUNCTION_NAMES;

export function functionsOf(mode: DeliveryMode): readonly FunctionKey[] {
  const all = Object.keys(FUNCTION_NAMES) as FunctionKey[];
  return mode === "lambda" ? all : all.filter((key) => key !== "confirmationTransactions");
}

/** Name under which the program that calls merchants logs and counts. */
export function callerOf(mode: DeliveryMode): string {
  return mode === "lambda" ? FUNCTION_NAMES.confirmationTransactions : WORKER_SERVICE;
}
