/**
 * `POST /v1/merchants`: a merchant, with keys of its own from then on. Sent again with the same content it gets the
 * same answer; another content under its id is a conflict that names what differs.
 */
import { randomBytes } from "node:crypto";
import { createRoute, z } from "@hono/zod-openapi";
import type { ApiApp } from "../../../../core/api/api-app.ts";
import { ApiError } from "../../../../core/api/api-error.ts";
import { access, principalIn, problems } from "../../../../core/api/operation.ts";
import { type AuditEntry, merchantResource } from "../../../../core/audit-log/audit-entry.ts";
import type { MerchantRegistry } from "../../../../core/aws/merchant-registry.ts";
import type { AddressGuard } from "../../../../core/delivery/address-guard.ts";
import {
  attributesOf,
  contentDifferences,
  contentOf,
  type MerchantContent,
  patched,
} from "../../../../core/merchant/merchant-content.ts";
import { challenged } from "../../../../core/merchant/ask-origins.ts";
import { ORIGINS, type Origins } from "../../../../core/merchant/ownership.ts";
import { whyNotYours } from "../../../../core/merchant/reserved-ids.ts";
import { isDeleted } from "../../../../core/merchant/tombstone.ts";
import type { AttributeMap } from "../../../../core/transaction/attribute-value.ts";
import { auditedContent, entryOf } from "../../../../core/api/audited.ts";
import { type AcknowledgeBounds, acknowledgeWithin } from "./acknowledge-within.ts";
import { checkUrl } from "./check-url.ts";
import {
  askChallenge,
  type AskedChallenge,
  type ChallengeParts,
  needsChallenge,
  ownershipWrite,
  sendChallenges,
} from "./ownership/ask-challenge.ts";
import { merchantSchema, newMerchantSchema } from "./merchant-schema.ts";
import { merchantView, tagOf } from "./merchant-view.ts";
import type { SandboxLimits } from "../../../../core/merchant/sandbox-limits.ts";

const SALT_BYTES = 16;

const route = createRoute({
  ...access("registerMerchant"),
  method: "post",
  path: "/merchants",
  tags: ["Merchants"],
  summary: "Register a merchant",
  description:
    "Its keys are derived from then on; `POST …/secret` reveals what it verifies with. The same content under the " +
    "same id gets the same answer again. An address is challenged: until it has answered, nothing is delivered there.",
  request: { body: { required: true, content: { "application/json": { schema: newMerchantSchema } } } },
  responses: {
    ...problems("registerMerchant", [409], true),
    201: {
      description: "It is registered",
      headers: z.object({ location: z.string(), etag: z.string() }),
      content: { "application/json": { schema: merchantSchema } },
    },
  },
});

export interface RegisterParts extends ChallengeParts {
  readonly registry: Pick<MerchantRegistry, "read" | "register" | "revive">;
  readonly guard: AddressGuard;
  readonly sandbox: SandboxLimits;
  readonly acknowledgeBounds: AcknowledgeBounds;
}

export function registerMerchant(app: ApiApp, parts: RegisterParts): void {
  const { guard, nowMs } = parts;
  app.openapi(route, async (c) => {
    const { merchantId, acknowledgement, ...given } = c.req.valid("json");
    const content = patched({}, { ...given, ...acknowledgeWithin({ acknowledgement }, parts.acknowledgeBounds) });
    const why = whyNotYours(merchantId);
    if (why !== undefined) {
      const detail = `got an id ${why}, expected one of yours`;
      throw new ApiError("API_BODY_INVALID", `merchantId: ${detail}.`, {
        errors: [{ pointer: "/merchantId", detail }],
      });
    }
    checkUrl(content.confirmationUrl, guard);
    const asked =
      content.confirmationUrl !== undefined && needsChallenge(content)
        ? askChallenge(merchantId, content.confirmationUrl, principalIn(c).subject, parts)
        : undefined;
    const act = {
      action: "registerMerchant",
      resource: merchantResource(merchantId),
      after: { ...auditedContent(content), ...(asked !== undefined && { challenge: asked.jobId }) },
    } as const;
    const row = await register(parts, merchantId, content, asked, entryOf(c, act, nowMs()));
    await sendChallenges(row, parts);
    const view = merchantView(row, parts.sandbox);
    c.header("location", `/v1/merchants/${encodeURIComponent(merchantId)}`);
    c.header("etag", tagOf(view));
    return c.json(view, 201);
  });
}

/** @returns the row that is there then, be it from before */
async function register(
  { registry, nowMs }: RegisterParts,
  merchantId: string,
  content: MerchantContent,
  asked: AskedChallenge | undefined,
  entry: AuditEntry,
): Promise<AttributeMap> {
  const salt = randomBytes(SALT_BYTES).toString("base64");
  const none: Origins = new Map();
  const ownership = ownershipWrite(asked === undefined ? none : challenged(none, asked, nowMs()), asked);
  const result = await registry.register(merchantId, content, salt, ownership, entry);
  if (result.kind === "written")
    return {
      merchantId: { S: merchantId },
      ...attributesOf(content),
      [ORIGINS]: ownership.origins,
      secretSalt: { S: salt },
    };
  const there = result.row ?? {};
  if (!isDeleted(there)) return sameOrConflict(there, content);
  await registry.revive(there, content, ownership, entry);
  return sameOrConflict((await registry.read(merchantId)) ?? {}, content);
}

/** @throws ApiError API_MERCHANT_CONFLICT */
function sameOrConflict(row: AttributeMap, content: MerchantContent): AttributeMap {
  const differences = contentDifferences(contentOf(row), content);
  if (differences.length === 0) return row;
  throw new ApiError(
    "API_MERCHANT_CONFLICT",
    `got a merchant that is registered with another content: ${differences.join(", ")} differs. Change it with PATCH.`,
    { differences },
  );
}
