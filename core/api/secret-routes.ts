/**
 * Routes of merchants' secrets and keys. `merchant-secrets` alone answers them, since it alone holds keys; they are in
 * the one document of the API all the same.
 */
import { createRoute, z } from "@hono/zod-openapi";
import type { ApiApp } from "./api-app.ts";
import { merchantParam } from "./merchant-param.ts";
import { access, problems } from "./operation.ts";

const MAX_OVERLAP_HOURS = 168;
export const DEFAULT_OVERLAP_HOURS = 24;
/** `whsec_` and base64 of at most 64 bytes, and some more: what is wrong with it is said in other words. */
const MAX_SECRET_LENGTH = 200;

const overlapHours = z
  .number()
  .min(0)
  .max(MAX_OVERLAP_HOURS)
  .optional()
  .meta({ description: `For how long the key before signs too; ${DEFAULT_OVERLAP_HOURS} without it`, example: 24 });
const force = z
  .boolean()
  .optional()
  .meta({ description: "Change it although that ends a key at once that signs too from a change before" });

const secretText = z
  .string()
  .meta({ description: "`whsec_` and base64, as the libraries of Standard Webhooks take it" });

const secretSchema = z
  .strictObject({
    merchantId: z.string(),
    secret: secretText,
    previous: z
      .strictObject({ secret: secretText, until: z.iso.datetime() })
      .optional()
      .meta({ description: "The one before, where it signs too for some time" }),
  })
  .openapi("MerchantSecret");

const importSchema = z
  .strictObject({
    secret: z
      .string()
      .min(1)
      .max(MAX_SECRET_LENGTH)
      .meta({ description: "`whsec_` and base64 of 24 to 64 bytes; never shown in an answer that refuses it" }),
    overlapHours,
    force,
  })
  .openapi("SecretToImport");

const rotationSchema = z.strictObject({ overlapHours, force }).openapi("Rotation");

export const keysSchema = z
  .strictObject({
    merchantId: z.string(),
    secret: z.enum(["derived", "imported"]),
    secretKeyVersion: z.string(),
    previousKeyUntil: z.iso.datetime().optional().meta({ description: "Until then the key before signs too" }),
    keys: z
      .array(
        z.strictObject({
          kty: z.literal("OKP"),
          crv: z.literal("Ed25519"),
          x: z.string(),
          kid: z.string(),
          use: z.literal("sig"),
          alg: z.literal("EdDSA"),
        }),
      )
      .meta({ description: "Public keys (JSON Web Keys) of the scheme `v1a`, newest first" }),
  })
  .openapi("MerchantKeys");
export type MerchantKeysView = z.infer<typeof keysSchema>;

const keys = { "application/json": { schema: keysSchema } };

export const revealRoute = createRoute({
  ...access("revealMerchantSecret"),
  method: "post",
  path: "/merchants/{merchantId}/secret",
  tags: ["Secrets"],
  summary: "Reveal the secret of a merchant",
  description: "The audit log says so before it is shown. That of its mirror with `of=mirror`.",
  request: { params: merchantParam, query: z.strictObject({ of: z.enum(["merchant", "mirror"]).default("merchant") }) },
  responses: {
    ...problems("revealMerchantSecret", [404, 409]),
    200: {
      description: "What the merchant verifies the scheme `v1` with",
      content: { "application/json": { schema: secretSchema } },
    },
  },
});

export const importRoute = createRoute({
  ...access("importMerchantSecret"),
  method: "put",
  path: "/merchants/{merchantId}/secret",
  tags: ["Secrets"],
  summary: "Import a secret that a merchant brought along",
  description: "It takes the place of its secret; its public key stays. The same secret again changes nothing.",
  request: {
    params: merchantParam,
    body: { required: true, content: { "application/json": { schema: importSchema } } },
  },
  responses: {
    ...problems("importMerchantSecret", [404, 409], true),
    200: { description: "Its keys as they are now, without the secret", content: keys },
  },
});

export const rotateRoute = createRoute({
  ...access("rotateMerchantKeys"),
  method: "post",
  path: "/merchants/{merchantId}/rotate",
  tags: ["Secrets"],
  summary: "Give a merchant new keys",
  description: "The keys before sign too for the time of the overlap, so that no webhook is lost meanwhile.",
  request: {
    params: merchantParam,
    body: { required: true, content: { "application/json": { schema: rotationSchema } } },
  },
  responses: {
    ...problems("rotateMerchantKeys", [404, 409], true),
    200: { description: "Its keys as they are now, without the secret", content: keys },
  },
});

export const keysRoute = createRoute({
  ...access("getMerchantKeys"),
  method: "get",
  path: "/merchants/{merchantId}/keys",
  tags: ["Merchants"],
  summary: "See the public keys of a merchant",
  description: "What anyone may have at `/merchants/{merchantId}/jwks.json` too, with how long the key before signs.",
  request: { params: merchantParam },
  responses: {
    ...problems("getMerchantKeys", [404, 409]),
    200: { description: "Its public keys", content: keys },
  },
});

/** For the document of an app that does not answer them. */
export function describeSecretRoutes({ openAPIRegistry }: Pick<ApiApp, "openAPIRegistry">): void {
  for (const route of [revealRoute, importRoute, rotateRoute, keysRoute]) openAPIRegistry.registerPath(route);
}
