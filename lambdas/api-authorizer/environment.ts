/** Environment of `api-authorizer`, which its construct writes and it reads. Imports nothing of the program. */
import { declareEnvironment } from "../../core/settings/environment.ts";
import { publishedMetrics } from "../../core/settings/shared-variables.ts";
import { anyText, text, textList } from "../../core/settings/variable-kinds.ts";

export const apiAuthorizerEnvironment = declareEnvironment("api-authorizer", {
  issuer: text("ISSUER"),
  /** Any of these, unless there are none. */
  audience: textList("AUDIENCE"),
  clientIds: textList("CLIENT_IDS"),
  scopePrefix: anyText("SCOPE_PREFIX"),
  merchantClaim: text("MERCHANT_CLAIM"),
  publishedMetrics,
});
