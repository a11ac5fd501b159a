/**
 * `POST /v1/merchants/{merchantId}/secret`: what a merchant verifies `v1` with. The audit log says so first: whoever
 * has seen a secret is in it, whatever happens after.
 */
import type { ApiApp } from "../../../core/api/api-app.ts";
import { ApiError } from "../../../core/api/api-error.ts";
import { entryOf } from "../../../core/api/audited.ts";
import { revealRoute } from "../../../core/api/secret-routes.ts";
import { merchantResource } from "../../../core/audit-log/audit-entry.ts";
import { mirrorOwner } from "../../../core/merchant/mirror.ts";
import type { SigningKey } from "../../../core/signing/merchant-keys.ts";
import { secretText } from "../../../core/signing/signature.ts";
import { type KeyHolder, keysFor, merchantToKey } from "../key-holder.ts";

const WITHOUT_MIRROR = new ApiError(
  "API_MERCHANT_CONFLICT",
  "got a merchant without a mirror, expected one that has an address for it; give it one with PATCH first.",
);

export function revealSecret(app: ApiApp, holder: KeyHolder): void {
  app.openapi(revealRoute, async (c) => {
    const { merchantId } = c.req.valid("param");
    const { of } = c.req.valid("query");
    const { merchant } = await merchantToKey(holder, merchantId);
    if (of === "mirror" && merchant.mirror === undefined) throw WITHOUT_MIRROR;
    const after = of === "mirror" ? { after: { of } } : {};
    const act = { action: "revealMerchantSecret", resource: merchantResource(merchantId), ...after } as const;
    await holder.audited.write(entryOf(c, act, holder.nowMs()));
    if (of === "mirror" && merchant.mirror !== undefined) {
      const [own] = await keysFor(holder, mirrorOwner(merchantId, merchant.mirror), "v1");
      return c.json({ merchantId, secret: textOf(own) ?? "" }, 200);
    }
    const [current, previous] = await keysFor(holder, merchant, "v1");
    const secret = textOf(current);
    if (secret === undefined) throw new ApiError("API_FAILED", "No secret came of the keys of the merchant.");
    const before = textOf(previous);
    return c.json(
      {
        merchantId,
        secret,
        ...(before !== undefined && {
          previous: { secret: before, until: new Date(previous?.until ?? 0).toISOString() },
        }),
      },
      200,
    );
  });
}

function textOf(key: SigningKey | undefined): string | undefined {
  return key?.scheme === "v1" ? secretText(key.key.secret) : undefined;
}
