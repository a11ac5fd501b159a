/**
 * `PATCH /v1/merchants/{merchantId}`: a JSON Merge Patch (RFC 7396). Under `If-Match` of what was last seen, so that
 * nobody changes what he has not seen; without it the patch is applied to what is there.
 */
import { createRoute, z } from "@hono/zod-openapi";
import type { ApiApp, ApiContext } from "../../../../core/api/api-app.ts";
import { ApiError } from "../../../../core/api/api-error.ts";
import { access, principalIn, problems } from "../../../../core/api/operation.ts";
import { merchantResource } from "../../../../core/audit-log/audit-entry.ts";
import type { MerchantRegistry } from "../../../../core/aws/merchant-registry.ts";
import { callMessage } from "../../../../core/jobs/ask-for-call.ts";
import { withConsents } from "../../../../core/channels/consents.ts";
import { SANDBOX } from "../../../../core/merchant/merchant-environment.ts";
import { ORIGINS, originsOf } from "../../../../core/merchant/ownership.ts";
import type { AddressGuard } from "../../../../core/delivery/address-guard.ts";
import {
  attributesOf,
  CONTENT_NAMES,
  contentDifferences,
  contentOf,
  type ContentPatch,
  type MerchantContent,
  patched,
} from "../../../../core/merchant/merchant-content.ts";
import { type AttributeMap, stringOf } from "../../../../core/transaction/attribute-value.ts";
import { auditedContent, entryOf, tooContended } from "../../../../core/api/audited.ts";
import { type AcknowledgeBounds, acknowledgeWithin } from "./acknowledge-within.ts";
import { channelFaults, type ChannelParts, PLAN_ALONE } from "./channels/check-channels.ts";
import type { NewChannels } from "./channels/channels-schema.ts";
import { requireNone, urlFaults } from "./check-url.ts";
import {
  addressesToChallenge,
  askChallenge,
  type AskedChallenge,
  type ChallengeParts,
  challengedBy,
  challengesOf,
  ownershipWrite,
} from "./ownership/ask-challenge.ts";
import { existingMerchant } from "../../../../core/api/existing-merchant.ts";
import { merchantParam } from "../../../../core/api/merchant-param.ts";
import { merchantPatchSchema, merchantSchema } from "./merchant-schema.ts";
import { checkHeaders } from "./headers-schema.ts";
import { type GivenMirror, mirrorFor, requireNoMirrorMode } from "./mirror-of.ts";
import { isMatch, merchantView, tagOf } from "./merchant-view.ts";
import type { SandboxLimits } from "../../../../core/merchant/sandbox-limits.ts";

const ROUNDS = 3;
const body = { schema: merchantPatchSchema };

const route = createRoute({
  ...access("changeMerchant"),
  method: "patch",
  path: "/merchants/{merchantId}",
  tags: ["Merchants"],
  summary: "Change a merchant",
  description:
    "A JSON Merge Patch: what is null is taken away, what is left out stays as it is. Another address is challenged: " +
    "until it has answered, nothing is delivered there.",
  request: {
    params: merchantParam,
    headers: z.object({
      "if-match": z.string().min(1).optional().openapi({ description: "ETag of what was last seen" }),
    }),
    body: { required: true, content: { "application/merge-patch+json": body, "application/json": body } },
  },
  responses: {
    ...problems("changeMerchant", [404, 409, 412], true),
    200: {
      description: "The merchant as it is now",
      headers: z.object({ etag: z.string() }),
      content: { "application/json": { schema: merchantSchema } },
    },
  },
});

export interface ChangeParts extends ChallengeParts, ChannelParts {
  readonly registry: Pick<MerchantRegistry, "read" | "change">;
  readonly guard: AddressGuard;
  readonly sandbox: SandboxLimits;
  readonly acknowledgeBounds: AcknowledgeBounds;
}

export function changeMerchant(app: ApiApp, parts: ChangeParts): void {
  app.openapi(route, async (c) => {
    const { merchantId } = c.req.valid("param");
    const { channels, mirror, ...given } = c.req.valid("json");
    const patch = { ...given, ...acknowledgeWithin(given, parts.acknowledgeBounds) } as ContentPatch;
    const ifMatch = c.req.valid("header")["if-match"];
    const seen = await existingMerchant(parts, merchantId);
    requireNone([
      ...urlFaults(patch.confirmationUrl, parts.guard, "/confirmationUrl"),
      ...urlFaults(mirror?.url, parts.guard, "/mirror/url"),
      ...channelFaults(channels, parts),
    ]);
    const view = merchantView(
      await change(c, parts, { patch, channels, mirror }, seen, ifMatch),
      parts.sandbox,
      parts.nowMs(),
    );
    c.header("etag", tagOf(view));
    return c.json(view, 200);
  });
}

