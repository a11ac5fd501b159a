/**
 * Environment of `confirmation-transactions`, which its construct writes and it reads. Imports nothing of the program.
 */
import { deliveryVariables } from "../../core/settings/delivery-variables.ts";
import { declareEnvironment } from "../../core/settings/environment.ts";
import { masterKeysSecretArn, publishedMetrics } from "../../core/settings/shared-variables.ts";
import { integer } from "../../core/settings/variable-kinds.ts";

/** Executions for what is delivered in order: the least that a mapping may be held to. */
export const ORDERED_EXECUTIONS = 2;
/** The same for calls that somebody asked for by hand, few at a time. */
export const CALL_EXECUTIONS = 2;

export const confirmationTransactionsEnvironment = declareEnvironment("confirmation-transactions", {
  ...deliveryVariables,
  masterKeysSecretArn,
  publishedMetrics,
  /** Executions of the unordered queue side by side at most: what a merchant's share there is a part of. */
  executions: integer("EXECUTIONS", { min: 1 }),
});

export type ConfirmationTransactionsEnvironment = ReturnType<typeof confirmationTransactionsEnvironment.read>;
