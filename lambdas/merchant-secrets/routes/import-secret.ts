/**
 * `PUT /v1/merchants/{merchantId}/secret`: a secret that a merchant brought along, sealed as this merchant's. What it
 * has already is no change, so that it may be sent again.
 */
import type { ApiApp } from "../../../core/api/api-app.ts";
import { ApiError } from "../../../core/api/api-error.ts";
import { importRoute } from "../../../core/api/secret-routes.ts";
import { importUpdate } from "../../../core/signing/key-rotation.ts";
import { KeyError, parseSecret } from "../../../core/signing/signature.ts";
import { changeKeys } from "../change-keys.ts";
import { type KeyHolder, keysFor, keysView, merchantToKey } from "../key-holder.ts";

export function importSecret(app: ApiApp, holder: KeyHolder): void {
  app.openapi(importRoute, async (c) => {
    const { merchantId } = c.req.valid("param");
    const { secret, overlapHours, force } = c.req.valid("json");
    const bytes = bytesOf(secret);
    const found = await merchantToKey(holder, merchantId);
    const { row, merchant } = found;
    const [current] = await keysFor(holder, merchant, "v1");
    if (current?.scheme === "v1" && current.key.secret.equals(bytes))
      return c.json(await keysView(holder, merchant), 200);
    const view = await changeKeys(c, holder, found, {
      action: "importMerchantSecret",
      overlapHours,
      force,
      secretAfter: "imported",
      update: async (overlapMs, now) =>
        importUpdate(row, merchant, {
          encryptedSecret: await holder.sealSecret(merchantId, secret),
          ...(merchant.secret !== undefined && {
            encryptedBefore: await holder.sealSecret(merchantId, merchant.secret),
          }),
          overlapMs,
          now,
        }),
    });
    return c.json(view, 200);
  });
}

/** Never shown, not even if it is wrong. @throws ApiError API_BODY_INVALID */
function bytesOf(secret: string): Buffer {
  try {
    return parseSecret(secret);
  } catch (error) {
    if (!(error instanceof KeyError)) throw error;
    throw new ApiError("API_BODY_INVALID", error.message, { errors: [{ pointer: "/secret", detail: error.message }] });
  }
}
