import { readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import { confirmationWorkerEnvironment } from "../../../containers/confirmation-worker/src/environment.ts";
import { EnvironmentError } from "../../../core/settings/environment.ts";
import { apiAuthorizerEnvironment } from "../../../lambdas/api-authorizer/environment.ts";
import { auditLogChainEnvironment } from "../../../lambdas/audit-log-chain/environment.ts";
import { auditTransactionsEnvironment } from "../../../lambdas/audit-transactions/environment.ts";
import { canaryEnvironment } from "../../../lambdas/canary/environment.ts";
import { confirmationTransactionsEnvironment } from "../../../lambdas/confirmation-transactions/environment.ts";
import { confirmationWebhookEnvironment } from "../../../lambdas/confirmation-webhook/environment.ts";
import { confirmationsApiEnvironment } from "../../../lambdas/confirmations-api/environment.ts";
import { deploymentGuardEnvironment } from "../../../lambdas/deployment-guard/environment.ts";
import { emptyBucketsEnvironment } from "../../../lambdas/empty-buckets/environment.ts";
import { importTransactionsEnvironment } from "../../../lambdas/import-transactions/environment.ts";
import { insertFakeTransactionsEnvironment } from "../../../lambdas/insert-fake-transactions/environment.ts";
import { merchantSecretsEnvironment } from "../../../lambdas/merchant-secrets/environment.ts";
import { receiveAcknowledgementsEnvironment } from "../../../lambdas/receive-acknowledgements/environment.ts";
import { receiveReceiptsEnvironment } from "../../../lambdas/receive-receipts/environment.ts";
import { publishEventsEnvironment } from "../../../lambdas/publish-events/environment.ts";
import { releaseDueEnvironment } from "../../../lambdas/release-due/environment.ts";
import { runJobsEnvironment } from "../../../lambdas/run-jobs/environment.ts";
import { signingKeysEnvironment } from "../../../lambdas/signing-keys/environment.ts";
import { streamTransactionsEnvironment } from "../../../lambdas/stream-transactions/environment.ts";
import { PROGRAMS, type ProgramName } from "../../../lib/program/bundle.ts";
import { PROJECT_ROOT, sourcesOf } from "./program-sources.ts";
import { synthesize } from "../synthesized-stack.ts";
import { templateProgramsOf } from "./template-programs.ts";

const programsWith = templateProgramsOf(synthesize);

interface Declaration {
  readonly allNames: readonly string[];
  readonly read: (environment: NodeJS.ProcessEnv) => object;
  readonly write: (values: never) => Record<string, string>;
}

const DECLARATIONS: Readonly<Record<ProgramName, Declaration>> = {
  apiAuthorizer: apiAuthorizerEnvironment,
  auditLogChain: auditLogChainEnvironment,
  auditTransactions: auditTransactionsEnvironment,
  canary: canaryEnvironment,
  confirmationTransactions: confirmationTransactionsEnvironment,
  confirmationsApi: confirmationsApiEnvironment,
  confirmationWebhook: confirmationWebhookEnvironment,
  confirmationWorker: confirmationWorkerEnvironment,
  deploymentGuard: deploymentGuardEnvironment,
  emptyBuckets: emptyBucketsEnvironment,
  insertFakeTransactions: insertFakeTransactionsEnvironment,
  merchantSecrets: merchantSecretsEnvironment,
  receiveAcknowledgements: receiveAcknowledgementsEnvironment,
  receiveReceipts: receiveReceiptsEnvironment,
  publishEvents: publishEventsEnvironment,
  releaseDue: releaseDueEnvironment,
  runJobs: runJobsEnvironment,
  importTransactions: importTransactionsEnvironment,
  signingKeys: signingKeysEnvironment,
  streamTransactions: streamTransactionsEnvironment,
};

/** What a program does without that is not told. */
const OPTIONAL: ReadonlySet<string> = new Set([
  "API_TABLES",
  "CAMPAIGNS",
  "CAMPAIGN_CHANNELS",
  "NAME_SERVERS",
  "PROXY_URL",
  "PUBLISHED_METRICS",
  "TRANSPORT",
]);
/** Read by Powertools, not by our own code. */
const READ_BY_LIBRARIES = /^POWERTOOLS_\w+$/;
/** Where `process.env` may stand: where declarations are read, and what Lambda alone sets, anew for each invocation. */
const READERS = new Set(["core/settings/environment.ts", "core/aws/tracing.ts"]);

describe.each(Object.keys(PROGRAMS) as ProgramName[])("the environment of %s", (program) => {
  const declaration = DECLARATIONS[program];
  const variables = Object.fromEntries(
    Object.entries(programsWith(program).environmentOf(program)).filter(([name]) => !READ_BY_LIBRARIES.test(name)),
  );
  const texts = Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [name, typeof value === "string" ? value : `<${name}>`]),
  );

  it("has every variable that the program declares, and no other", () => {
    expect(Object.keys(variables).toSorted()).toStrictEqual([...declaration.allNames].toSorted());
  });

  it("is read as it was written", () => {
    const read = declaration.read(texts);
    const written = declaration.write(read as never);
    expect({ ...texts, ...written }).toStrictEqual(texts);
    expect(declaration.read({ ...texts, ...written })).toStrictEqual(read);
  });

  it("tells of all wrong variables together", () => {
    const wrong = Object.fromEntries(declaration.allNames.map((name) => [name, undefined]));
    const required = declaration.allNames.filter((name) => !OPTIONAL.has(name));
    let message = "";
    try {
      declaration.read(wrong);
    } catch (error) {
      expect(error).toBeInstanceOf(EnvironmentError);
      message = (error as Error).message;
    }
    expect(required.filter((name) => !message.includes(`  ${name}: is missing`))).toStrictEqual([]);
  });

  it("has text for every variable, or a reference to a resource", () => {
    expect(
      Object.entries(variables).filter(([, value]) => typeof value !== "string" && typeof value !== "object"),
    ).toStrictEqual([]);
  });

  it("is read nowhere but through its declaration", () => {
    const readers = sourcesOf(program)
      .filter((file) => readFileSync(file, "utf8").replaceAll("`process.env`", "").includes("process.env"))
      .map((file) => file.slice(PROJECT_ROOT.length + 1));
    expect(readers.filter((file) => !READERS.has(file))).toStrictEqual([]);
  });
});
