/** Environment of `merchant-secrets`, which its construct writes and it reads. Imports nothing of the program. */
import { declareEnvironment } from "../../core/settings/environment.ts";
import {
  auditLogTable,
  guardLists,
  importedSecretsKeyArn,
  masterKeysSecretArn,
  merchantsTable,
  publishedMetrics,
} from "../../core/settings/shared-variables.ts";

export const merchantSecretsEnvironment = declareEnvironment("merchant-secrets", {
  merchantsTable,
  auditLogTable,
  masterKeysSecretArn,
  importedSecretsKeyArn,
  ...guardLists,
  publishedMetrics,
});
