/**
 * Environment of `insert-fake-transactions`, which its construct writes and it reads. Imports nothing of the program.
 */
import { declareEnvironment } from "../../core/settings/environment.ts";
import {
  confirmationUrl,
  merchantsTable,
  publishedMetrics,
  rowKeys,
  sampling,
  transactionsTable,
} from "../../core/settings/shared-variables.ts";

export const insertFakeTransactionsEnvironment = declareEnvironment("insert-fake-transactions", {
  transactionsTable,
  merchantsTable,
  confirmationUrl,
  ...rowKeys,
  sampling,
  publishedMetrics,
});
