/**
 * The whole API over HTTP, on the stack of this machine with tokens of its own issuer: each operation of the served
 * document succeeds once, and is refused to every token that must not do it. What is tried follows from the document,
 * so that a new route is tried as soon as it is there.
 */
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { OPERATIONS } from "../../core/access/operations.ts";
import { SCOPES } from "../../core/access/scopes.ts";
import { AccessTokens } from "../support/api/access-tokens.ts";
import { type ApiDescription, describedApi, type DescribedOperation } from "../support/api/described-operations.ts";
import { exampleRequest } from "../support/api/example-request.ts";
import { callHttp, overHttp } from "../support/api/http-target.ts";
import { hunt } from "../support/api/hunt.ts";
import { AnswerJudge } from "../support/api/judge-answer.ts";
import { type FilterParties, merchantFilterFaults } from "../support/api/merchant-filter.ts";
import { PLANTED_OMISSIONS } from "../support/api/planted-omissions.ts";
import type { Answer, Send, SentRequest } from "../support/api/request-plan.ts";
import { patienceMs } from "../support/machine-speed.ts";
import { manifestKey } from "../../core/aws/manifest-bucket.ts";
import { apiStory, CAMPAIGN, MANIFEST_DAY, storyExamples } from "./api-story.ts";
import { Pipeline } from "./pipeline.ts";
import { waitFor } from "./wait-for.ts";

const AUDIENCE = "confirmations";
const SOME_REQUESTS = 150;
const ALL_SCOPES = Object.keys(SCOPES);
const MERCHANTS = ["shop", "rival"];
const COMPANY = { scopes: ALL_SCOPES };

let pipeline: Pipeline;
let tokens: AccessTokens;
let api: ApiDescription;
let guarded: readonly DescribedOperation[];
let send: Send;
let judge: AnswerJudge;

beforeAll(async () => {
  pipeline = await Pipeline.start(
    { api: { audience: [AUDIENCE] }, events: { enabled: true }, campaigns: [CAMPAIGN] },
    {},
    true,
  );
  const { endpoints } = pipeline.stack;
  for (const merchantId of MERCHANTS)
    await pipeline.registerMerchant({ merchantId, confirmationUrl: pipeline.merchant.url(`/${merchantId}`) });
  await pipeline.registerMerchant({ merchantId: "try", environment: "sandbox" });
  await putManifests();
  tokens = new AccessTokens(endpoints.issuer, AUDIENCE, join(pipeline.stateDirectory, "issuer.json"));
  send = overHttp(endpoints.api, tokens.tokenFor);
  const served = await callHttp(
    endpoints.api,
    { method: "GET", target: "/v1/openapi.json", headers: [], body: "" },
    undefined,
  );
  api = describedApi(JSON.parse(served.text) as object);
  guarded = api.operations.filter(({ scopes }) => scopes.length > 0);
  judge = new AnswerJudge(api);
  // On a busy machine a function that starts has no time left to ask the issuer in.
  await waitFor("the API takes access tokens", async () => {
    const { status } = await send({
      method: "GET",
      target: "/v1/merchants/shop",
      headers: [],
      body: undefined,
      bearer: COMPANY,
    });
    return status === 503 ? undefined : status;
  });
}, patienceMs(120_000));

afterAll(async () => {
  await pipeline?.stop();
}, patienceMs(30_000));

