/**
 * Environment of `signing-keys`: written by its construct, read by the program. Imports nothing of the program.
 */
import { declareEnvironment } from "../../core/settings/environment.ts";
import { masterKeysSecretArn, merchantsTable } from "../../core/settings/shared-variables.ts";

export const signingKeysEnvironment = declareEnvironment("signing-keys", { merchantsTable, masterKeysSecretArn });
