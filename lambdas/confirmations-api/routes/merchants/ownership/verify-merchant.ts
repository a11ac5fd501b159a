/**
 * `POST /v1/merchants/{merchantId}/verify` and `GET …/verify/{jobId}`: asks an address for the answer to a challenge,
 * once more, or for the first time where it is one of transactions' own. The program that delivers makes the call.
 */
import { createRoute, z } from "@hono/zod-openapi";
import type { ApiApp, ApiContext } from "../../../../../core/api/api-app.ts";
import { ApiError, notFound } from "../../../../../core/api/api-error.ts";
import { entryOf, tooContended } from "../../../../../core/api/audited.ts";
import { existingMerchant } from "../../../../../core/api/existing-merchant.ts";
import { merchantParam } from "../../../../../core/api/merchant-param.ts";
import { optionalBody } from "../../../../../core/api/optional-body.ts";
import { access, principalIn, problems } from "../../../../../core/api/operation.ts";
import { auditedUrl, merchantResource } from "../../../../../core/audit-log/audit-entry.ts";
import type { MerchantRegistry } from "../../../../../core/aws/merchant-registry.ts";
import type { AddressGuard } from "../../../../../core/delivery/address-guard.ts";
import { callMessage } from "../../../../../core/jobs/ask-for-call.ts";
import { asSeenAt, readMerchantCall } from "../../../../../core/jobs/merchant-call.ts";
import { askedAgain } from "../../../../../core/merchant/ask-origins.ts";
import { MOST_ORIGINS, originsOf } from "../../../../../core/merchant/ownership.ts";
import { type AttributeMap, stringOf } from "../../../../../core/transaction/attribute-value.ts";
import { callSchema, callView } from "../call-view.ts";
import { checkUrl } from "../check-url.ts";
import { urlSchema } from "../merchant-schema.ts";
import { askChallenge, type ChallengeParts, ownershipWrite } from "./ask-challenge.ts";

const ROUNDS = 4;
const ASK_AGAIN_SECONDS = "1";

const verifySchema = z
  .strictObject({ url: urlSchema.optional().meta({ description: "One of transactions' own; else the merchant's" }) })
  .openapi("AddressToVerify");
const content = { "application/json": { schema: callSchema } };

const verifying = access("verifyMerchant");
const askRoute = createRoute({
  ...verifying,
  middleware: [verifying.middleware, optionalBody],
  method: "post",
  path: "/merchants/{merchantId}/verify",
  tags: ["Merchants"],
  summary: "Challenge an address of a merchant",
  description:
    "One signed call of type `webhook.challenge`, to be answered with the HMAC of its nonce. What was verified " +
    "before stays so, whatever comes of it.",
  request: {
    params: merchantParam,
    body: { required: false, content: { "application/json": { schema: verifySchema } } },
  },
  responses: {
    ...problems("verifyMerchant", [404, 409], true),
    202: {
      description: "It is asked for; what comes of it is at `location`",
      headers: z.object({ location: z.string(), "retry-after": z.string() }),
      content,
    },
  },
});

const getRoute = createRoute({
  ...access("getMerchantVerification"),
  method: "get",
  path: "/merchants/{merchantId}/verify/{jobId}",
  tags: ["Merchants"],
  summary: "See what came of a challenge",
  description: "Its request and its answer, for seven days. Read consistently.",
  request: { params: merchantParam.extend({ jobId: z.string().min(1).max(64) }) },
  responses: { ...problems("getMerchantVerification", [404]), 200: { description: "The challenge", content } },
});

export interface VerifyParts extends ChallengeParts {
  readonly registry: Pick<MerchantRegistry, "read" | "changeOrigins">;
  readonly readJob: (jobId: string) => Promise<AttributeMap | undefined>;
  readonly guard: AddressGuard;
}

export function verifyMerchant(app: ApiApp, parts: VerifyParts): void {
  app.openapi(askRoute, async (c) => {
    const { merchantId } = c.req.valid("param");
    const { url } = c.req.valid("json");
    const jobId = await ask(c, parts, merchantId, url);
    await parts.sendCall(callMessage(jobId));
    c.header("location", `/v1/merchants/${encodeURIComponent(merchantId)}/verify/${jobId}`);
    c.header("retry-after", ASK_AGAIN_SECONDS);
    return c.json(await jobView(parts, merchantId, jobId), 202);
  });
  app.openapi(getRoute, async (c) => {
    const { merchantId, jobId } = c.req.valid("param");
    await existingMerchant(parts, merchantId);
    return c.json(await jobView(parts, merchantId, jobId), 200);
  });
}

async function jobView({ readJob, nowMs }: VerifyParts, merchantId: string, jobId: string) {
  const row = await readJob(jobId);
  const call = row === undefined ? undefined : readMerchantCall(row);
  if (call?.merchantId !== merchantId || call.kind !== "challenge") throw notFound("challenge");
  return callView(asSeenAt(call, nowMs()));
}

/** @returns the job's id */
async function ask(c: ApiContext, parts: VerifyParts, merchantId: string, given: string | undefined): Promise<string> {
  const { registry, guard, nowMs } = parts;
  for (let round = 0; round < ROUNDS; round += 1) {
    const row = await existingMerchant(parts, merchantId);
    const url = given ?? stringOf(row["confirmationUrl"]);
    if (url === undefined) throw noAddress();
    checkUrl(url, guard, "/url");
    const asked = askChallenge(merchantId, url, principalIn(c).subject, parts);
    const origins = askedAgain(originsOf(row), asked, nowMs());
    if (origins === undefined) throw tooManyOrigins();
    const after = { url: auditedUrl(url), jobId: asked.jobId };
    const act = { action: "verifyMerchant", resource: merchantResource(merchantId), after } as const;
    const entry = entryOf(c, act, nowMs());
    const result = await registry.changeOrigins(row, ownershipWrite(origins, [asked]), entry);
    if (result.kind === "written") return asked.jobId;
  }
  throw tooContended("The merchant");
}

export function noAddress(): ApiError {
  return new ApiError(
    "API_MERCHANT_CONFLICT",
    "got a merchant without an address of its own and no `url`, expected one of them; give the `url` of transactions.",
  );
}

export function tooManyOrigins(): ApiError {
  return new ApiError(
    "API_MERCHANT_CONFLICT",
    `got one more origin of a merchant that has ${MOST_ORIGINS}, expected at most as many.`,
  );
}
