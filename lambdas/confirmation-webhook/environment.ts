/** Environment of `confirmation-webhook`; the only file of the function that reads `process.env`. */
import { parseEnvironment, text } from "../../core/settings/environment.ts";
import { ENV } from "../../core/settings/names.ts";

export function readEnvironment() {
  return parseEnvironment(
    {
      [ENV.merchantsTable]: text,
      [ENV.receivedTable]: text,
      [ENV.masterKeysSecretArn]: text,
      [ENV.importedSecretsKeyArn]: text,
    },
    process.env,
  );
}
