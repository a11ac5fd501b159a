/** For merchants whose keys come from the master key alone: KMS is never asked. */
import { neverCalled } from "./strict-fake.ts";

export const NO_SECRETS = { isResting: neverCalled("isResting"), keysOf: neverCalled("keysOf") };
