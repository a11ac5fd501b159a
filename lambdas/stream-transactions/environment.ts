/**
 * Environment of `stream-transactions`: written by its construct, read by the program. Imports nothing of the program.
 */
import { declareEnvironment } from "../../core/settings/environment.ts";
import {
  debugSamplePercent,
  order,
  queueUrls,
  rowKeys,
  sampling,
  settledDays,
  transactionsTable,
} from "../../core/settings/shared-variables.ts";

export const streamTransactionsEnvironment = declareEnvironment("stream-transactions", {
  transactionsTable,
  ...queueUrls,
  ...rowKeys,
  order,
  settledDays,
  sampling,
  debugSamplePercent,
});
