/**
 * Environment of `signing-keys`, which its construct writes and it reads. Imports nothing of the program.
 */
import { declareEnvironment } from "../../core/settings/environment.ts";
import { masterKeysSecretArn, merchantsTable } from "../../core/settings/shared-variables.ts";

export const signingKeysEnvironment = declareEnvironment("signing-keys", { merchantsTable, masterKeysSecretArn });
