/**
 * Reveals, imports and rotates secrets of merchants, takes those of their connections, and shows their public keys.
 * Nothing but its routes is here.
 */
import { type ApiApp, apiApp, type ApiAppOptions } from "../../core/api/api-app.ts";
import type { KeyHolder } from "./key-holder.ts";
import { clientCertificate } from "./routes/client-certificate.ts";
import { getMerchantKeys } from "./routes/get-merchant-keys.ts";
import { importSecret } from "./routes/import-secret.ts";
import { oauth2Client } from "./routes/oauth2-client.ts";
import { revealSecret } from "./routes/reveal-secret.ts";
import { rotateKeys } from "./routes/rotate-keys.ts";
import { secretHeaders } from "./routes/secret-headers.ts";

/** A client certificate with those that vouch for it, and its key. */
const MAX_BODY_BYTES = 40_000;

export interface MerchantSecretsParts extends Pick<ApiAppOptions, "logError"> {
  readonly holder: KeyHolder;
}

export function merchantSecrets({ logError, holder }: MerchantSecretsParts): ApiApp {
  const app = apiApp({ logError, maxBodyBytes: MAX_BODY_BYTES });
  revealSecret(app, holder);
  importSecret(app, holder);
  rotateKeys(app, holder);
  getMerchantKeys(app, holder);
  clientCertificate(app, holder);
  oauth2Client(app, holder);
  secretHeaders(app, holder);
  return app;
}
