/** `PUT` and `DELETE /v1/merchants/{merchantId}/secret-headers`: headers of its webhooks that nobody is shown. */
import type { ApiApp } from "../../../core/api/api-app.ts";
import { ApiError } from "../../../core/api/api-error.ts";
import { removeSecretHeadersRoute, setSecretHeadersRoute } from "../../../core/api/connection-routes.ts";
import { normalHeaders } from "../../../core/merchant/connection/header-rules.ts";
import { CONNECTION_PURPOSES } from "../../../core/signing/imported-secret.ts";
import { authorizedTwice, changeConnection, merchantToConnect } from "../change-connection.ts";
import type { KeyHolder } from "../key-holder.ts";

/** What KMS encrypts. */
const MOST_BYTES = 4096;

export function secretHeaders(app: ApiApp, holder: KeyHolder): void {
  app.openapi(setSecretHeadersRoute, async (c) => {
    const { merchantId } = c.req.valid("param");
    const headers = normalHeaders(c.req.valid("json").headers);
    const names = Object.keys(headers);
    const text = JSON.stringify(headers);
    if (Buffer.byteLength(text) > MOST_BYTES) {
      const detail = `got more than ${MOST_BYTES} bytes as JSON, expected fewer or shorter ones`;
      throw new ApiError("API_BODY_INVALID", `headers: ${detail}.`, { errors: [{ pointer: "/headers", detail }] });
    }
    const row = await merchantToConnect(holder, merchantId);
    if (names.includes("authorization") && row["oauth2"] !== undefined) throw authorizedTwice();
    const encrypted = await holder.sealSecret(merchantId, text, CONNECTION_PURPOSES.secretHeaders);
    const value = { M: { names: { SS: names }, encrypted: { B: encrypted } } };
    const change = { action: "setSecretHeaders", part: "secretHeaders", value } as const;
    return c.json(await changeConnection(c, holder, row, change), 200);
  });
  app.openapi(removeSecretHeadersRoute, async (c) => {
    const row = await merchantToConnect(holder, c.req.valid("param").merchantId);
    const change = { action: "removeSecretHeaders", part: "secretHeaders", value: undefined } as const;
    return c.json(await changeConnection(c, holder, row, change), 200);
  });
}
