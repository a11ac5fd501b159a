/** Environment of `signing-keys`; the only file of the function that reads `process.env`. */
import { parseEnvironment, text } from "../../core/settings/environment.ts";
import { ENV } from "../../core/settings/names.ts";

export function readEnvironment() {
  return parseEnvironment({ [ENV.merchantsTable]: text, [ENV.masterKeysSecretArn]: text }, process.env);
}
