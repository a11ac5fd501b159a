/**
 * Environment of `receive-acknowledgements`, which its construct writes and it reads. Imports nothing of the program.
 */
import { declareEnvironment } from "../../core/settings/environment.ts";
import {
  campaigns,
  importedSecretsKeyArn,
  journal,
  masterKeysSecretArn,
  merchantsTable,
  publishedMetrics,
  settledDays,
  transactionsTable,
} from "../../core/settings/shared-variables.ts";

export const receiveAcknowledgementsEnvironment = declareEnvironment("receive-acknowledgements", {
  transactionsTable,
  merchantsTable,
  masterKeysSecretArn,
  importedSecretsKeyArn,
  settledDays,
  journal,
  publishedMetrics,
  campaigns,
});
