/** Environment of `signing-keys`; the only file of the function that reads `process.env`. */
import { parseEnvironment, text } from "../../core/environment.ts";
import { ENV } from "../../core/names.ts";

export function readEnvironment() {
  return parseEnvironment({ [ENV.merchantsTable]: text, [ENV.masterKeysSecretArn]: text }, process.env);
}
