/**
 * Environment of `canary`, which its construct writes and it reads. Imports nothing of the program.
 */
import { declareEnvironment } from "../../core/settings/environment.ts";
import {
  confirmationUrl,
  merchantsTable,
  publishedMetrics,
  rowKeys,
  transactionsTable,
} from "../../core/settings/shared-variables.ts";
import { integer } from "../../core/settings/variable-kinds.ts";

export const canaryEnvironment = declareEnvironment("canary", {
  transactionsTable,
  merchantsTable,
  confirmationUrl,
  ...rowKeys,
  withinSeconds: integer("CONFIRM_WITHIN_SECONDS", { min: 1 }),
  everyMinutes: integer("CANARY_EVERY_MINUTES", { min: 1 }),
  publishedMetrics,
});
