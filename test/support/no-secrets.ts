/** For merchants whose keys come from the master key alone: KMS is never asked. */
import { neverCalled } from "./strict-fake.ts";

export const NO_SECRETS = {
  whyResting: neverCalled("whyResting"),
  credentialsOf: neverCalled("credentialsOf"),
  tokenRefused: neverCalled("tokenRefused"),
};

/** For merchants that no token server knows. */
export const NO_TOKENS = {
  isResting: neverCalled("isResting"),
  tokenFor: neverCalled("tokenFor"),
  refused: neverCalled("refused"),
};
