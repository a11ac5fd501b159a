/**
 * What of a merchant's connection KMS has to open, as it lies in the row: each secret encrypted by itself and bound to
 * its purpose and its merchant, and beside it what anybody may see of it. A part that is only half there is a fault.
 */
import { type AttributeMap, numberOf, stringOf } from "../../transaction/attribute-value.ts";
import { ciphertextOf } from "../../signing/imported-secret.ts";

export interface ClientCertificate {
  /** PEM: the merchant's side's own, then those that vouch for it. */
  readonly certificate: string;
  /** PKCS #8 in PEM, as KMS encrypted it. */
  readonly encryptedKey: Uint8Array;
  /** SHA-256 of the certificate, as `X509Certificate` writes it. */
  readonly fingerprint: string;
  readonly subject: string;
  /** Epoch milliseconds. */
  readonly notAfter: number;
}

export const AUTH_METHODS = ["client_secret_basic", "client_secret_post"] as const;
export type AuthMethod = (typeof AUTH_METHODS)[number];

export interface OAuth2Client {
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly encryptedClientSecret: Uint8Array;
  readonly authMethod: AuthMethod;
  readonly scope?: string;
  readonly audience?: string;
}

export interface SecretHeaders {
  /** In lower case, sorted. */
  readonly names: readonly string[];
  /** JSON of names and values, as KMS encrypted it. */
  readonly encrypted: Uint8Array;
}

export interface SealedConnection {
  readonly clientCertificate?: ClientCertificate;
  readonly oauth2?: OAuth2Client;
  readonly secretHeaders?: SecretHeaders;
}

/** What no merchant needs any more once it is deleted. */
export const SEALED_ATTRIBUTES = ["clientCertificate", "oauth2", "secretHeaders"] as const;

/** @param faults gets what is wrong, without values */
export function readSealed(row: AttributeMap, faults: string[]): SealedConnection {
  const clientCertificate = row["clientCertificate"] && readCertificate(row["clientCertificate"].M ?? {}, faults);
  const oauth2 = row["oauth2"] && readOAuth2(row["oauth2"].M ?? {}, faults);
  const secretHeaders = row["secretHeaders"] && readSecretHeaders(row["secretHeaders"].M ?? {}, faults);
  return {
    ...(clientCertificate !== undefined && { clientCertificate }),
    ...(oauth2 !== undefined && { oauth2 }),
    ...(secretHeaders !== undefined && { secretHeaders }),
  };
}

function readCertificate(map: AttributeMap, faults: string[]): ClientCertificate | undefined {
  const certificate = stringOf(map["certificate"]);
  const encryptedKey = ciphertextOf(map["encryptedKey"]);
  const fingerprint = stringOf(map["fingerprint"]);
  const subject = stringOf(map["subject"]);
  const notAfter = numberOf(map["notAfter"]);
  if (certificate && encryptedKey && fingerprint && subject !== undefined && notAfter !== undefined)
    return { certificate, encryptedKey, fingerprint, subject, notAfter };
  faults.push(
    "clientCertificate: expected a map (M) of certificate (S), encryptedKey (B), fingerprint (S), subject (S) and " +
      "notAfter (N); set it by the API",
  );
  return undefined;
}

function readOAuth2(map: AttributeMap, faults: string[]): OAuth2Client | undefined {
  const tokenUrl = stringOf(map["tokenUrl"]);
  const clientId = stringOf(map["clientId"]);
  const encryptedClientSecret = ciphertextOf(map["encryptedClientSecret"]);
  const given = stringOf(map["authMethod"]);
  const authMethod = AUTH_METHODS.find((known) => known === given);
  const scope = stringOf(map["scope"]);
  const audience = stringOf(map["audience"]);
  if (tokenUrl && clientId && encryptedClientSecret && authMethod)
    return {
      tokenUrl,
      clientId,
      encryptedClientSecret,
      authMethod,
      ...(scope !== undefined && { scope }),
      ...(audience !== undefined && { audience }),
    };
  faults.push(
    "oauth2: expected a map (M) of tokenUrl (S), clientId (S), encryptedClientSecret (B) and authMethod (S); set it " +
      "by the API",
  );
  return undefined;
}

function readSecretHeaders(map: AttributeMap, faults: string[]): SecretHeaders | undefined {
  const names = map["names"]?.SS ?? map["names"]?.L?.map(stringOf);
  const encrypted = ciphertextOf(map["encrypted"]);
  if (names !== undefined && names.length > 0 && names.every((name) => name !== undefined) && encrypted !== undefined)
    return { names: names.toSorted(), encrypted };
  faults.push("secretHeaders: expected a map (M) of names (SS) and encrypted (B); set it by the API");
  return undefined;
}
