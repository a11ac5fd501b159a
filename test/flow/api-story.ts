/**
 * Each operation of the API once, in an order in which each can succeed: what is made first is looked at, changed, and
 * deleted last. An operation that is not named here is asked for as its document shows it.
 */
import { BLOCK_ROWS } from "../../core/imports/limits.ts";
import { selfSignedFor } from "../../tools/chaos/run/certificate.ts";
import type { ApiDescription, DescribedOperation } from "../support/api/described-operations.ts";
import { type Example, exampleRequest } from "../support/api/example-request.ts";
import type { Answer, Bearer, Send, SentRequest } from "../support/api/request-plan.ts";

export interface StoryParts {
  readonly api: ApiDescription;
  readonly send: Send;
  readonly bearer: Bearer;
  /** Where confirmations of its merchants go. */
  readonly confirmationUrl: string;
}

const FIRST = [
  "submitTransaction",
  "submitTransactions",
  "acknowledgeTransaction",
  "confirmElsewhere",
  "registerMerchant",
  "testMerchant",
  "getMerchantTest",
  "verifyMerchant",
  "createRedelivery",
  "getRedelivery",
  "startRedelivery",
  "pauseRedelivery",
  "resumeRedelivery",
  "cancelRedelivery",
  "createResync",
  "getResync",
  "resumeResync",
  "cancelResync",
  "importFile",
  "createUpload",
  "getImport",
  "pauseImport",
  "resumeImport",
  "cancelImport",
  "getRejectedRows",
  "createExport",
  "pauseExport",
  "resumeExport",
  "getExport",
  "getExportFile",
  "cancelExport",
  "createRestore",
  "getRestore",
  "listUndecided",
  "applyRestore",
  "pauseRestore",
  "resumeRestore",
  "decideRestore",
  "cancelRestore",
  "pauseMerchant",
  "disableMerchantUrl",
  "putTemplate",
];
/** Of which each merchant is to have a manifest. */
export const MANIFEST_DAY = "2026-11-22";
/** Label that is to be registered. */
export const CAMPAIGN = "story";
/** Of a merchant of the sandbox, `try`. */
const LISTENING = new Set(["listenToMerchant", "stopListening", "listCopies"]);
const LAST = ["resumeEverything", "eraseTransaction", "eraseTransactions", "deleteTemplate", "deleteMerchant"];
/** How often what needs time is asked for, with `until`. */
const MOST_TRIES = 200;
/** A dry run that is not over, a transaction that was not sent yet, a file that is not looked through. */
const MOST_STARTS = 5000;
const WAITED_FOR = new Set([
  "startRedelivery",
  "acknowledgeTransaction",
  "eraseTransaction",
  "pauseImport",
  "getRejectedRows",
  "getExportFile",
  "applyRestore",
]);
/** Asked for anew, with a job of its own, where the one that was there is done already. */
const OF_A_RUNNING_JOB = new Map([
  ["pauseExport", ["createExport"]],
  ["cancelExport", ["createExport"]],
  ["pauseRestore", ["createRestore", "applyRestore"]],
  ["cancelRestore", ["createRestore"]],
]);
/** What is asked for afterwards is about their jobs. */
const BEGIN_JOBS = new Set(["createRedelivery", "createResync", "createUpload", "createExport", "createRestore"]);
const HEADER = "transactionId,merchantId,outcome,amount,currency,occurredAt";
/** Two blocks, none of whose rows is accepted: at this rate the time of the second one does not come. */
const SLOW_ROWS = 2 * BLOCK_ROWS;
const UPLOADED = 204;
const DAY_MS = 86_400_000;
const SLOW = { reason: "the story", ratePerSecond: 1 };
/** Not there yet, or not to be reached just now. */
const NOT_YET = new Set([404, 503]);
const IDS = new Set(["merchantId", "transactionId", "jobId"]);

