/** Environment of `empty-buckets`, which its construct writes and it reads. Imports nothing of the program. */
import { declareEnvironment } from "../../core/settings/environment.ts";
import { text } from "../../core/settings/variable-kinds.ts";

export const emptyBucketsEnvironment = declareEnvironment("empty-buckets", {
  manifestsBucket: text("MANIFESTS_BUCKET"),
  quarantineBucket: text("QUARANTINE_BUCKET"),
});
