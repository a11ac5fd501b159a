/** What one changes of a merchant, each a call of the API. */
import type { Api, Schemas } from "../../api/api.ts";

export type Patch = Schemas["MerchantPatch"];
type Rotation = Schemas["Rotation"];

function of(merchantId: string) {
  return { path: { merchantId } };
}

export function change(api: Api, merchantId: string, body: Patch): Promise<unknown> {
  return api.ask((client) => client.PATCH("/v1/merchants/{merchantId}", { params: of(merchantId), body }));
}

export function enableUrl(api: Api, merchantId: string, url: string): Promise<unknown> {
  return api.ask((client) =>
    client.POST("/v1/merchants/{merchantId}/enable", { params: of(merchantId), body: { url } }),
  );
}

export function disableUrl(api: Api, merchantId: string, url: string): Promise<unknown> {
  return api.ask((client) =>
    client.POST("/v1/merchants/{merchantId}/disable", { params: of(merchantId), body: { url } }),
  );
}

export function verify(api: Api, merchantId: string): Promise<Schemas["MerchantTest"]> {
  return api.ask((client) => client.POST("/v1/merchants/{merchantId}/verify", { params: of(merchantId), body: {} }));
}

export function readVerification(
  api: Api,
  merchantId: string,
  jobId: string,
  signal: AbortSignal,
): Promise<Schemas["MerchantTest"]> {
  const params = { path: { merchantId, jobId } };
  return api.ask((client) => client.GET("/v1/merchants/{merchantId}/verify/{jobId}", { params, signal }));
}

export function rotate(api: Api, merchantId: string, body: Rotation): Promise<unknown> {
  return api.ask((client) => client.POST("/v1/merchants/{merchantId}/rotate", { params: of(merchantId), body }));
}

export function importSecret(api: Api, merchantId: string, body: Schemas["SecretToImport"]): Promise<unknown> {
  return api.ask((client) => client.PUT("/v1/merchants/{merchantId}/secret", { params: of(merchantId), body }));
}

export function setCertificate(api: Api, merchantId: string, body: Schemas["ClientCertificate"]): Promise<unknown> {
  return api.ask((client) =>
    client.PUT("/v1/merchants/{merchantId}/client-certificate", { params: of(merchantId), body }),
  );
}

export function removeCertificate(api: Api, merchantId: string): Promise<unknown> {
  return api.ask((client) =>
    client.DELETE("/v1/merchants/{merchantId}/client-certificate", { params: of(merchantId) }),
  );
}

export function setOAuth2(api: Api, merchantId: string, body: Schemas["OAuth2Client"]): Promise<unknown> {
  return api.ask((client) => client.PUT("/v1/merchants/{merchantId}/oauth2", { params: of(merchantId), body }));
}

export function removeOAuth2(api: Api, merchantId: string): Promise<unknown> {
  return api.ask((client) => client.DELETE("/v1/merchants/{merchantId}/oauth2", { params: of(merchantId) }));
}

export function setSecretHeaders(
  api: Api,
  merchantId: string,
  headers: Readonly<Record<string, string>>,
): Promise<unknown> {
  return api.ask((client) =>
    client.PUT("/v1/merchants/{merchantId}/secret-headers", { params: of(merchantId), body: { headers } }),
  );
}

export function removeSecretHeaders(api: Api, merchantId: string): Promise<unknown> {
  return api.ask((client) => client.DELETE("/v1/merchants/{merchantId}/secret-headers", { params: of(merchantId) }));
}
