/**
 * Environment of `confirmation-webhook`, which its construct writes and it reads. Imports nothing of the program.
 */
import { declareEnvironment } from "../../core/settings/environment.ts";
import {
  importedSecretsKeyArn,
  masterKeysSecretArn,
  merchantsTable,
  publishedMetrics,
} from "../../core/settings/shared-variables.ts";
import { text } from "../../core/settings/variable-kinds.ts";

export const confirmationWebhookEnvironment = declareEnvironment("confirmation-webhook", {
  merchantsTable,
  receivedTable: text("RECEIVED_TABLE"),
  masterKeysSecretArn,
  importedSecretsKeyArn,
  publishedMetrics,
});
