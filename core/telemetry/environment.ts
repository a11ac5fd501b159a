/** Where metrics of a program go; the same variable that Powertools reads. Imports nothing of any program. */
import { declareEnvironment } from "../settings/environment.ts";
import { METRICS_NAMESPACE } from "../settings/names.ts";
import { text } from "../settings/variable-kinds.ts";

export const metricsEnvironment = declareEnvironment("its metrics", {
  namespace: text("POWERTOOLS_METRICS_NAMESPACE", METRICS_NAMESPACE),
});
