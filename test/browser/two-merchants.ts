/**
 * Two merchants of whom each has one of everything that the console shows: transactions, jobs of each kind, a manifest.
 * Whatever is asked for is asked with real tokens of the stack's issuer.
 */
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { manifestKey } from "../../core/aws/manifest-bucket.ts";
import { SCOPES } from "../../core/access/scopes.ts";
import { type Pipeline, transactionRow } from "../flow/pipeline.ts";
import { waitFor } from "../flow/wait-for.ts";
import { AccessTokens } from "../support/api/access-tokens.ts";
import { overHttp } from "../support/api/http-target.ts";
import type { Bearer, Send } from "../support/api/request-plan.ts";

const AUDIENCE = "confirmations";
const NOT_IN_TIME = new Set([502, 503, 504]);
export const ALL_SCOPES = Object.keys(SCOPES);
export const COMPANY = { scopes: ALL_SCOPES } as const;
export const MANIFEST_DAY = "2026-11-22";

/** Kinds of jobs by what the path of one begins with, its merchant's id in the place of `{merchantId}`. */
export const JOB_PATHS = {
  redelivery: "/v1/redeliveries/",
  import: "/v1/imports/",
  export: "/v1/exports/",
  test: "/v1/merchants/{merchantId}/test/",
  verification: "/v1/merchants/{merchantId}/verify/",
} as const;
export type JobKind = keyof typeof JOB_PATHS;

export interface Having {
  readonly merchantId: string;
  readonly transactionId: string;
  readonly jobs: Readonly<Record<JobKind, string>>;
  /** What stands in what is this merchant's, and nowhere else. */
  readonly marks: readonly string[];
}

export function sendTo(pipeline: Pipeline): Send {
  const { endpoints } = pipeline.stack;
  return untilInTime(overHttp(endpoints.api, new AccessTokens(endpoints.issuer, AUDIENCE, "").tokenFor));
}

/** What a busy machine does not respond to in time is sent again, as the response says. */
export function untilInTime(send: Send): Send {
  return (request) =>
    waitFor(`${request.method} ${request.target} is responded to`, async () => {
      const answer = await send(request);
      return NOT_IN_TIME.has(answer.status) ? undefined : answer;
    });
}

/** @param amount that no other has */
export async function having(pipeline: Pipeline, merchantId: string, amount: string): Promise<Having> {
  const send = sendTo(pipeline);
  const transactionId = `of-${merchantId}`;
  const reason = `because of ${merchantId}`;
  await pipeline.registerMerchant({ merchantId, confirmationUrl: pipeline.merchant.url(`/${merchantId}`) });
  const occurredAt = new Date().toISOString();
  for (const id of [transactionId, `${transactionId}-2`])
    await pipeline.put(transactionRow(id, merchantId, { amount: { S: amount }, occurredAt: { S: occurredAt } }));
  await pipeline.terminalRow(transactionId);
  await putManifest(pipeline, merchantId);
  const begin = async (path: string, body: object | undefined, bearer: Bearer): Promise<string> => {
    const { status, text } = await send({
      method: "POST",
      target: path,
      headers: body === undefined ? [] : [["content-type", "application/json"]],
      body: body === undefined ? undefined : JSON.stringify(body),
      bearer,
    });
    if (status >= 400) throw new Error(`POST ${path} was answered with ${status}: ${text}`);
    return (JSON.parse(text) as { readonly jobId: string }).jobId;
  };
  const own = { scopes: ALL_SCOPES, merchantId };
  const from = new Date(Date.now() - 86_400_000).toISOString();
  return {
    merchantId,
    transactionId,
    jobs: {
      redelivery: await begin("/v1/redeliveries", { filter: { merchantId }, reason, dryRun: true }, COMPANY),
      import: await begin("/v1/imports/uploads", { fileName: `${merchantId}.csv`, reason }, own),
      export: await begin("/v1/exports", { merchantId, from, reason }, COMPANY),
      test: await begin(`/v1/merchants/${merchantId}/test`, undefined, COMPANY),
      verification: await begin(`/v1/merchants/${merchantId}/verify`, undefined, COMPANY),
    },
    marks: [merchantId, amount],
  };
}

/** As the audit of a day that is over leaves it. */
async function putManifest({ stack }: Pipeline, merchantId: string): Promise<void> {
  const { region, credentials, endpoints, outputs } = stack;
  const s3 = new S3Client({ region, credentials, endpoint: endpoints.s3, forcePathStyle: true });
  const Key = manifestKey(merchantId, MANIFEST_DAY, "manifest-1.jsonl");
  await s3.send(new PutObjectCommand({ Bucket: outputs["ManifestsBucketName"], Key, Body: "{}\n" }));
  s3.destroy();
}