export function storyExamples(confirmationUrl: string): Readonly<Record<string, Example>> {
  const content = {
    merchantId: "shop",
    outcome: "APPROVED",
    amount: "12.50",
    currency: "EUR",
    occurredAt: new Date().toISOString(),
  };
  const certificate = selfSignedFor("pipeline.example");
  const submission = { transactionId: "of-shop", ...content };
  return {
    putTemplate: { body: { subject: "Payment {{transactionId}}", text: "You paid {{amount}} {{currency}}." } },
    previewTemplate: { body: {} },
    explainChannels: { body: { amount: "12.50", currency: "EUR", outcome: "APPROVED" } },
    submitTransaction: { body: submission },
    submitTransactions: {
      body: { transactions: [submission, { ...submission, transactionId: "of-rival", merchantId: "rival" }] },
    },
    replaceTransaction: { parameters: { "if-match": '"1"' }, body: { ...content, outcome: "REJECTED" } },
    importFile: { body: `${HEADER}\nof-a-file,shop,APPROVED,12.50,EUR,${content.occurredAt}\n` },
    createUpload: { body: SLOW },
    createExport: {
      body: { merchantId: "shop", from: new Date(Date.now() - DAY_MS).toISOString(), reason: "the story" },
    },
    eraseTransaction: { parameters: { transactionId: "of-shop" }, body: { reason: "the story" } },
    eraseTransactions: { body: { transactionIds: ["of-shop", "of-rival"], reason: "the story" } },
    // Of the table itself, as if a backup had been restored in its place.
    createRestore: {
      body: {
        fromTable: "Transactions",
        restoredTo: new Date(Date.now() - DAY_MS).toISOString(),
        without: ["journal"],
        reason: "the story",
      },
    },
    decideRestore: { body: { decision: "send", reason: "the story" } },
    confirmElsewhere: { body: { confirmedAt: content.occurredAt } },
    createRedelivery: {
      body: {
        filter: { merchantId: "shop", state: "CONFIRMED", from: new Date().toISOString() },
        reason: "the story",
        dryRun: true,
      },
    },
    registerMerchant: { body: { merchantId: "story", confirmationUrl } },
    changeMerchant: { body: { confirmationUrl } },
    importMerchantSecret: { body: { secret: `whsec_${Buffer.alloc(32, 7).toString("base64")}` } },
    rotateMerchantKeys: { body: { force: true } },
    setClientCertificate: { body: { certificate: certificate.cert, privateKey: certificate.key } },
    setOAuth2Client: { body: { tokenUrl: "https://token.example/", clientId: "us", clientSecret: "story" } },
    setSecretHeaders: { body: { headers: { "x-api-key": "story" } } },
    getManifest: { parameters: { day: MANIFEST_DAY } },
    getCampaign: { parameters: { label: CAMPAIGN } },
    listTransactions: { parameters: { merchantId: "shop" } },
    listFailures: { parameters: { merchantId: "shop" } },
    countFailures: { parameters: { merchantId: "shop" } },
  };
}

