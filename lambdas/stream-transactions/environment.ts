/**
 * Environment of `stream-transactions`, which its construct writes and it reads. Imports nothing of the program.
 */
import { declareEnvironment } from "../../core/settings/environment.ts";
import {
  campaigns,
  debugSamplePercent,
  merchantsTable,
  order,
  publishedMetrics,
  queueUrls,
  rowKeys,
  sampling,
  settledDays,
  transactionsTable,
} from "../../core/settings/shared-variables.ts";

export const streamTransactionsEnvironment = declareEnvironment("stream-transactions", {
  transactionsTable,
  merchantsTable,
  ...queueUrls,
  ...rowKeys,
  order,
  settledDays,
  sampling,
  debugSamplePercent,
  publishedMetrics,
  campaigns,
});
