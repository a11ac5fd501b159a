/** Which of the programs calls merchants: the worker, or in small-account mode one of the functions. */
import { FUNCTION_NAMES } from "../../core/settings/names.ts";

const OTHERS: ReadonlySet<string> = new Set(
  Object.values(FUNCTION_NAMES).filter((name) => name !== FUNCTION_NAMES.confirmationTransactions),
);

export function isCaller(program: string): boolean {
  return !OTHERS.has(program);
}
