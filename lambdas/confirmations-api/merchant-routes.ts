/** Routes of merchants, of pauses, and of what is said about both. */
import type { ApiApp } from "../../core/api/api-app.ts";
import { type AuditLogParts, listAuditLog } from "./routes/audit/list-audit-log.ts";
import { listManifests, type ManifestParts } from "./routes/audit/list-manifests.ts";
import { explainMerchantChannels, type ExplainParts } from "./routes/merchants/channels/explain-channels.ts";
import { changeMerchant, type ChangeParts } from "./routes/merchants/change-merchant.ts";
import { deleteMerchant, type DeleteParts } from "./routes/merchants/delete-merchant.ts";
import { disableUrl, type DisableParts } from "./routes/merchants/disable-url.ts";
import { type CutoverParts, getCutover } from "./routes/merchants/get-cutover.ts";
import { getMerchant } from "./routes/merchants/get-merchant.ts";
import { getMerchantHealth, type HealthParts } from "./routes/merchants/get-merchant-health.ts";
import { getMerchantPerformance } from "./routes/merchants/get-merchant-performance.ts";
import { listMerchants, type ListParts } from "./routes/merchants/list-merchants.ts";
import { type CopiesParts, listCopies } from "./routes/merchants/listening/list-copies.ts";
import { listenToMerchant, type ListenParts } from "./routes/merchants/listening/listen-to-merchant.ts";
import { pauseMerchant } from "./routes/merchants/pause-merchant.ts";
import type { PauseParts } from "./routes/merchants/pausing.ts";
import { registerMerchant, type RegisterParts } from "./routes/merchants/register-merchant.ts";
import { switchMerchant, type SwitchParts } from "./routes/merchants/switch-merchant.ts";
import { testMerchant, type TestParts } from "./routes/merchants/test-merchant.ts";
import { verifyMerchant, type VerifyParts } from "./routes/merchants/ownership/verify-merchant.ts";
import { vouchForMerchant } from "./routes/merchants/ownership/vouch-for-merchant.ts";
import { pauseEverything } from "./routes/operations/pause-everything.ts";

type Registry = RegisterParts["registry"] &
  VerifyParts["registry"] &
  ChangeParts["registry"] &
  ListParts["registry"] &
  DeleteParts["registry"] &
  ListenParts["registry"];

export interface MerchantRoutesParts
  extends
    Omit<RegisterParts, "registry">,
    Omit<ChangeParts, "registry">,
    Omit<DeleteParts, "registry">,
    Omit<DisableParts, "registry" | "healthActs">,
    Omit<HealthParts, "registry" | "healthActs">,
    Omit<ManifestParts, "registry">,
    Omit<TestParts, "registry">,
    Omit<SwitchParts, "registry">,
    Omit<VerifyParts, "registry">,
    Omit<ListenParts, "registry">,
    Omit<CopiesParts, "registry">,
    Omit<ExplainParts, "registry" | "healthActs" | "read">,
    Omit<ListParts, "registry">,
    AuditLogParts {
  readonly registry: Registry;
  readonly healthActs: PauseParts["healthActs"] & DisableParts["healthActs"];
}

type FurtherParts = Pick<ExplainParts, "read"> &
  Pick<CutoverParts, "unknownOf" | "client" | "table" | "merchantShards">;

export function addMerchantRoutes(app: ApiApp, parts: MerchantRoutesParts & FurtherParts): void {
  registerMerchant(app, parts);
  listMerchants(app, parts);
  getMerchant(app, parts);
  changeMerchant(app, parts);
  switchMerchant(app, parts);
  getCutover(app, parts);
  deleteMerchant(app, parts);
  pauseMerchant(app, parts);
  disableUrl(app, parts);
  getMerchantHealth(app, parts);
  getMerchantPerformance(app, parts);
  explainMerchantChannels(app, parts);
  testMerchant(app, parts);
  verifyMerchant(app, parts);
  listenToMerchant(app, parts);
  listCopies(app, parts);
  vouchForMerchant(app, parts);
  pauseEverything(app, parts);
  listAuditLog(app, parts);
  listManifests(app, parts);
}
