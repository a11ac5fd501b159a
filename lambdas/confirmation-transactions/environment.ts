/**
 * Environment of `confirmation-transactions`, which its construct writes and it reads. Imports nothing of the program.
 */
import { deliveryVariables } from "../../core/settings/delivery-variables.ts";
import { declareEnvironment } from "../../core/settings/environment.ts";
import { masterKeysSecretArn, publishedMetrics } from "../../core/settings/shared-variables.ts";
import { integer } from "../../core/settings/variable-kinds.ts";

export const confirmationTransactionsEnvironment = declareEnvironment("confirmation-transactions", {
  ...deliveryVariables,
  masterKeysSecretArn,
  publishedMetrics,
  /** Executions side by side at most, those of both queues: what a merchant's share is a part of. */
  executions: integer("EXECUTIONS", { min: 1 }),
});

export type ConfirmationTransactionsEnvironment = ReturnType<typeof confirmationTransactionsEnvironment.read>;