interface Change {
  /** All but channels. */
  readonly patch: ContentPatch;
  /** What is written of them depends on those that are there: null for none, undefined where they stay. */
  readonly channels: NewChannels | null | undefined;
  /** Likewise. */
  readonly mirror: GivenMirror | null | undefined;
}

function applied(wanted: Change, seen: AttributeMap, by: string, now: number): MerchantContent {
  const { channels, mirror } = wanted;
  const before = contentOf(seen);
  const version = stringOf(seen["secretKeyVersion"]);
  const patch =
    mirror === undefined ? wanted.patch : { ...wanted.patch, mirror: mirror && mirrorFor(mirror, before, version) };
  // A plan of nothing is none.
  if (channels === null) return patched(before, { ...patch, channels, plan: null });
  if (channels === undefined) return patched(before, patch);
  return patched(before, { ...patch, channels: withConsents(channels, before.channels, by, now) });
}

/** @returns the row as it is then */
async function change(
  c: ApiContext,
  parts: ChangeParts,
  wanted: Change,
  first: AttributeMap,
  ifMatch: string | undefined,
): Promise<AttributeMap> {
  let seen = first;
  const merchantId = seen["merchantId"]?.S ?? "";
  for (let round = 0; round < ROUNDS; round += 1) {
    if (!isMatch(ifMatch, tagOf(merchantView(seen, parts.sandbox, parts.nowMs()))))
      throw new ApiError(
        "API_VERSION_CONFLICT",
        "got an If-Match of another state of the merchant than it has; look at it, then send the change for that.",
      );
    const before = contentOf(seen);
    const after = applied(wanted, seen, principalIn(c).subject, parts.nowMs());
    if (after.mirror === undefined) requireNoMirrorMode(after.switches);
    if (wanted.patch.headers) checkHeaders(after.headers);
    if (wanted.patch.plan && after.channels === undefined) requireNone([PLAN_ALONE]);
    if (isUnchanged(seen, after)) return seen;
    requireSameOrLive(before, after);
    const seenOrigins = originsOf(seen);
    const asked = addressesToChallenge(before, after, seenOrigins).map((url) =>
      askChallenge(merchantId, url, principalIn(c).subject, parts),
    );
    const ownership =
      asked.length === 0 ? undefined : ownershipWrite(challengedBy(seenOrigins, asked, parts.nowMs()), asked);
    const entry = entryOf(c, actOf(merchantId, before, after, asked), parts.nowMs());
    if ((await parts.registry.change(seen, after, ownership, entry)).kind === "written") {
      for (const { jobId } of asked) await parts.sendCall(callMessage(jobId));
      return { ...without(seen), ...attributesOf(after), ...(ownership && { [ORIGINS]: ownership.origins }) };
    }
    seen = await existingMerchant(parts, merchantId);
  }
  throw tooContended("The merchant");
}

/** What is no content in the row is replaced too, since it comes to nothing that holds. */
function isUnchanged(row: AttributeMap, content: MerchantContent): boolean {
  const wanted = attributesOf(content);
  return (
    contentDifferences(contentOf(row), content).length === 0 &&
    CONTENT_NAMES.every((name) => (row[name] === undefined) === (wanted[name] === undefined))
  );
}

/** What is live stays so: else whoever may change a merchant could have it delivered to without a challenge. */
function requireSameOrLive(before: MerchantContent, after: MerchantContent): void {
  if (before.environment === SANDBOX || after.environment !== SANDBOX) return;
  throw new ApiError(
    "API_MERCHANT_CONFLICT",
    "got a live merchant that is to be of the sandbox, expected one that stays live; register another one.",
  );
}

function actOf(merchantId: string, before: MerchantContent, after: MerchantContent, asked: readonly AskedChallenge[]) {
  const changed = new Set<string>(contentDifferences(before, after));
  const only = (content: MerchantContent): MerchantContent =>
    Object.fromEntries(Object.entries(content).filter(([name]) => changed.has(name)));
  return {
    action: "changeMerchant",
    resource: merchantResource(merchantId),
    before: auditedContent(only(before)),
    after: { ...auditedContent(only(after)), ...challengesOf(asked) },
  } as const;
}

function without(row: AttributeMap): AttributeMap {
  const names = new Set<string>(CONTENT_NAMES);
  return Object.fromEntries(Object.entries(row).filter(([name]) => !names.has(name)));
}
