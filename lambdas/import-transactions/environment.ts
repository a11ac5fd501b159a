/** Environment of `import-transactions`, which its construct writes and it reads. Imports nothing of the program. */
import { declareEnvironment } from "../../core/settings/environment.ts";
import { text } from "../../core/settings/variable-kinds.ts";

export const importTransactionsEnvironment = declareEnvironment("import-transactions", {
  jobsTable: text("JOBS_TABLE"),
  jobPartsQueueUrl: text("JOB_PARTS_QUEUE_URL"),
  importsBucket: text("IMPORTS_BUCKET"),
});
