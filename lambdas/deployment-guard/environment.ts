/** Environment of `deployment-guard`, which its construct writes and it reads. Imports nothing of the program. */
import { declareEnvironment, type ValuesOf } from "../../core/settings/environment.ts";
import { merchantGatesTable, merchantsTable, transactionsTable } from "../../core/settings/shared-variables.ts";
import { text } from "../../core/settings/variable-kinds.ts";

const variables = {
  stackId: text("STACK_ID"),
  transactionsTable,
  merchantsTable,
  merchantGatesTable,
  auditsTable: text("AUDITS_TABLE"),
  receivedTable: text("RECEIVED_TABLE"),
};

export const deploymentGuardEnvironment = declareEnvironment("deployment-guard", variables);

export type DeploymentGuardEnvironment = ValuesOf<typeof variables>;
