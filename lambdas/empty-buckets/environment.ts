/** Environment of `empty-buckets`, which its construct writes and it reads. Imports nothing of the program. */
import { declareEnvironment } from "../../core/settings/environment.ts";
import { anyText, text } from "../../core/settings/variable-kinds.ts";

export const emptyBucketsEnvironment = declareEnvironment("empty-buckets", {
  manifestsBucket: text("MANIFESTS_BUCKET"),
  quarantineBucket: text("QUARANTINE_BUCKET"),
  /** Empty where there is no API, through which alone files are uploaded. */
  importsBucket: anyText("IMPORTS_BUCKET"),
});
