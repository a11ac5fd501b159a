/**
 * A change of a merchant's keys with its entry of the audit log, which says which kind of key it has and until when the
 * one before signs: nothing of either. Refused where an overlap would end at once, unless it is forced, and where
 * somebody else changed the keys meanwhile.
 */
import type { OperationId } from "../../core/access/operations.ts";
import type { ApiContext } from "../../core/api/api-app.ts";
import { ApiError } from "../../core/api/api-error.ts";
import { entryOf } from "../../core/api/audited.ts";
import { DEFAULT_OVERLAP_HOURS, type MerchantKeysView } from "../../core/api/secret-routes.ts";
import { merchantResource } from "../../core/audit-log/audit-entry.ts";
import type { Merchant } from "../../core/merchant/merchant.ts";
import { overlapUntil, type RotationUpdate } from "../../core/signing/key-rotation.ts";
import { type FoundMerchant, type KeyHolder, keysView, merchantToKey } from "./key-holder.ts";

const HOUR_MS = 3_600_000;

export interface KeyChange {
  readonly action: OperationId;
  readonly overlapHours: number | undefined;
  readonly force: boolean | undefined;
  readonly secretAfter: "derived" | "imported";
  readonly update: (overlapMs: number, now: number) => Promise<RotationUpdate>;
}

export async function changeKeys(
  c: ApiContext,
  holder: KeyHolder,
  { merchant }: FoundMerchant,
  { action, overlapHours = DEFAULT_OVERLAP_HOURS, force = false, secretAfter, update }: KeyChange,
): Promise<MerchantKeysView> {
  const now = holder.nowMs();
  const { merchantId } = merchant;
  if (!force) requireNoOverlap(merchant, now);
  const overlapMs = overlapHours * HOUR_MS;
  const before = { secret: kindOf(merchant), secretKeyVersion: merchant.secretKeyVersion };
  const after = {
    secret: secretAfter,
    ...(overlapMs > 0 && { previousKeyUntil: new Date(Math.ceil(now + overlapMs)).toISOString() }),
  };
  const entry = entryOf(c, { action, resource: merchantResource(merchantId), before, after }, now);
  const result = await holder.registry.update(merchantId, entry, await update(overlapMs, now));
  if (result.kind === "refused")
    throw new ApiError(
      "API_MERCHANT_CONFLICT",
      "got a merchant whose keys somebody else changed at the same time; look at it, then change them again if " +
        "need be.",
    );
  return keysView(holder, (await merchantToKey(holder, merchantId)).merchant);
}

/** @throws ApiError API_MERCHANT_CONFLICT */
function requireNoOverlap(merchant: Merchant, now: number): void {
  const until = overlapUntil(merchant, now);
  if (until === undefined) return;
  throw new ApiError(
    "API_MERCHANT_CONFLICT",
    `got a merchant whose key before signs too until ${new Date(until).toISOString()}, which would end at once; ` +
      'wait, or send "force": true.',
  );
}

function kindOf({ secret, encryptedSecret }: Merchant): "derived" | "imported" {
  return secret === undefined && encryptedSecret === undefined ? "derived" : "imported";
}