/** @returns the operations that succeeded */
export async function apiStory(
  { api, send, bearer, confirmationUrl }: StoryParts,
  see: (request: SentRequest, answer: Answer) => void,
): Promise<ReadonlySet<string>> {
  const examples = storyExamples(confirmationUrl);
  const known: Record<string, string> = { merchantId: "story", transactionId: "of-shop" };
  const done = new Set<string>();
  let challenge: Record<string, string> = {};
  for (const operation of inOrder(api.operations)) {
    const { parameters = {}, body } = examples[operation.operationId] ?? {};
    const example = {
      parameters: {
        ...known,
        ...(operation.operationId === "getMerchantVerification" && challenge),
        ...(LISTENING.has(operation.operationId) && { merchantId: "try" }),
        ...parameters,
      },
      ...(body !== undefined && { body }),
    };
    let request = { ...exampleRequest(api, operation, example), bearer };
    let answer = await send(request);
    // What is a moment old, and what is under way.
    for (let tries = 0; NOT_YET.has(answer.status) && tries < MOST_TRIES; tries += 1) answer = await send(request);
    if (WAITED_FOR.has(operation.operationId))
      for (let tries = 0; answer.status === 409 && tries < MOST_STARTS; tries += 1) answer = await send(request);
    const before = OF_A_RUNNING_JOB.get(operation.operationId) ?? [];
    for (let tries = 0; before.length > 0 && answer.status === 409 && tries < MOST_TRIES; tries += 1) {
      const jobId = await begunAnew(before);
      known["jobId"] = jobId;
      request = { ...exampleRequest(api, operation, { parameters: { ...example.parameters, jobId } }), bearer };
      answer = await send(request);
    }
    if (BEGIN_JOBS.has(operation.operationId)) delete known["jobId"];
    see(request, answer);
    if (answer.status < 400) done.add(operation.operationId);
    if (operation.operationId === "createUpload") await upload(answer);
    if (operation.operationId === "resumeImport") await firstBlock(send, bearer, known["jobId"] ?? "");
    if (operation.operationId === "verifyMerchant") challenge = idsIn(answer);
    for (const [name, value] of Object.entries(idsIn(answer))) known[name] ??= value;
  }
  return done;

  /** @returns the job of the first of these operations, after the others */
  async function begunAnew(operationIds: readonly string[]): Promise<string> {
    let jobId: string | undefined;
    for (const operationId of operationIds) {
      const operation = api.operations.find((one) => one.operationId === operationId) as DescribedOperation;
      const { body } = examples[operationId] ?? {};
      const parameters = { ...known, ...(jobId !== undefined && { jobId }) };
      const request = {
        ...exampleRequest(api, operation, { parameters, ...(body !== undefined && { body }) }),
        bearer,
      };
      let answer = await send(request);
      for (let tries = 0; answer.status === 409 && tries < MOST_STARTS; tries += 1) answer = await send(request);
      jobId ??= idsIn(answer)["jobId"];
    }
    return jobId ?? "";
  }
}

function inOrder(operations: readonly DescribedOperation[]): DescribedOperation[] {
  const rank = ({ operationId }: DescribedOperation): number => {
    if (FIRST.includes(operationId)) return FIRST.indexOf(operationId) - FIRST.length;
    return LAST.indexOf(operationId) + 1;
  };
  return operations.toSorted((one, other) => rank(one) - rank(other));
}

async function upload({ text }: Answer): Promise<void> {
  const { url, fields } = JSON.parse(text) as {
    readonly url: string;
    readonly fields: Readonly<Record<string, string>>;
  };
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append("file", new Blob([`${HEADER}\n${"of-a-file,shop,APPROVED,,EUR,\n".repeat(SLOW_ROWS)}`]));
  const { status } = await fetch(url, { method: "POST", body: form });
  if (status !== UPLOADED) throw new Error(`the upload was answered with ${status}`);
}

/** Waits until rows were rejected, so that there is a file of them once the import is canceled. */
async function firstBlock(send: Send, bearer: Bearer, jobId: string): Promise<void> {
  const request = { method: "GET", target: `/v1/imports/${jobId}`, headers: [], body: undefined, bearer };
  for (let tries = 0; tries < MOST_STARTS; tries += 1) {
    const { status, text } = await send(request);
    if (status < 400 && (JSON.parse(text) as { counts: { rejected: number } }).counts.rejected > 0) return;
  }
  throw new Error(`no row of the import ${jobId} was rejected`);
}

/** Such as the id of a job that was begun, and the day of a manifest that is listed. */
function idsIn({ status, text }: Answer): Record<string, string> {
  if (status >= 400 || !text.startsWith("{")) return {};
  const body = JSON.parse(text) as Readonly<Record<string, unknown>>;
  const [item] = Array.isArray(body["items"]) ? (body["items"] as readonly object[]) : [];
  const ids: Record<string, string> = {};
  for (const [name, value] of Object.entries({ ...item, ...body }))
    if (IDS.has(name) && typeof value === "string") ids[name] = value;
  return ids;
}
