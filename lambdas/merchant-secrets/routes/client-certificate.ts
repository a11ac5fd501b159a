/** `PUT` and `DELETE /v1/merchants/{merchantId}/client-certificate`: who the pipeline is to a merchant's server. */
import type { ApiApp } from "../../../core/api/api-app.ts";
import { ApiError } from "../../../core/api/api-error.ts";
import { removeCertificateRoute, setCertificateRoute } from "../../../core/api/connection-routes.ts";
import { CONNECTION_PURPOSES } from "../../../core/signing/imported-secret.ts";
import { changeConnection, merchantToConnect } from "../change-connection.ts";
import { checkCertificate } from "../client-certificate.ts";
import type { KeyHolder } from "../key-holder.ts";

export function clientCertificate(app: ApiApp, holder: KeyHolder): void {
  app.openapi(setCertificateRoute, async (c) => {
    const { merchantId } = c.req.valid("param");
    const checked = checkCertificate(c.req.valid("json"), holder.nowMs());
    if ("member" in checked) {
      const { member, detail } = checked;
      throw new ApiError("API_BODY_INVALID", `${member}: ${detail}.`, { errors: [{ pointer: `/${member}`, detail }] });
    }
    const row = await merchantToConnect(holder, merchantId);
    const { certificate, privateKey, fingerprint, subject, notAfter } = checked;
    const encryptedKey = await holder.sealSecret(merchantId, privateKey, CONNECTION_PURPOSES.clientKey);
    const value = {
      M: {
        certificate: { S: certificate },
        encryptedKey: { B: encryptedKey },
        fingerprint: { S: fingerprint },
        subject: { S: subject },
        notAfter: { N: String(notAfter) },
      },
    };
    return c.json(
      await changeConnection(c, holder, row, { action: "setClientCertificate", part: "clientCertificate", value }),
      200,
    );
  });
  app.openapi(removeCertificateRoute, async (c) => {
    const row = await merchantToConnect(holder, c.req.valid("param").merchantId);
    const change = { action: "removeClientCertificate", part: "clientCertificate", value: undefined } as const;
    return c.json(await changeConnection(c, holder, row, change), 200);
  });
}
