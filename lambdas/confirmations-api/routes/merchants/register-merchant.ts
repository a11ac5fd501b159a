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
import { withConsents } from "../../../../core/channels/consents.ts";
import { ORIGINS } from "../../../../core/merchant/ownership.ts";
import { whyNotYours } from "../../../../core/merchant/reserved-ids.ts";
import type { Mirror } from "../../../../core/merchant/mirror.ts";
import type { Mode } from "../../../../core/merchant/modes.ts";
import { aroundNow, firstSwitches } from "../../../../core/merchant/switch-mode.ts";
import { isDeleted } from "../../../../core/merchant/tombstone.ts";
import type { AttributeMap } from "../../../../core/transaction/attribute-value.ts";
import { auditedContent, entryOf } from "../../../../core/api/audited.ts";
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
  sendChallenges,
} from "./ownership/ask-challenge.ts";
import { merchantSchema, newMerchantSchema } from "./merchant-schema.ts";
import { type GivenMirror, mirrorFor } from "./mirror-of.ts";
import { merchantView, tagOf } from "./merchant-view.ts";
import type { SandboxLimits } from "../../../../core/merchant/sandbox-limits.ts";

const SALT_BYTES = 16;
const WITHOUT_MIRROR = { pointer: "/mirror", detail: "got none beside the mode mirror, expected its address" } as const;

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

export interface RegisterParts extends ChallengeParts, ChannelParts {
  readonly registry: Pick<MerchantRegistry, "read" | "register" | "revive">;
  readonly guard: AddressGuard;
  readonly sandbox: SandboxLimits;
  readonly acknowledgeBounds: AcknowledgeBounds;
}

export function registerMerchant(app: ApiApp, parts: RegisterParts): void {
  const { guard, nowMs } = parts;
  app.openapi(route, async (c) => {
    const { merchantId, acknowledgement, channels, mode, mirror, ...given } = c.req.valid("json");
    const { subject } = principalIn(c);
    const now = nowMs();
    const acknowledged = acknowledgeWithin({ acknowledgement }, parts.acknowledgeBounds);
    const plain = patched({}, { ...given, ...acknowledged });
    let made: Mirror | undefined;
    const newMirror = (address: GivenMirror) => (made ??= mirrorFor(address, {}));
    const contentBeside = (before: MerchantContent): MerchantContent => ({
      ...plain,
      ...(channels !== undefined && { channels: withConsents(channels, before.channels, subject, now) }),
      ...switchesBeside(before, mode, now),
      ...(mirror !== undefined && { mirror: before.mirror?.url === mirror.url ? before.mirror : newMirror(mirror) }),
    });
    const why = whyNotYours(merchantId);
    if (why !== undefined) {
      const detail = `got an id ${why}, expected one of yours`;
      throw new ApiError("API_BODY_INVALID", `merchantId: ${detail}.`, {
        errors: [{ pointer: "/merchantId", detail }],
      });
    }
    requireNone([
      ...urlFaults(plain.confirmationUrl, guard, "/confirmationUrl"),
      ...urlFaults(mirror?.url, guard, "/mirror/url"),
      ...(mode === "mirror" && mirror === undefined ? [WITHOUT_MIRROR] : []),
      ...channelFaults(channels, parts),
      ...planFaults(plain, channels),
    ]);
    const content = contentBeside({});
    const asked = addressesToChallenge({}, content, undefined).map((url) =>
      askChallenge(merchantId, url, subject, parts),
    );
    const act = {
      action: "registerMerchant",
      resource: merchantResource(merchantId),
      after: { ...auditedContent(content), ...challengesOf(asked) },
    } as const;
    const row = await register(parts, merchantId, contentBeside, asked, entryOf(c, act, now));
    await sendChallenges(row, parts);
    const view = merchantView(row, parts.sandbox, now);
    c.header("location", `/v1/merchants/${encodeURIComponent(merchantId)}`);
    c.header("etag", tagOf(view));
    return c.json(view, 201);
  });
}

/** One that was switched since it was registered is the same, as long as it is under the mode that is given. */
function switchesBeside(
  { switches }: MerchantContent,
  mode: Mode | undefined,
  now: number,
): Pick<MerchantContent, "switches"> {
  const isSame = mode === undefined || aroundNow(switches, now).current.mode === mode;
  const there = isSame && switches !== undefined ? switches : firstSwitches(mode);
  return there === undefined ? {} : { switches: there };
}

/** @returns the row that is there then, be it from before */
async function register(
  { registry, nowMs }: RegisterParts,
  merchantId: string,
  contentBeside: (before: MerchantContent) => MerchantContent,
  asked: readonly AskedChallenge[],
  entry: AuditEntry,
): Promise<AttributeMap> {
  const salt = randomBytes(SALT_BYTES).toString("base64");
  const content = contentBeside({});
  const ownership = ownershipWrite(challengedBy(new Map(), asked, nowMs()), asked);
  const result = await registry.register(merchantId, content, salt, ownership, entry);
  if (result.kind === "written")
    return {
      merchantId: { S: merchantId },
      ...attributesOf(content),
      [ORIGINS]: ownership.origins,
      secretSalt: { S: salt },
    };
  const there = result.row ?? {};
  if (!isDeleted(there)) return sameOrConflict(there, contentBeside);
  await registry.revive(there, content, ownership, entry);
  return sameOrConflict((await registry.read(merchantId)) ?? {}, contentBeside);
}

function planFaults({ plan }: MerchantContent, channels: NewChannels | undefined) {
  return plan === undefined || channels !== undefined ? [] : [PLAN_ALONE];
}

/** @throws ApiError API_MERCHANT_CONFLICT */
function sameOrConflict(row: AttributeMap, contentBeside: (before: MerchantContent) => MerchantContent): AttributeMap {
  const there = contentOf(row);
  const differences = contentDifferences(there, contentBeside(there));
  if (differences.length === 0) return row;
  throw new ApiError(
    "API_MERCHANT_CONFLICT",
    `got a merchant that is registered with another content: ${differences.join(", ")} differs. Change it with PATCH.`,
    { differences },
  );
}
