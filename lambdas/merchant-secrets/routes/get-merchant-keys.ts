/**
 * `GET /v1/merchants/{merchantId}/keys`: its public keys. They are made of the same keys as the secret, and so here.
 */
import type { ApiApp } from "../../../core/api/api-app.ts";
import { keysRoute } from "../../../core/api/secret-routes.ts";
import { type KeyHolder, keysView, merchantToKey } from "../key-holder.ts";

export function getMerchantKeys(app: ApiApp, holder: KeyHolder): void {
  app.openapi(keysRoute, async (c) => {
    const { merchant } = await merchantToKey(holder, c.req.valid("param").merchantId);
    return c.json(await keysView(holder, merchant), 200);
  });
}
