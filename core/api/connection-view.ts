/** What anybody may see of a merchant's connection who may see the merchant: no secret, and nothing to make one of. */
import { z } from "@hono/zod-openapi";
import { AUTH_METHODS, readSealed } from "../merchant/connection/sealed-connection.ts";
import type { AttributeMap } from "../transaction/attribute-value.ts";

/** As it lies in the row: without the rules for what is taken. */
export const connectionMembers = {
  clientCertificate: z
    .strictObject({
      subject: z.string(),
      fingerprint: z.string().meta({ description: "SHA-256 of the certificate, in pairs of hexadecimal digits" }),
      notAfter: z.iso.datetime().meta({ description: "Calls fail from then on" }),
    })
    .optional()
    .meta({ description: "What the pipeline shows to a server that asks for a client certificate" }),
  oauth2: z
    .strictObject({
      tokenUrl: z.string(),
      clientId: z.string(),
      authMethod: z.enum(AUTH_METHODS),
      scope: z.string().optional(),
      audience: z.string().optional(),
    })
    .optional()
    .meta({ description: "Where the pipeline has the token from that goes with each call, and as whom" }),
  secretHeaders: z
    .array(z.string())
    .optional()
    .meta({ description: "Names of headers whose values nobody is shown, in lower case" }),
};

const connectionSchema = z.strictObject(connectionMembers);
export type ConnectionView = z.infer<typeof connectionSchema>;

export function connectionView(row: AttributeMap): ConnectionView {
  const { clientCertificate, oauth2, secretHeaders } = readSealed(row, []);
  return {
    ...(clientCertificate !== undefined && {
      clientCertificate: {
        subject: clientCertificate.subject,
        fingerprint: clientCertificate.fingerprint,
        notAfter: instantOf(clientCertificate.notAfter),
      },
    }),
    ...(oauth2 !== undefined && { oauth2: withoutSecret(oauth2) }),
    ...(secretHeaders !== undefined && { secretHeaders: [...secretHeaders.names] }),
  };
}

type OAuth2 = NonNullable<ReturnType<typeof readSealed>["oauth2"]>;

function withoutSecret({ tokenUrl, clientId, authMethod, scope, audience }: OAuth2): ConnectionView["oauth2"] {
  return {
    tokenUrl,
    clientId,
    authMethod,
    ...(scope !== undefined && { scope }),
    ...(audience !== undefined && { audience }),
  };
}

/** A row may hold a time that no calendar has. */
function instantOf(epochMs: number): string {
  const time = new Date(epochMs);
  return (Number.isNaN(time.getTime()) ? new Date(0) : time).toISOString();
}
