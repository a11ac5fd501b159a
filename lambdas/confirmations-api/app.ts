/** All that the API answers, but for merchants' secrets. Nothing but its routes is here. */
import { type ApiApp, apiApp, type ApiAppOptions } from "../../core/api/api-app.ts";
import { registerSecurity } from "../../core/api/document.ts";
import { describeConnectionRoutes } from "../../core/api/connection-routes.ts";
import { describeSecretRoutes } from "../../core/api/secret-routes.ts";
import { addMerchantRoutes, type MerchantRoutesParts } from "./merchant-routes.ts";
import { getAccess } from "./routes/access/get-access.ts";
import { actOnRedelivery } from "./routes/redeliveries/act-on-redelivery.ts";
import { createRedelivery } from "./routes/redeliveries/create-redelivery.ts";
import { getRedeliveries } from "./routes/redeliveries/get-redeliveries.ts";
import type { RedeliveryParts } from "./routes/redeliveries/redelivery-parts.ts";
import { acknowledgeTransaction, type AcknowledgeParts } from "./routes/transactions/acknowledge-transaction.ts";
import { type CampaignParts, getCampaigns } from "./routes/campaigns/get-campaigns.ts";
import { eraseTransaction } from "./routes/erasures/erase-transaction.ts";
import { eraseTransactions, type ErasuresParts } from "./routes/erasures/erase-transactions.ts";
import { addExportRoutes, type ExportRoutesParts } from "./routes/exports/export-routes.ts";
import { type FailuresParts, getFailures } from "./routes/failures/get-failures.ts";
import type { CutoverParts } from "./routes/merchants/get-cutover.ts";
import { FILE_TYPES, IMPORTS_PATH } from "./routes/imports/import-file.ts";
import { addImportRoutes, type ImportRoutesParts } from "./routes/imports/import-routes.ts";
import { getLive, type LiveParts } from "./routes/live/get-live.ts";
import { createResync } from "./routes/resyncs/create-resync.ts";
import { getResync } from "./routes/resyncs/get-resync.ts";
import type { ResyncParts } from "./routes/resyncs/resync-parts.ts";
import { addRestoreRoutes, type RestoreRoutesParts } from "./routes/restores/restore-routes.ts";
import { addTemplateRoutes, type TemplateRoutesParts } from "./routes/templates/template-routes.ts";
import { getDocument } from "./routes/get-document.ts";
import { confirmElsewhere } from "./routes/transactions/confirm-elsewhere.ts";
import { getTransaction, type GetParts } from "./routes/transactions/get-transaction.ts";
import { getTransactionTrace, type TraceRouteParts } from "./routes/transactions/get-transaction-trace.ts";
import { listTransactions, type ListTransactionsParts } from "./routes/transactions/list-transactions.ts";
import { replaceTransaction, type ReplaceParts } from "./routes/transactions/replace-transaction.ts";
import { submitTransaction, type SubmitParts } from "./routes/transactions/submit-transaction.ts";
import { submitTransactions, type SubmitBatchParts } from "./routes/transactions/submit-transactions.ts";

/** Ten times what 500 usual transactions have; Lambda hands over 6 MB at most. */
const MAX_BODY_BYTES = 5_000_000;

export type ConfirmationsApiParts = Pick<ApiAppOptions, "logError"> &
  SubmitParts &
  SubmitBatchParts &
  ImportRoutesParts &
  ExportRoutesParts &
  ReplaceParts &
  GetParts &
  TraceRouteParts &
  ListTransactionsParts &
  FailuresParts &
  AcknowledgeParts &
  ErasuresParts &
  RedeliveryParts &
  ResyncParts &
  RestoreRoutesParts &
  CampaignParts &
  LiveParts &
  MerchantRoutesParts &
  Pick<CutoverParts, "unknownOf"> &
  TemplateRoutesParts;

export function confirmationsApi(parts: ConfirmationsApiParts): ApiApp {
  const app = apiApp({
    logError: parts.logError,
    maxBodyBytes: MAX_BODY_BYTES,
    fileTypes: { [IMPORTS_PATH]: FILE_TYPES },
  });
  registerSecurity(app);
  getAccess(app);
  submitTransaction(app, parts);
  submitTransactions(app, parts);
  addImportRoutes(app, parts);
  addExportRoutes(app, parts);
  listTransactions(app, parts);
  getFailures(app, parts);
  getTransaction(app, parts);
  getTransactionTrace(app, parts);
  replaceTransaction(app, parts);
  acknowledgeTransaction(app, parts);
  confirmElsewhere(app, parts);
  eraseTransaction(app, parts);
  eraseTransactions(app, parts);
  createRedelivery(app, parts);
  getRedeliveries(app, parts);
  actOnRedelivery(app, parts);
  createResync(app, parts);
  getResync(app, parts);
  addRestoreRoutes(app, parts);
  getCampaigns(app, parts);
  getLive(app, parts);
  addMerchantRoutes(app, parts);
  addTemplateRoutes(app, parts);
  describeSecretRoutes(app);
  describeConnectionRoutes(app);
  getDocument(app);
  return app;
}
