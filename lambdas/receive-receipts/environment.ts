/** Environment of `receive-receipts`, which its construct writes and it reads. Imports nothing of the program. */
import { declareEnvironment } from "../../core/settings/environment.ts";
import {
  campaigns,
  journal,
  merchantsTable,
  publishedMetrics,
  settledDays,
  transactionsTable,
} from "../../core/settings/shared-variables.ts";

export const receiveReceiptsEnvironment = declareEnvironment("receive-receipts", {
  transactionsTable,
  merchantsTable,
  settledDays,
  journal,
  publishedMetrics,
  campaigns,
});
