/**
 * A merchant's connection with its secrets opened, as its calls need it: the lines of all its headers, who we are to
 * its server, and what its token server wants to hear. A secret header takes the place of a plain one of its name, and
 * a token that of either.
 */
import type { HttpVersion, TlsIdentity } from "../http/tls-identity.ts";
import type { MerchantConnection } from "../merchant/connection/connection.ts";
import { headerFaults, headerLines, type Headers } from "../merchant/connection/header-rules.ts";
import type { OAuth2Client } from "../merchant/connection/sealed-connection.ts";
import type { Merchant } from "../merchant/merchant.ts";
import { CONNECTION_PURPOSES } from "../signing/imported-secret.ts";
import type { OpenSecret } from "../signing/open-secrets.ts";
import { KeyError } from "../signing/signature.ts";

/** How one call differs from a plain one. */
export interface CallConnection {
  /** `name: value` with CRLF each. */
  readonly headerLines?: string | undefined;
  readonly identity?: TlsIdentity | undefined;
  readonly httpVersion?: HttpVersion | undefined;
  /** In lower case; whoever shows the request leaves out what is in them. @default none */
  readonly secretNames?: readonly string[];
}

export interface OpenedConnection extends CallConnection {
  readonly oauth2?: OpenedOAuth2;
}

export interface OpenedOAuth2 extends Omit<OAuth2Client, "encryptedClientSecret"> {
  readonly merchantId: string;
  readonly clientSecret: string;
  /** Tells what tokens are for: merchant, credentials and what was asked for. */
  readonly name: string;
}

export const AUTHORIZATION = "authorization";

/** What KMS has to open before the merchant can be called. */
export function connectionSecrets({ clientCertificate, oauth2, secretHeaders }: MerchantConnection): Uint8Array[] {
  return [clientCertificate?.encryptedKey, oauth2?.encryptedClientSecret, secretHeaders?.encrypted].filter(
    (ciphertext) => ciphertext !== undefined,
  );
}

export function tokenName(merchantId: string, oauth2: OAuth2Client): string {
  const { tokenUrl, clientId, encryptedClientSecret, authMethod, scope = "", audience = "" } = oauth2;
  const secret = Buffer.from(encryptedClientSecret).toString("base64");
  return JSON.stringify([merchantId, tokenUrl, clientId, secret, authMethod, scope, audience]);
}

/** @throws what `open` throws, and KeyError for what was sealed and cannot be used */
export async function openConnection(
  { merchantId, connection }: Merchant,
  open: OpenSecret,
): Promise<OpenedConnection | undefined> {
  if (connection === undefined) return undefined;
  const { clientCertificate, oauth2, secretHeaders, httpVersion } = connection;
  const { clientKey, clientSecret, secretHeaders: ofHeaders } = CONNECTION_PURPOSES;
  const [privateKey, secret, headers] = await Promise.all([
    clientCertificate && open(clientCertificate.encryptedKey, merchantId, clientKey),
    oauth2 && open(oauth2.encryptedClientSecret, merchantId, clientSecret),
    secretHeaders && open(secretHeaders.encrypted, merchantId, ofHeaders),
  ]);
  const secretOnes = headers === undefined ? {} : secretHeadersIn(headers, merchantId);
  const names = [...Object.keys(secretOnes), ...(oauth2 === undefined ? [] : [AUTHORIZATION])];
  const replaced = new Set(names);
  const plainLines = linesWithout(connection.headerLines ?? "", replaced);
  const { [AUTHORIZATION]: _, ...others } = secretOnes;
  const lines = plainLines + headerLines(oauth2 === undefined ? secretOnes : others);
  return {
    ...(names.length > 0 && { secretNames: [...replaced] }),
    ...(lines !== "" && { headerLines: lines }),
    ...(httpVersion !== undefined && { httpVersion }),
    ...(clientCertificate !== undefined &&
      privateKey !== undefined && {
        identity: { name: clientCertificate.fingerprint, certificate: clientCertificate.certificate, privateKey },
      }),
    ...(oauth2 !== undefined && secret !== undefined && { oauth2: opened(merchantId, oauth2, secret) }),
  };
}

function opened(merchantId: string, oauth2: OAuth2Client, clientSecret: string): OpenedOAuth2 {
  const { encryptedClientSecret: _, ...others } = oauth2;
  return { ...others, merchantId, clientSecret, name: tokenName(merchantId, oauth2) };
}

/** As `merchant-secrets` sealed them; anything else is not written to anybody. */
function secretHeadersIn(json: string, merchantId: string): Headers {
  const headers = headersIn(json);
  if (headers !== undefined && headerFaults(headers, "secret").length === 0) return headers;
  throw new KeyError(`The secret headers of merchant ${merchantId} are none; set them again by the API.`, {
    merchantId,
  });
}

function headersIn(json: string): Headers | undefined {
  try {
    const parsed: unknown = JSON.parse(json);
    const isMap = typeof parsed === "object" && parsed !== null && !Array.isArray(parsed);
    if (!isMap || !Object.values(parsed).every((value) => typeof value === "string")) return undefined;
    return parsed as Headers;
  } catch {
    return undefined;
  }
}

function linesWithout(lines: string, names: ReadonlySet<string>): string {
  if (names.size === 0 || lines === "") return lines;
  const kept = lines.split("\r\n").filter((line) => !names.has(line.slice(0, line.indexOf(":"))));
  return kept.join("\r\n");
}