describe("the API over HTTP", () => {
  it("has each operation that there is access for, and no other", () => {
    expect(api.operations.map(({ operationId }) => operationId).toSorted()).toEqual(Object.keys(OPERATIONS).toSorted());
  });

  it(
    "answers each operation once with success",
    async () => {
      const failed: string[] = [];
      const parts = { api, send, bearer: COMPANY, confirmationUrl: pipeline.merchant.url("/story") };
      const done = await apiStory(parts, (request, answer) => {
        if (answer.status >= 400) failed.push(`${request.method} ${request.target}: ${answer.status} ${answer.text}`);
        failed.push(...judge.faultsOf(request, answer).map((fault) => `${request.method} ${request.target}: ${fault}`));
      });
      expect(failed).toEqual([]);
      expect([...done].toSorted()).toEqual(api.operations.map(({ operationId }) => operationId).toSorted());
    },
    patienceMs(240_000),
  );

  it(
    "lets nobody in by a token that does not hold",
    async () => {
      const wrong: string[] = [];
      for (const [what, authorization] of Object.entries(await tokens.refused(ALL_SCOPES)))
        for (const operation of guarded) {
          const request = exampleRequest(api, operation);
          const answer = await callHttp(pipeline.stack.endpoints.api, request, authorization);
          wrong.push(
            ...faultsOf({ ...request, bearer: null }, answer, 401, "API_UNAUTHENTICATED").map(
              (fault) => `${what}, ${operation.operationId}: ${fault}`,
            ),
          );
        }
      expect(wrong).toEqual([]);
    },
    patienceMs(240_000),
  );

  it(
    "asks for a scope of the operation, and takes no other",
    async () => {
      const wrong: string[] = [];
      for (const operation of guarded) {
        const others = ALL_SCOPES.filter((scope) => !operation.scopes.includes(scope));
        for (const scopes of [...others.map((scope) => [scope]), others]) {
          const request = { ...exampleRequest(api, operation), bearer: { scopes } };
          wrong.push(
            ...faultsOf(request, await send(request), 403, "API_SCOPE_MISSING").map(
              (fault) => `${operation.operationId} with ${scopes.join(" ")}: ${fault}`,
            ),
          );
        }
      }
      expect(wrong).toEqual([]);
    },
    patienceMs(240_000),
  );

  it(
    "shows a token of one merchant nothing of another's",
    async () => {
      expect(await merchantFilterFaults(await parties())).toEqual([]);
    },
    patienceMs(240_000),
  );

  it.each(Object.keys(PLANTED_OMISSIONS))(
    "would be seen with %s",
    async (what) => {
      const omission = PLANTED_OMISSIONS[what];
      if (omission === undefined) throw new Error(`there is no omission ${what}`);
      const faults = await merchantFilterFaults({ ...(await parties()), send: omission.plant(send) });
      expect(faults).toContainEqual(expect.stringMatching(omission.seenAt));
    },
    patienceMs(240_000),
  );

  it(
    "answers generated requests as its document says",
    async () => {
      const { fault } = await hunt({
        api,
        send,
        requests: SOME_REQUESTS,
        seed: 1,
        allScopes: ALL_SCOPES,
        merchantIds: ["shop", "rival"],
        seeds: { merchantId: ["shop", "rival"], transactionId: ["of-shop", "of-rival"] },
      });
      expect(fault).toBeUndefined();
    },
    patienceMs(240_000),
  );
});

async function testEvent(merchantId: string): Promise<string> {
  const target = `/v1/merchants/${merchantId}/test`;
  const { text } = await send({ method: "POST", target, headers: [], body: undefined, bearer: COMPANY });
  return (JSON.parse(text) as { readonly jobId: string }).jobId;
}

/** As the audit of a day that is long over leaves them. */
async function putManifests(): Promise<void> {
  const { region, credentials, endpoints, outputs } = pipeline.stack;
  const s3 = new S3Client({ region, credentials, endpoint: endpoints.s3, forcePathStyle: true });
  for (const merchantId of [...MERCHANTS, "story"])
    await s3.send(
      new PutObjectCommand({
        Bucket: outputs["ManifestsBucketName"],
        Key: manifestKey(merchantId, MANIFEST_DAY, "manifest-1.jsonl"),
        Body: "{}\n",
      }),
    );
  s3.destroy();
}

/** A merchant's token, and what is there of it and of another. */
async function parties(): Promise<FilterParties> {
  const day = MANIFEST_DAY;
  const [ownJob, anothersJob] = [await testEvent("shop"), await testEvent("rival")];
  const refused = Object.entries(OPERATIONS).flatMap(([id, { narrowed }]) => (narrowed === "refused" ? [id] : []));
  return {
    api,
    send,
    bearer: { scopes: ALL_SCOPES, merchantId: "shop" },
    own: { merchantId: "shop", transactionId: "of-shop", jobId: ownJob, day },
    anothers: { merchantId: "rival", transactionId: "of-rival", jobId: anothersJob, day },
    missing: { merchantId: "nobody", transactionId: "of-nobody", jobId: randomUUID(), day },
    refused: new Set(refused),
    examples: storyExamples(pipeline.merchant.url("/story")),
  };
}

function faultsOf(request: SentRequest, answer: Answer, status: number, code: string): string[] {
  const faults = judge.faultsOf(request, answer);
  if (answer.status !== status || !answer.text.includes(`"${code}"`))
    faults.push(`${answer.status} ${answer.text.slice(0, 200)}`);
  return faults;
}
