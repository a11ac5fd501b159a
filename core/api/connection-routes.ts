/**
 * Routes of what a merchant's connection needs that is secret: `merchant-secrets` alone answers them, and they are in
 * the one document of the API all the same. What is set takes the place of what was there.
 */
import { createRoute, z } from "@hono/zod-openapi";
import type { OperationId } from "../access/operations.ts";
import { HEADER_LIMITS, headerFaults } from "../merchant/connection/header-rules.ts";
import { AUTH_METHODS } from "../merchant/connection/sealed-connection.ts";
import type { ApiApp } from "./api-app.ts";
import { connectionMembers } from "./connection-view.ts";
import { headerNamesSchema, headerValueSchema } from "./header-schema.ts";
import { merchantParam } from "./merchant-param.ts";
import { access, problems } from "./operation.ts";

export const MAX_CERTIFICATE_LENGTH = 16_384;
const MAX_KEY_LENGTH = 16_384;
const MAX_URL_LENGTH = 2048;
/** RFC 6749, appendix A: visible ASCII and spaces; scopes without quotes and backslashes. */
const VISIBLE = /^[\x20-\x7e]+$/;
const SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]+(?: [\x21\x23-\x5b\x5d-\x7e]+)*$/;

const connectionSchema = z.strictObject({ merchantId: z.string(), ...connectionMembers }).openapi("MerchantConnection");

const certificateSchema = z
  .strictObject({
    certificate: z
      .string()
      .min(1)
      .max(MAX_CERTIFICATE_LENGTH)
      .meta({ description: "PEM: the certificate, then those that vouch for it, each by the next; without the root" }),
    privateKey: z
      .string()
      .min(1)
      .max(MAX_KEY_LENGTH)
      .meta({ description: "PEM, without a passphrase; never shown in an answer that refuses it" }),
  })
  .openapi("ClientCertificate");

const oauth2Schema = z
  .strictObject({
    tokenUrl: z
      .string()
      .min(1)
      .max(MAX_URL_LENGTH)
      .refine((value) => value.isWellFormed(), "expected well-formed Unicode")
      .meta({ description: "Where tokens are had; may be called like any destination", format: "uri" }),
    clientId: z.string().max(256).regex(VISIBLE, "expected visible ASCII and spaces"),
    clientSecret: z.string().max(1024).regex(VISIBLE, "expected visible ASCII and spaces"),
    authMethod: z
      .enum(AUTH_METHODS)
      .optional()
      .meta({ description: `How the secret is sent; ${AUTH_METHODS[0]} where nothing is said` }),
    scope: z.string().max(1000).regex(SCOPE, "expected scopes with one space between them").optional(),
    audience: z.string().max(MAX_URL_LENGTH).regex(VISIBLE, "expected visible ASCII and spaces").optional(),
  })
  .openapi("OAuth2Client");

const secretHeadersSchema = z
  .strictObject({
    headers: z
      .record(z.string(), headerValueSchema())
      .superRefine((headers, ctx) => {
        if (Object.keys(headers).length === 0) ctx.addIssue({ code: "custom", message: "expected at least one" });
        for (const { name, detail } of headerFaults(headers, "secret"))
          ctx.addIssue({ code: "custom", message: detail, path: name === undefined ? [] : [name] });
      })
      .meta({
        description:
          `At most ${HEADER_LIMITS.count}, ${HEADER_LIMITS.bytes} bytes together. They take the place of plain ones ` +
          "of the same name, and are all that there are from then on",
        example: { authorization: "Basic dXNlcjpwYXNz" },
        minProperties: 1,
        ...headerNamesSchema("secret"),
      }),
  })
  .openapi("SecretHeaders");

const view = {
  description: "How it is connected now, without secrets",
  content: { "application/json": { schema: connectionSchema } },
};

/** What is common to routes that set a part. */
function setting<Schema extends z.ZodType>(operationId: OperationId, schema: Schema) {
  return {
    ...access(operationId),
    method: "put" as const,
    tags: ["Secrets"],
    request: {
      params: merchantParam,
      body: { required: true, content: { "application/json": { schema } } },
    },
  };
}

/** The same of those that take one away. */
function removing(operationId: OperationId) {
  return {
    ...access(operationId),
    method: "delete" as const,
    tags: ["Secrets"],
    description: "What is not there is no fault.",
    request: { params: merchantParam },
  };
}

const CERTIFICATE_PATH = "/merchants/{merchantId}/client-certificate";
const OAUTH2_PATH = "/merchants/{merchantId}/oauth2";
const HEADERS_PATH = "/merchants/{merchantId}/secret-headers";

export const setCertificateRoute = createRoute({
  ...setting("setClientCertificate", certificateSchema),
  responses: { ...problems("setClientCertificate", [404, 409], true), 200: view },
  path: CERTIFICATE_PATH,
  summary: "Set the client certificate that a merchant is called with",
  description: "For mutual TLS. The key is encrypted with KMS as this merchant's, and shown to nobody.",
});

export const removeCertificateRoute = createRoute({
  ...removing("removeClientCertificate"),
  responses: { ...problems("removeClientCertificate", [404]), 200: view },
  path: CERTIFICATE_PATH,
  summary: "Take the client certificate of a merchant away",
});

export const setOAuth2Route = createRoute({
  ...setting("setOAuth2Client", oauth2Schema),
  responses: { ...problems("setOAuth2Client", [404, 409], true), 200: view },
  path: OAUTH2_PATH,
  summary: "Have a merchant called with a token of its token server",
  description: "OAuth2 client credentials (RFC 6749, 4.4). The secret is encrypted with KMS as this merchant's.",
});

export const removeOAuth2Route = createRoute({
  ...removing("removeOAuth2Client"),
  responses: { ...problems("removeOAuth2Client", [404]), 200: view },
  path: OAUTH2_PATH,
  summary: "Have a merchant called without a token",
});

export const setSecretHeadersRoute = createRoute({
  ...setting("setSecretHeaders", secretHeadersSchema),
  responses: { ...problems("setSecretHeaders", [404, 409], true), 200: view },
  path: HEADERS_PATH,
  summary: "Set the headers of a merchant's webhooks that hold secrets",
  description: "They are encrypted with KMS as this merchant's. What they are called is shown, and nothing else.",
});

export const removeSecretHeadersRoute = createRoute({
  ...removing("removeSecretHeaders"),
  responses: { ...problems("removeSecretHeaders", [404]), 200: view },
  path: HEADERS_PATH,
  summary: "Take the secret headers of a merchant away",
});

/** For the document of an app that does not answer them. */
export function describeConnectionRoutes({ openAPIRegistry }: Pick<ApiApp, "openAPIRegistry">): void {
  const setters = [setCertificateRoute, setOAuth2Route, setSecretHeadersRoute];
  const removers = [removeCertificateRoute, removeOAuth2Route, removeSecretHeadersRoute];
  for (const route of [...setters, ...removers]) openAPIRegistry.registerPath(route);
}
