/** Environment of `audit-log-chain`, which its construct writes and it reads. Imports nothing of the program. */
import { declareEnvironment } from "../../core/settings/environment.ts";
import { text } from "../../core/settings/variable-kinds.ts";

export const auditLogChainEnvironment = declareEnvironment("audit-log-chain", {
  chainBucket: text("CHAIN_BUCKET"),
});
