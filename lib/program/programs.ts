/** Every program of the pipeline: where it begins, and the folder and file that it is bundled to. */
import { DEPLOYMENT_FUNCTION_NAMES, FUNCTION_NAMES } from "../../core/settings/names.ts";

export const WORKER_FOLDER = "containers/confirmation-worker";

export const PROGRAMS = {
  streamTransactions: lambda(FUNCTION_NAMES.streamTransactions),
  confirmationTransactions: lambda(FUNCTION_NAMES.confirmationTransactions),
  releaseDue: lambda(FUNCTION_NAMES.releaseDue),
  confirmationWebhook: lambda(FUNCTION_NAMES.confirmationWebhook),
  insertFakeTransactions: lambda(FUNCTION_NAMES.insertFakeTransactions),
  signingKeys: lambda(FUNCTION_NAMES.signingKeys),
  receiveAcknowledgements: lambda(FUNCTION_NAMES.receiveAcknowledgements),
  receiveReceipts: lambda(FUNCTION_NAMES.receiveReceipts),
  auditTransactions: lambda(FUNCTION_NAMES.auditTransactions),
  canary: lambda(FUNCTION_NAMES.canary),
  confirmationsApi: lambda(FUNCTION_NAMES.confirmationsApi),
  merchantSecrets: lambda(FUNCTION_NAMES.merchantSecrets),
  apiAuthorizer: lambda(FUNCTION_NAMES.apiAuthorizer),
  auditLogChain: lambda(FUNCTION_NAMES.auditLogChain),
  runJobs: lambda(FUNCTION_NAMES.runJobs),
  importTransactions: lambda(FUNCTION_NAMES.importTransactions),
  publishEvents: lambda(FUNCTION_NAMES.publishEvents),
  deploymentGuard: lambda(DEPLOYMENT_FUNCTION_NAMES.deploymentGuard),
  emptyBuckets: lambda(DEPLOYMENT_FUNCTION_NAMES.emptyBuckets),
  confirmationWorker: { entry: `${WORKER_FOLDER}/src/main.ts`, folder: "confirmation-worker", file: "main.mjs" },
} as const;

/**
 * What some programs load when they need it, and only then: a file beside their own, with packages of its own, that a
 * program without channels neither reads nor keeps in memory.
 */
export const CHANNEL_SENDERS = {
  entry: "core/channels/senders.ts",
  file: "channel-senders.mjs",
  carriedBy: ["confirmationWorker", "confirmationTransactions"],
} as const satisfies { readonly carriedBy: readonly (keyof typeof PROGRAMS)[]; readonly [name: string]: unknown };

export type ProgramName = keyof typeof PROGRAMS;

/** The folder that holds each program's bundle. */
export type Bundles = Readonly<Record<ProgramName, string>>;

function lambda(name: string) {
  return { entry: `lambdas/${name}/handler.ts`, folder: name, file: "index.mjs" } as const;
}
