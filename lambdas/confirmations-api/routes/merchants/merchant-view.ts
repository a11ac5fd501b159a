/** From a row of the Merchants table to what the API shows of it, and its entity tag. */
import { hash } from "node:crypto";
import { connectionView } from "../../../../core/api/connection-view.ts";
import { contentOf, effective } from "../../../../core/merchant/merchant-content.ts";
import { parseMerchant } from "../../../../core/merchant/merchant.ts";
import { type AttributeMap, numberOf, stringOf } from "../../../../core/transaction/attribute-value.ts";
import { LIVE, SANDBOX } from "../../../../core/merchant/merchant-environment.ts";
import type { SandboxLimits } from "../../../../core/merchant/sandbox-limits.ts";
import { CHANNEL_PLANS } from "../../../../core/channels/channel.ts";
import { channelsView } from "./channels/channels-schema.ts";
import { modesView } from "./modes-view.ts";
import { ownershipOf } from "./ownership/ownership-view.ts";
import { instantOf } from "../transactions/transaction-view.ts";
import type { MerchantView } from "./merchant-schema.ts";

const FIRST_KEY_VERSION = "1";
const TAG_LENGTH = 22;

/**
 * @param sandbox what merchants of the sandbox get at most
 * @param now epoch milliseconds
 */
export function merchantView(row: AttributeMap, sandbox: SandboxLimits, now: number): MerchantView {
  const parsed = parseMerchant(row);
  const { retryScheduleSeconds, signatures = [], environment = LIVE, ...others } = effective(contentOf(row));
  const { channels, plan = CHANNEL_PLANS[0], switches, mirror, ...content } = others;
  const isImported = row["secret"] !== undefined || row["encryptedSecret"] !== undefined;
  const previousKeyUntil = instantOf(numberOf(row["previousSecretUntil"]));
  return {
    merchantId: stringOf(row["merchantId"]) ?? "",
    ...content,
    ...(retryScheduleSeconds !== undefined && { retryScheduleSeconds: [...retryScheduleSeconds] }),
    signatures: [...signatures],
    ...connectionView(row),
    ...(channels !== undefined && { channels: channelsView(channels), plan }),
    environment,
    ...modesView(switches, now),
    ...(mirror !== undefined && { mirror: { url: mirror.url } }),
    ...(environment === SANDBOX && { limits: limitsOf(content, sandbox) }),
    ownership: ownershipOf(row),
    secret: isImported ? "imported" : "derived",
    secretKeyVersion: stringOf(row["secretKeyVersion"]) ?? FIRST_KEY_VERSION,
    ...(previousKeyUntil !== undefined && { previousKeyUntil }),
    ...("faults" in parsed && { faults: parsed.faults }),
  };
}

/**
 * Of what is shown, and of nothing else: who changes it under `If-Match` has seen all of it. Whose its addresses are is
 * left out: nobody changes that, and the answer to a challenge must not keep a change out. So are the limits, which
 * follow from settings too, and its mode, which time changes and no patch.
 */
export function tagOf({
  ownership: _ownership,
  limits: _limits,
  mode: _mode,
  liveFrom: _from,
  liveUntil: _until,
  switches: _switches,
  ...view
}: MerchantView): string {
  return `"${hash("sha256", JSON.stringify(view), "base64url").slice(0, TAG_LENGTH)}"`;
}

/** Whether a list of tags, or `*`, holds for what is there (RFC 9110, 13.1.1). */
export function isMatch(ifMatch: string | undefined, tag: string): boolean {
  if (ifMatch === undefined || ifMatch.trim() === "*") return true;
  return ifMatch.split(",").some((one) => one.trim() === tag);
}

function limitsOf(
  { rateLimitPerSecond, maxConcurrency }: Pick<MerchantView, "rateLimitPerSecond" | "maxConcurrency">,
  { ratePerSecond, concurrency }: SandboxLimits,
): NonNullable<MerchantView["limits"]> {
  return {
    rateLimitPerSecond: Math.min(rateLimitPerSecond ?? ratePerSecond, ratePerSecond),
    maxConcurrency: Math.min(maxConcurrency ?? concurrency, concurrency),
  };
}
