/** Environment of `deployment-guard`, which its construct writes and it reads. Imports nothing of the program. */
import { declareEnvironment } from "../../core/settings/environment.ts";
import { merchantGatesTable, merchantsTable, transactionsTable } from "../../core/settings/shared-variables.ts";
import { text, textList } from "../../core/settings/variable-kinds.ts";

export const deploymentGuardEnvironment = declareEnvironment("deployment-guard", {
  stackId: text("STACK_ID"),
  transactionsTable,
  merchantsTable,
  merchantGatesTable,
  auditsTable: text("AUDITS_TABLE"),
  receivedTable: text("RECEIVED_TABLE"),
  /** Of the HTTP API, where there is one. */
  apiTables: textList("API_TABLES", []),
});
