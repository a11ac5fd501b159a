/**
 * Every operation of the API, by its `operationId` in the OpenAPI document, with what a token needs for it. A test
 * holds this table equal to the document.
 */
import { type Scope, SCOPES } from "./scopes.ts";

export interface OperationAccess {
  /** One of these. None: without a token. */
  readonly scopes: readonly Scope[];
  /**
   * What a token that is narrowed to a merchant may do with it: nothing, what is its own, or a list of what is its own.
   * What belongs to another merchant is for it as if it were not there.
   */
  readonly narrowed: "refused" | "own" | "own list";
}

const PUBLIC = { scopes: [], narrowed: "own" } as const;
/** Of whoever has a token that is good for anything. */
const ANY_SCOPE = Object.keys(SCOPES) as Scope[];

export const OPERATIONS = {
  getDocument: PUBLIC,
  getReference: PUBLIC,
  getAccess: { scopes: ANY_SCOPE, narrowed: "own" },
  submitTransaction: { scopes: ["transactions:write"], narrowed: "refused" },
  submitTransactions: { scopes: ["transactions:write"], narrowed: "refused" },
  replaceTransaction: { scopes: ["transactions:write"], narrowed: "refused" },
  importFile: { scopes: ["imports:write"], narrowed: "own" },
  createUpload: { scopes: ["imports:write"], narrowed: "own" },
  listImports: { scopes: ["imports:write", "transactions:read"], narrowed: "own list" },
  getImport: { scopes: ["imports:write", "transactions:read"], narrowed: "own" },
  getRejectedRows: { scopes: ["imports:write"], narrowed: "own" },
  pauseImport: { scopes: ["imports:write"], narrowed: "own" },
  resumeImport: { scopes: ["imports:write"], narrowed: "own" },
  cancelImport: { scopes: ["imports:write"], narrowed: "own" },
  createExport: { scopes: ["transactions:read"], narrowed: "own" },
  listExports: { scopes: ["transactions:read"], narrowed: "own list" },
  getExport: { scopes: ["transactions:read"], narrowed: "own" },
  getExportFile: { scopes: ["transactions:read"], narrowed: "own" },
  pauseExport: { scopes: ["transactions:read"], narrowed: "own" },
  resumeExport: { scopes: ["transactions:read"], narrowed: "own" },
  cancelExport: { scopes: ["transactions:read"], narrowed: "own" },
  getTransaction: { scopes: ["transactions:read"], narrowed: "own" },
  getTransactionTrace: { scopes: ["transactions:read"], narrowed: "own" },
  listTransactions: { scopes: ["transactions:read"], narrowed: "own list" },
  listFailures: { scopes: ["transactions:read"], narrowed: "own list" },
  countFailures: { scopes: ["transactions:read"], narrowed: "own list" },
  acknowledgeTransaction: { scopes: ["transactions:acknowledge"], narrowed: "own" },
  confirmElsewhere: { scopes: ["transactions:write"], narrowed: "refused" },
  eraseTransaction: { scopes: ["operations:write"], narrowed: "refused" },
  eraseTransactions: { scopes: ["operations:write"], narrowed: "refused" },
  registerMerchant: { scopes: ["merchants:write"], narrowed: "refused" },
  listMerchants: { scopes: ["merchants:read"], narrowed: "own list" },
  getMerchant: { scopes: ["merchants:read"], narrowed: "own" },
  changeMerchant: { scopes: ["merchants:write"], narrowed: "own" },
  getCutover: { scopes: ["transactions:read"], narrowed: "own" },
  switchMerchant: { scopes: ["merchants:write"], narrowed: "refused" },
  deleteMerchant: { scopes: ["merchants:write"], narrowed: "refused" },
  pauseMerchant: { scopes: ["merchants:write"], narrowed: "own" },
  resumeMerchant: { scopes: ["merchants:write"], narrowed: "own" },
  disableMerchantUrl: { scopes: ["merchants:write"], narrowed: "own" },
  enableMerchantUrl: { scopes: ["merchants:write"], narrowed: "own" },
  getMerchantHealth: { scopes: ["merchants:read"], narrowed: "own" },
  getMerchantPerformance: { scopes: ["merchants:read"], narrowed: "own" },
  getMerchantKeys: { scopes: ["merchants:read"], narrowed: "own" },
  explainChannels: { scopes: ["merchants:read"], narrowed: "own" },
  testMerchant: { scopes: ["merchants:write"], narrowed: "own" },
  getMerchantTest: { scopes: ["merchants:read"], narrowed: "own" },
  verifyMerchant: { scopes: ["merchants:write"], narrowed: "own" },
  getMerchantVerification: { scopes: ["merchants:read"], narrowed: "own" },
  listenToMerchant: { scopes: ["transactions:read"], narrowed: "own" },
  stopListening: { scopes: ["transactions:read"], narrowed: "own" },
  listCopies: { scopes: ["transactions:read"], narrowed: "own" },
  vouchForMerchant: { scopes: ["operations:write"], narrowed: "refused" },
  listManifests: { scopes: ["audit:read"], narrowed: "own" },
  getManifest: { scopes: ["audit:read"], narrowed: "own" },
  revealMerchantSecret: { scopes: ["merchants:secrets"], narrowed: "own" },
  importMerchantSecret: { scopes: ["merchants:secrets"], narrowed: "own" },
  rotateMerchantKeys: { scopes: ["merchants:secrets"], narrowed: "own" },
  createRedelivery: { scopes: ["redeliveries:write"], narrowed: "own" },
  listRedeliveries: { scopes: ["redeliveries:write", "transactions:read"], narrowed: "own list" },
  getRedelivery: { scopes: ["redeliveries:write", "transactions:read"], narrowed: "own" },
  startRedelivery: { scopes: ["redeliveries:write"], narrowed: "own" },
  pauseRedelivery: { scopes: ["redeliveries:write"], narrowed: "own" },
  resumeRedelivery: { scopes: ["redeliveries:write"], narrowed: "own" },
  cancelRedelivery: { scopes: ["redeliveries:write"], narrowed: "own" },
  createResync: { scopes: ["operations:write"], narrowed: "refused" },
  listResyncs: { scopes: ["operations:write"], narrowed: "refused" },
  getResync: { scopes: ["operations:write"], narrowed: "refused" },
  resumeResync: { scopes: ["operations:write"], narrowed: "refused" },
  cancelResync: { scopes: ["operations:write"], narrowed: "refused" },
  createRestore: { scopes: ["operations:write"], narrowed: "refused" },
  listRestores: { scopes: ["operations:write"], narrowed: "refused" },
  getRestore: { scopes: ["operations:write"], narrowed: "refused" },
  listUndecided: { scopes: ["operations:write"], narrowed: "refused" },
  applyRestore: { scopes: ["operations:write"], narrowed: "refused" },
  pauseRestore: { scopes: ["operations:write"], narrowed: "refused" },
  resumeRestore: { scopes: ["operations:write"], narrowed: "refused" },
  cancelRestore: { scopes: ["operations:write"], narrowed: "refused" },
  decideRestore: { scopes: ["operations:write"], narrowed: "refused" },
  setClientCertificate: { scopes: ["merchants:secrets"], narrowed: "own" },
  removeClientCertificate: { scopes: ["merchants:secrets"], narrowed: "own" },
  setOAuth2Client: { scopes: ["merchants:secrets"], narrowed: "own" },
  removeOAuth2Client: { scopes: ["merchants:secrets"], narrowed: "own" },
  setSecretHeaders: { scopes: ["merchants:secrets"], narrowed: "own" },
  removeSecretHeaders: { scopes: ["merchants:secrets"], narrowed: "own" },
  listCampaigns: { scopes: ["operations:write", "transactions:read"], narrowed: "refused" },
  getCampaign: { scopes: ["operations:write", "transactions:read"], narrowed: "refused" },
  listTemplates: { scopes: ["templates:read"], narrowed: "refused" },
  getTemplate: { scopes: ["templates:read"], narrowed: "refused" },
  putTemplate: { scopes: ["templates:write"], narrowed: "refused" },
  deleteTemplate: { scopes: ["templates:write"], narrowed: "refused" },
  previewTemplate: { scopes: ["templates:read"], narrowed: "refused" },
  getLive: { scopes: ["operations:write", "transactions:read"], narrowed: "refused" },
  getPause: { scopes: ["operations:write", "merchants:read"], narrowed: "refused" },
  pauseEverything: { scopes: ["operations:write"], narrowed: "refused" },
  resumeEverything: { scopes: ["operations:write"], narrowed: "refused" },
  listAuditLog: { scopes: ["audit:read"], narrowed: "own list" },
} as const satisfies Readonly<Record<string, OperationAccess>>;

export type OperationId = keyof typeof OPERATIONS;
