/**
 * `PUT` and `DELETE /v1/merchants/{merchantId}/oauth2`: where the token of a merchant's calls comes from. The address
 * is checked as any destination is; only the program that delivers ever calls it.
 */
import type { ApiApp } from "../../../core/api/api-app.ts";
import { ApiError } from "../../../core/api/api-error.ts";
import { removeOAuth2Route, setOAuth2Route } from "../../../core/api/connection-routes.ts";
import type { AddressGuard } from "../../../core/delivery/address-guard.ts";
import { parseDestination } from "../../../core/delivery/destination.ts";
import { AUTH_METHODS, readSealed } from "../../../core/merchant/connection/sealed-connection.ts";
import { CONNECTION_PURPOSES } from "../../../core/signing/imported-secret.ts";
import { authorizedTwice, changeConnection, merchantToConnect } from "../change-connection.ts";
import type { KeyHolder } from "../key-holder.ts";

/** How a failure's reason begins. */
const NAMED = /^confirmationUrl: /;

export function oauth2Client(app: ApiApp, holder: KeyHolder): void {
  app.openapi(setOAuth2Route, async (c) => {
    const { merchantId } = c.req.valid("param");
    const { tokenUrl, clientId, clientSecret, authMethod = AUTH_METHODS[0], scope, audience } = c.req.valid("json");
    checkTokenUrl(tokenUrl, holder.guard);
    const row = await merchantToConnect(holder, merchantId);
    if (readSealed(row, []).secretHeaders?.names.includes("authorization") === true) throw authorizedTwice();
    const encrypted = await holder.sealSecret(merchantId, clientSecret, CONNECTION_PURPOSES.clientSecret);
    const value = {
      M: {
        tokenUrl: { S: tokenUrl },
        clientId: { S: clientId },
        encryptedClientSecret: { B: encrypted },
        authMethod: { S: authMethod },
        ...(scope !== undefined && { scope: { S: scope } }),
        ...(audience !== undefined && { audience: { S: audience } }),
      },
    };
    const change = { action: "setOAuth2Client", part: "oauth2", value } as const;
    return c.json(await changeConnection(c, holder, row, change), 200);
  });
  app.openapi(removeOAuth2Route, async (c) => {
    const row = await merchantToConnect(holder, c.req.valid("param").merchantId);
    const change = { action: "removeOAuth2Client", part: "oauth2", value: undefined } as const;
    return c.json(await changeConnection(c, holder, row, change), 200);
  });
}

/** @throws ApiError API_BODY_INVALID */
function checkTokenUrl(tokenUrl: string, guard: AddressGuard): void {
  const destination = parseDestination(tokenUrl, guard);
  if (!("code" in destination)) return;
  const detail = destination.reason.replace(NAMED, "");
  throw new ApiError("API_BODY_INVALID", `tokenUrl: ${detail}`, { errors: [{ pointer: "/tokenUrl", detail }] });
}
